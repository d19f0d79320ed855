//! A usage file as the platform shows it.

use bytes::Bytes;
use connect_model::{
    AccountId, ConnectionType, Reference, UsageFileId, UsageFileStatus, UsagePeriod, UsageSchema,
    UsageStats,
};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::actor::{Actor, Token};
use crate::denial::Denial;
use crate::product::record::TrialProvider;
use crate::product::view::ProductRef;
use crate::read::json;
use crate::state::State;
use crate::usage_file::download::{Part, link};
use crate::usage_file::record::{Moment, UsageFileRecord};
use crate::view::channel::{MarketplaceRef, contract_ref};
use crate::view::{AtView, NameView};

#[derive(Serialize)]
pub(crate) struct UsageFileView<'w> {
    id: &'w UsageFileId,
    name: Option<&'w str>,
    external_id: &'w str,
    status: &'w UsageFileStatus,
    vendor: Reference<AccountId>,
    provider: ProviderView<'w>,
    product: ProductRef<'w>,
    contract: NameView<'w>,
    marketplace: MarketplaceRef<'w>,
    environment: ConnectionType,
    schema: &'w UsageSchema,
    currency: Option<&'w str>,
    period: &'w UsagePeriod,
    description: &'w str,
    note: &'w str,
    acceptance_note: Option<&'w str>,
    rejection_note: Option<&'w str>,
    error_detail: Option<String>,
    stats: UsageStats,
    events: MomentsView<'w>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// The parts of a file that its lists do not have.
#[derive(Serialize)]
struct Details {
    records: RecordsView,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_file_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    processed_file_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconciliation_file_uri: Option<String>,
}

/// The number of a file's records, by what can be done with them.
#[derive(Serialize)]
struct RecordsView {
    valid: usize,
    invalid: usize,
    closed: usize,
}

/// Who is reported to. On preview the vendor stands in for the distributor.
#[derive(Serialize)]
#[serde(untagged)]
enum ProviderView<'w> {
    Distributor(Reference<AccountId>),
    Preview(Option<TrialProvider<'w>>),
}

impl<'w> UsageFileView<'w> {
    /// Returns a file as somebody sees it: its note is the vendor's own.
    ///
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(
        state: &'w State,
        token: &Token,
        file: &'w UsageFileRecord,
    ) -> Result<Self, Denial> {
        let parties = &state.shared.parties;
        let product = state.shared.product(file.product.as_str()).ok_or_else(Denial::not_found)?;
        let texts = &file.texts;
        Ok(Self {
            id: &file.id,
            name: texts.name.as_deref(),
            external_id: &texts.external_id,
            status: &file.status,
            vendor: parties.account_ref(&file.vendor),
            provider: match &file.provider {
                Some(provider) => ProviderView::Distributor(parties.account_ref(provider)),
                None => ProviderView::Preview(product.provider_of_trials()),
            },
            product: ProductRef::new(product, false),
            contract: contract_ref(state, &file.contract),
            marketplace: MarketplaceRef::new(state, &file.marketplace),
            environment: match file.is_preview() {
                true => ConnectionType::Preview,
                false => ConnectionType::Production,
            },
            schema: &file.schema,
            currency: texts.currency.as_deref(),
            period: &texts.period,
            description: &texts.description,
            note: if token.account == file.vendor { &texts.note } else { "" },
            acceptance_note: file.acceptance_note.as_deref(),
            rejection_note: file.rejection_note.as_deref(),
            error_detail: error_detail(file),
            stats: file.tally.stats(file.status == UsageFileStatus::Pending),
            events: MomentsView { state, moments: &file.moments },
            details: None,
        })
    }

    /// Returns the view of a file that is read by its id.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub(crate) fn alone(
        state: &'w State,
        token: &Token,
        file: &'w UsageFileRecord,
    ) -> Result<Self, Denial> {
        let tally = &file.tally;
        let details = Details {
            records: RecordsView {
                valid: tally.all() - tally.invalid - tally.closed,
                invalid: tally.invalid,
                closed: tally.closed,
            },
            usage_file_uri: link(state, file, Part::Uploaded),
            processed_file_uri: link(state, file, Part::Processed),
            reconciliation_file_uri: link(state, file, Part::Bills).filter(|_| tally.closed > 0),
        };
        Ok(Self { details: Some(details), ..Self::new(state, token, file)? })
    }
}

/// Returns a file as the body of an answer to somebody.
pub(crate) fn show(state: &State, who: &Actor, id: &UsageFileId) -> Result<Bytes, Denial> {
    let file = state.usage_files.get(id.as_str()).ok_or_else(Denial::not_found)?;
    json(&UsageFileView::alone(state, who.token()?, file)?)
}

/// Says why a file is invalid: the first error stands for all.
fn error_detail(file: &UsageFileRecord) -> Option<String> {
    const LONGEST: usize = 200;
    let first = file.errors.first()?;
    let (invalid, all) = (file.tally.invalid, file.tally.all());
    let place = first.record + 1;
    let text = format!(
        "{invalid} of {all} records are wrong. Record {place}, {}: {}",
        first.column, first.message
    );
    Some(text.chars().take(LONGEST).collect())
}

/// What happened to a file, by the words for it.
struct MomentsView<'w> {
    state: &'w State,
    moments: &'w [Moment],
}

impl Serialize for MomentsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = serializer.serialize_map(None)?;
        for moment in self.moments {
            let at = AtView::new(moment.at, moment.by.as_ref(), &self.state.shared.parties);
            events.serialize_entry(&moment.word, &at)?;
        }
        events.end()
    }
}
