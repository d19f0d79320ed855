//! `/tier/accounts` and the versions of one.

use std::sync::Arc;

use connect_model::{TierAccount, TierAccountId};
use serde::Serialize;

use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::table::Place;
use crate::tier_account::filters::{TIER_ACCOUNTS, TierAccountRow};
use crate::tier_account::record::TierAccountRecord;

/// Customers and resellers that the caller owns, or sold to.
pub(crate) struct TierAccounts;

/// The versions that an account had.
pub(crate) struct Versions;

fn row(
    look: Look<'_>,
    record: &Arc<TierAccountRecord>,
    version: &Arc<TierAccount>,
) -> TierAccountRow {
    let (record, version) = (Arc::clone(record), Arc::clone(version));
    TierAccountRow { record, version, shared: Arc::clone(&look.state.shared) }
}

impl Listed for TierAccounts {
    type Parent = ();
    type Row = TierAccountRow;

    fn schema() -> &'static Schema<TierAccountRow> {
        &TIER_ACCOUNTS
    }

    fn rows<'w>(
        look: Look<'w>,
        (): &(),
        query: &ListQuery<TierAccountRow>,
    ) -> Result<Rows<'w, TierAccountRow>, Denial> {
        let accounts = &look.state.shared.tier_accounts;
        let candidates = match query.compiled.exact("id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| accounts.place(id))),
            None => Candidates::Below(accounts.len() as Place),
        };
        let newest = move |place| {
            let record = accounts.at(place)?;
            let seen = look.state.shared.may_see_account(look.token, record);
            record.latest().filter(|_| seen).map(|version| row(look, record, version))
        };
        Ok(Rows::Placed(candidates, Box::new(newest)))
    }

    fn find(look: Look<'_>, (): &(), id: &str) -> Result<TierAccountRow, Denial> {
        let record = look.state.shared.visible_account(look.token, &id.into())?;
        let version = record.latest().ok_or_else(Denial::not_found)?;
        Ok(row(look, record, version))
    }

    fn show<'r>(
        _: Look<'r>,
        row: &'r TierAccountRow,
        _: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        Ok(row.record.show(&row.version).whole())
    }
}

impl Listed for Versions {
    type Parent = TierAccountId;
    type Row = TierAccountRow;

    fn schema() -> &'static Schema<TierAccountRow> {
        &TIER_ACCOUNTS
    }

    fn rows<'w>(
        look: Look<'w>,
        account: &TierAccountId,
        _: &ListQuery<TierAccountRow>,
    ) -> Result<Rows<'w, TierAccountRow>, Denial> {
        let record = look.state.shared.visible_account(look.token, account)?;
        let candidates = Candidates::Below(record.versions.len() as Place);
        let numbered = move |place: Place| {
            record.versions.get(place as usize).map(|version| row(look, record, version))
        };
        Ok(Rows::Placed(candidates, Box::new(numbered)))
    }

    fn find(look: Look<'_>, account: &TierAccountId, id: &str) -> Result<TierAccountRow, Denial> {
        let record = look.state.shared.visible_account(look.token, account)?;
        let version = id.parse().ok().and_then(|number| record.version(number));
        version.map(|version| row(look, record, version)).ok_or_else(Denial::not_found)
    }

    fn show<'r>(
        look: Look<'r>,
        row: &'r TierAccountRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        TierAccounts::show(look, row, form)
    }
}
