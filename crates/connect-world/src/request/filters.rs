//! The filters of `/requests`.

use std::sync::{Arc, LazyLock};

use connect_model::lifecycle::asset_request::STATUSES;
use connect_model::{AssetRequestType, AssetStatus, ConnectionType, ServiceLevel};
use rust_decimal::Decimal;

use crate::asset::filters::{AssetRow, tier_id};
use crate::party::record::{NO_CONNECTION, NO_CONTRACT, NO_HUB, NO_MARKETPLACE};
use crate::query::cell::Cell;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::request::record::RequestRecord;
use crate::row::param_schema;

type Filter = Field<RequestRow>;

/// A request with all it mentions.
#[derive(Clone)]
pub(crate) struct RequestRow {
    pub(crate) request: Arc<RequestRecord>,
    pub(crate) about: AssetRow,
    pub(crate) sli: Option<ServiceLevel>,
}

impl RequestRow {
    fn level(&self, number: impl Fn(&ServiceLevel) -> Option<u32>) -> Cell<'_> {
        self.sli.as_ref().and_then(number).map(Decimal::from).into()
    }

    fn assignee(&self) -> Option<&str> {
        self.request.assignee.as_ref().map(|id| id.as_str())
    }

    fn assignee_email(&self) -> Option<&str> {
        let id = self.request.assignee.as_ref()?;
        let mut people = self.about.shared.parties.people.iter();
        people.find(|person| person.id == *id).map(|person| person.email.as_str())
    }

    /// Returns the customer's name as the request shows it: in the version of its own moment.
    fn customer_name(&self) -> Option<&str> {
        let tier = self.request.tiers.customer.as_ref()?;
        let account = self.about.shared.tier_account(tier)?.version(tier.version)?;
        Some(account.name.as_str())
    }
}

/// The filters of `/requests`.
pub(crate) static REQUESTS: LazyLock<Schema<RequestRow>> = LazyLock::new(|| {
    let mut fields = own();
    fields.extend(of_asset());
    Schema::new(fields)
        .list("asset.params", param_schema(), |row| Box::new(row.request.params.iter()))
});

fn own() -> Vec<Filter> {
    use Lookup::{Eq, Ilike, In, Like, Ne, Out};
    const WORDS: &[Lookup] = &[Eq, Ne, In, Out, Like, Ilike];
    vec![
        Filter::text("id", |row| row.request.id.as_str().into()).nullable(),
        Filter::choice("type", AssetRequestType::KNOWN, |row| row.request.kind.as_str().into())
            .lookups(WORDS),
        Filter::choice("status", STATUSES, |row| row.request.status.as_str().into())
            .lookups(WORDS)
            .orderable(),
        Filter::time("created", |row| row.request.created.into())
            .aliases(&["events.created.at"])
            .orderable(),
        Filter::time("updated", |row| row.request.updated.into())
            .aliases(&["events.updated.at"])
            .orderable(),
        Filter::text("assignee", |row| row.assignee().into())
            .aliases(&["assignee.id"])
            .lookups(&[Eq, In])
            .nullable(),
        Filter::text("assignee.email", |row| row.assignee_email().into()),
        Filter::text("template.id", |row| {
            row.request.template.as_ref().map(|id| id.as_str()).into()
        })
        .nullable(),
        Filter::number("sli.days", |row| row.level(|sli| sli.days)).orderable(),
        Filter::number("sli.zone", |row| row.level(|sli| sli.zone)).nullable().orderable(),
    ]
}

fn of_asset() -> Vec<Filter> {
    use Lookup::{Eq, In};
    vec![
        Filter::text("marketplace.id", |row| row.about.asset.marketplace.as_str().into())
            .aliases(&["asset.marketplace.id"])
            .null_id(NO_MARKETPLACE)
            .nullable(),
        Filter::text("marketplace.name", |row| row.about.marketplace_name().into())
            .aliases(&["asset.marketplace.name"])
            .orderable(),
        Filter::text("contract.id", |row| row.about.asset.contract.as_str().into())
            .aliases(&["asset.contract.id"])
            .null_id(NO_CONTRACT)
            .nullable(),
        Filter::text("asset.id", |row| row.about.asset.id.as_str().into()).aliases(&["asset_id"]),
        Filter::choice("asset.status", AssetStatus::KNOWN, |row| {
            row.about.asset.status.as_str().into()
        }),
        Filter::text("asset.external_id", |row| row.about.asset.external_id.as_deref().into())
            .aliases(&["asset.external.id"])
            .nullable(),
        Filter::text("asset.external_uid", |row| row.about.asset.external_uid.as_deref().into())
            .nullable(),
        Filter::text("asset.product.id", |row| row.about.asset.product.as_str().into())
            .aliases(&["product_id"]),
        Filter::text("asset.product.name", |row| row.about.product_name().into()).orderable(),
        Filter::text("asset.connection.id", |row| row.about.asset.connection.as_str().into())
            .null_id(NO_CONNECTION)
            .nullable(),
        Filter::choice("asset.connection.type", ConnectionType::KNOWN, |row| {
            row.about.environment().into()
        })
        .aliases(&["asset.connection.environment"])
        .lookups(&[Eq, In]),
        Filter::text("asset.connection.hub.id", |row| row.about.hub_id().into())
            .null_id(NO_HUB)
            .nullable(),
        Filter::text("asset.connection.hub.name", |row| row.about.hub_name().into()).orderable(),
        Filter::text("asset.connection.provider.id", |row| row.about.provider_id().into()),
        Filter::text("asset.connection.provider.name", |row| row.about.provider_name().into()),
        Filter::text("asset.connection.vendor.id", |row| row.about.vendor_id().into()),
        Filter::text("asset.connection.vendor.name", |row| row.about.vendor_name().into()),
        Filter::text("asset.tiers.customer.id", |row| tier_id(&row.request.tiers.customer).into())
            .aliases(&["asset.account_id"])
            .orderable(),
        Filter::text("asset.tiers.customer.name", |row| row.customer_name().into()).orderable(),
        Filter::text("asset.tiers.tier1.id", |row| tier_id(&row.request.tiers.tier1).into())
            .aliases(&["asset.tier1_id"]),
        Filter::text("asset.tiers.tier2.id", |row| tier_id(&row.request.tiers.tier2).into())
            .aliases(&["asset.tier2_id", "asset.tiers.tier2"]),
    ]
}
