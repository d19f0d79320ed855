//! Lists: rows that cannot be shown are named beside those that can.

use connect_client::{Error as ClientError, List};
use connect_model::{
    Asset, AssetRequest, BillingRequest, Message, Product, ProductItem, ProductParameter, Request,
    Template, TierAccount, TierAccountRequest, TierConfig, TierConfigRequest, UsageFile,
    UsageRecord, Webhook,
};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crate::exit::Error;
use crate::printer::Printer;

/// A row of a list.
pub(super) trait ListRow: DeserializeOwned + Send + 'static {
    /// The order from newest to oldest: the name that OpenAPI 37.0 documents for most lists.
    const NEWEST_FIRST: &str = "-events.created.at";

    /// Returns why a row says too little to be shown.
    fn complaint(&self) -> Option<Error> {
        None
    }
}

impl ListRow for Asset {}
impl ListRow for BillingRequest {}
impl ListRow for Message {}
impl ListRow for Product {}
impl ListRow for ProductItem {}
impl ListRow for ProductParameter {}
impl ListRow for Template {}
impl ListRow for TierAccount {}
impl ListRow for UsageFile {}
impl ListRow for UsageRecord {}
impl ListRow for Webhook {}

impl ListRow for AssetRequest {
    fn complaint(&self) -> Option<Error> {
        unsaid(self)
    }
}

impl ListRow for TierAccountRequest {
    fn complaint(&self) -> Option<Error> {
        unsaid(self)
    }
}

impl ListRow for TierConfig {
    const NEWEST_FIRST: &str = "-created";
}

impl ListRow for TierConfigRequest {
    const NEWEST_FIRST: &str = "-created";

    fn complaint(&self) -> Option<Error> {
        unsaid(self)
    }
}

/// A request that does not say what it asks for would be taken for another.
fn unsaid<R: Request>(request: &R) -> Option<Error> {
    let unsaid = request.unsaid()?;
    let (collection, id) = (R::COLLECTION, request.id().to_owned());
    Some(Error::Unsaid { collection, id, field: unsaid.field })
}

/// The rows of a list that could be read, and how many could not.
pub(super) struct Listing<T> {
    pub(super) rows: Vec<T>,
    missing: usize,
}

impl<T: ListRow> Listing<T> {
    /// All rows of a list, at most so many; names those that cannot be shown.
    ///
    /// # Errors
    ///
    /// When the list itself cannot be had.
    pub(super) async fn take(
        list: List<T>,
        limit: usize,
        printer: &Printer,
    ) -> Result<Self, Error> {
        let mut taken = list.stream().take(limit);
        let mut listing = Self { rows: Vec::new(), missing: 0 };
        while let Some(row) = taken.next().await {
            listing.add(row, printer)?;
        }
        Ok(listing)
    }

    fn add(&mut self, row: Result<T, ClientError>, printer: &Printer) -> Result<(), Error> {
        let complaint = match row {
            Ok(row) => match row.complaint() {
                None => {
                    self.rows.push(row);
                    return Ok(());
                }
                Some(complaint) => complaint,
            },
            Err(error) if error.is_about_one_row() => error.into(),
            Err(error) => return Err(error.into()),
        };
        printer.skip(&complaint);
        self.missing += 1;
        Ok(())
    }

    /// The rows, and whether they are all.
    pub(super) fn parts(self) -> (Vec<T>, Result<(), Error>) {
        let missing = self.missing;
        let all = if missing == 0 { Ok(()) } else { Err(Error::NotAllShown { missing }) };
        (self.rows, all)
    }
}

/// The newest rows of a list at the platform, at most so many; says beside them that there are more,
/// or none.
pub(super) async fn newest<T: ListRow>(
    list: List<T>,
    limit: usize,
    what: &str,
    printer: &Printer,
) -> Result<(Vec<T>, Result<(), Error>), Error> {
    as_they_come(list.order_by(T::NEWEST_FIRST), limit, what, printer).await
}

/// A list that was asked for one row beyond its limit: takes that row off, and says beside the list
/// that there is more, or nothing.
pub(super) fn cut<T>(
    rows: &mut Vec<T>,
    limit: usize,
    (asked, missing): (usize, usize),
    what: &str,
    printer: &Printer,
) {
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    if has_more {
        printer.say(format_args!("the newest {asked} {what}; more with --limit"));
    } else if rows.is_empty() && missing == 0 {
        printer.say(format_args!("no {what}"));
    }
}

/// Returns rows in the platform's own order, newest first: it documents no other by age.
pub(super) async fn as_they_come<T: ListRow>(
    list: List<T>,
    limit: usize,
    what: &str,
    printer: &Printer,
) -> Result<(Vec<T>, Result<(), Error>), Error> {
    let listing = Listing::take(list, limit.saturating_add(1), printer).await?;
    let missing = listing.missing;
    let (mut rows, all) = listing.parts();
    cut(&mut rows, limit.saturating_sub(missing), (limit, missing), what, printer);
    Ok((rows, all))
}
