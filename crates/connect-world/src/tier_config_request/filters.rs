//! The filters of `/tier/config-requests`.

use std::sync::{Arc, LazyLock};

use connect_model::lifecycle::tier_config_request::STATUSES;
use connect_model::{ConnectionType, ServiceLevel, TierConfigRequestType};
use rust_decimal::Decimal;

use crate::party::record::{NO_CONTRACT, NO_HUB, NO_MARKETPLACE};
use crate::query::cell::Cell;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::row::param_schema;
use crate::tier_config::filters::TierConfigRow;
use crate::tier_config_request::record::TierConfigRequestRecord;

type Filter = Field<TierConfigRequestRow>;

/// A request with its configuration.
pub(crate) struct TierConfigRequestRow {
    pub(crate) request: Arc<TierConfigRequestRecord>,
    pub(crate) about: TierConfigRow,
    pub(crate) sli: Option<ServiceLevel>,
}

impl TierConfigRequestRow {
    fn level(&self, number: impl Fn(&ServiceLevel) -> Option<u32>) -> Cell<'_> {
        self.sli.as_ref().and_then(number).map(Decimal::from).into()
    }

    fn assignee(&self) -> Option<&str> {
        self.request.assignee.as_ref().map(|id| id.as_str())
    }

    fn assignee_name(&self) -> Option<&str> {
        self.request.assignee.as_ref().map(|id| self.about.shared.parties.name_of(id))
    }
}

/// The filters of `/tier/config-requests`.
pub(crate) static TIER_CONFIG_REQUESTS: LazyLock<Schema<TierConfigRequestRow>> =
    LazyLock::new(|| {
        let mut fields = own();
        fields.extend(of_configuration());
        Schema::new(fields)
            .list("params", param_schema(), |row| Box::new(row.request.params.iter()))
    });

fn own() -> Vec<Filter> {
    use Lookup::{Eq, Ilike, In};
    vec![
        Filter::text("id", |row| row.request.id.as_str().into()).nullable().orderable(),
        Filter::choice("type", TierConfigRequestType::KNOWN, |row| {
            row.request.kind.as_str().into()
        })
        .lookups(&[Eq, In])
        .orderable(),
        Filter::choice("status", STATUSES, |row| row.request.status.as_str().into())
            .lookups(&[Eq, In])
            .orderable(),
        Filter::time("created", |row| row.request.created.into())
            .aliases(&["events.created.at"])
            .nullable()
            .orderable(),
        Filter::time("updated", |row| row.request.updated.into())
            .aliases(&["events.updated.at"])
            .nullable()
            .orderable(),
        Filter::text("assignee.id", |row| row.assignee().into())
            .lookups(&[Eq, Ilike, In])
            .nullable()
            .orderable(),
        Filter::text("assignee.name", |row| row.assignee_name().into())
            .lookups(&[Eq, Ilike, In])
            .nullable()
            .orderable(),
        Filter::boolean("unassigned", |row| row.request.assignee.is_none().into()).nullable(),
        Filter::choice("environment", ConnectionType::KNOWN, |row| row.about.environment().into())
            .aliases(&["configuration.connection.type"])
            .lookups(&[Eq, In]),
        Filter::text("template.id", |row| {
            row.request.template.as_ref().map(|id| id.as_str()).into()
        })
        .nullable(),
        Filter::number("sli.days", |row| row.level(|sli| sli.days)).orderable(),
        Filter::number("sli.zone", |row| row.level(|sli| sli.zone)).nullable().orderable(),
    ]
}

fn of_configuration() -> Vec<Filter> {
    use Lookup::{Eq, In};
    let searched = |field: Filter| field.nullable().orderable().searched();
    let texts = [
        Filter::text("configuration.id", |row| row.about.config.id.as_str().into()),
        Filter::text("configuration.account.id", |row| {
            row.about.config.key.account.as_str().into()
        }),
        Filter::text("configuration.account.hub.id", |row| row.about.hub_id().into())
            .null_id(NO_HUB),
        Filter::text("configuration.account.hub.name", |row| row.about.hub_name().into()),
        Filter::text("configuration.contract.id", |row| row.about.config.contract.as_str().into())
            .null_id(NO_CONTRACT),
        Filter::text("configuration.marketplace.id", |row| {
            row.about.config.key.marketplace.as_str().into()
        })
        .null_id(NO_MARKETPLACE),
        Filter::text("configuration.marketplace.name", |row| row.about.marketplace_name().into()),
        Filter::text("configuration.product.id", |row| row.about.product_id().into()),
        Filter::text("configuration.product.name", |row| row.about.product_name().into()),
    ];
    let others = [
        Filter::text("configuration.account.external_id", |row| row.about.external_id().into())
            .nullable(),
        Filter::text("configuration.account.external_uid", |row| row.about.external_uid().into()),
        Filter::number("configuration.tier_level", |row| row.about.level().into())
            .lookups(&[Eq, In])
            .orderable(),
    ];
    texts.into_iter().map(searched).chain(others).collect()
}
