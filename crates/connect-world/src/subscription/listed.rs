//! `/subscriptions/assets`: the assets of `/assets`, with other filters and in another form.

use std::sync::LazyLock;

use connect_model::BillingPeriod;
use serde::Serialize;

use crate::asset::billing::BillingDates;
use crate::asset::filters::{AssetRow, fields};
use crate::asset::listed::Assets;
use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::ListQuery;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::row::param_schema;
use crate::subscription::view::SubscriptionView;

/// Subscriptions that the caller takes part in.
pub(crate) struct Subscriptions;

impl Listed for Subscriptions {
    type Parent = ();
    type Row = AssetRow;

    const SELECTS: Selectable = Selectable {
        additions: &["template", "pending_request", "pending_request.template"],
        removals: &["items", "params"],
        aliases: &[],
    };

    const KEYS: &'static [&'static str] = Assets::KEYS;

    fn schema() -> &'static Schema<AssetRow> {
        &SUBSCRIPTIONS
    }

    fn rows<'w>(
        look: Look<'w>,
        parent: &(),
        query: &ListQuery<AssetRow>,
    ) -> Result<Rows<'w, AssetRow>, Denial> {
        Assets::rows(look, parent, query)
    }

    fn find(look: Look<'_>, parent: &(), id: &str) -> Result<AssetRow, Denial> {
        Assets::find(look, parent, id)
    }

    fn show<'r>(
        Look { state, who, .. }: Look<'r>,
        row: &'r AssetRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let product = row.product().ok_or_else(Denial::not_found)?;
        Ok(SubscriptionView::new(state, who, &row.asset, product, form))
    }
}

fn billing(row: &AssetRow) -> Option<&BillingDates> {
    row.asset.billing.as_ref()
}

/// The filters of `/subscriptions/assets`: those of `/assets`, which may all be asked for `null()`
/// here.
static SUBSCRIPTIONS: LazyLock<Schema<AssetRow>> = LazyLock::new(|| {
    let own = [
        Field::time("events.created.at", |row: &AssetRow| row.asset.created.into()).orderable(),
        Field::time("events.updated.at", |row: &AssetRow| row.asset.updated.into()),
        Field::time("billing.next_date", |row| billing(row).and_then(|it| it.next).into())
            .orderable(),
        Field::choice("billing.period.uom", BillingPeriod::RECURRING, |row| {
            billing(row).and_then(|it| it.period.as_ref()).map(BillingPeriod::as_str).into()
        }),
    ];
    let all = own.into_iter().chain(fields()).map(Field::nullable);
    Schema::new(all.collect::<Vec<_>>())
        .list("params", param_schema(), |row| Box::new(row.asset.params.iter()))
});
