//! The filters of `/tier/configs`, and what requests say of their configuration.

use std::sync::{Arc, LazyLock};

use connect_model::{ConnectionType, TierAccount, TierConfigStatus};
use rust_decimal::Decimal;

use crate::party::record::{NO_CONNECTION, NO_CONTRACT, NO_HUB, NO_MARKETPLACE};
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::row::param_schema;
use crate::shared::Shared;
use crate::tier_config::record::TierConfigRecord;

type Filter = Field<TierConfigRow>;

/// A tier configuration with all it mentions.
#[derive(Clone)]
pub(crate) struct TierConfigRow {
    pub(crate) config: Arc<TierConfigRecord>,
    pub(crate) shared: Arc<Shared>,
}

impl TierConfigRow {
    pub(crate) fn account(&self) -> Option<&TierAccount> {
        let record = self.shared.tier_accounts.get(self.config.key.account.as_str())?;
        record.latest().map(|account| &**account)
    }

    pub(crate) fn external_id(&self) -> Option<&str> {
        self.account()?.external_id.as_deref()
    }

    pub(crate) fn external_uid(&self) -> Option<&str> {
        self.account()?.external_uid.as_deref()
    }

    pub(crate) fn hub_id(&self) -> Option<&str> {
        self.account()?.hub.as_ref().map(|hub| hub.id.as_str())
    }

    pub(crate) fn hub_name(&self) -> Option<&str> {
        self.account()?.hub.as_ref()?.name.as_deref()
    }

    pub(crate) fn product_id(&self) -> &str {
        self.config.key.product.as_str()
    }

    pub(crate) fn product_name(&self) -> Option<&str> {
        self.shared.product(self.product_id()).map(|record| record.product.name.as_str())
    }

    pub(crate) fn environment(&self) -> &str {
        let found = self.shared.parties.connection(self.config.key.connection.as_str());
        found.map_or(ConnectionType::Preview.as_str(), |record| record.link.kind.as_str())
    }

    pub(crate) fn marketplace_name(&self) -> Option<&str> {
        let found = self.shared.parties.marketplace(self.config.key.marketplace.as_str());
        found.map(|marketplace| marketplace.name.as_str())
    }

    pub(crate) fn level(&self) -> Decimal {
        Decimal::from(self.config.key.level)
    }
}

/// The filters of `/tier/configs`. The emulator has one version of each product.
pub(crate) static TIER_CONFIGS: LazyLock<Schema<TierConfigRow>> = LazyLock::new(|| {
    Schema::new(fields()).list("params", param_schema(), |row| Box::new(row.config.params.iter()))
});

fn fields() -> Vec<Filter> {
    use Lookup::{Eq, Ge, In, Le};
    let searched = |field: Filter| field.nullable().orderable().searched();
    let texts = [
        Filter::text("id", |row| row.config.id.as_str().into()),
        Filter::text("account.id", |row| row.config.key.account.as_str().into()),
        Filter::text("account.company_name", |row| row.account().map(|it| &it.name).into()),
        Filter::text("connection.id", |row| row.config.key.connection.as_str().into())
            .null_id(NO_CONNECTION),
        Filter::choice("connection.product_version_type", &["public", "staging"], |_| {
            "public".into()
        }),
        Filter::text("contract.id", |row| row.config.contract.as_str().into()).null_id(NO_CONTRACT),
        Filter::text("marketplace.id", |row| row.config.key.marketplace.as_str().into())
            .null_id(NO_MARKETPLACE),
        Filter::text("marketplace.name", |row| row.marketplace_name().into()),
        Filter::text("product.id", |row| row.product_id().into()),
        Filter::text("product.name", |row| row.product_name().into()),
    ];
    let others = [
        Filter::text("account.external_id", |row| row.external_id().into()).nullable(),
        Filter::text("account.external_uid", |row| row.external_uid().into()),
        Filter::text("account.hub.id", |row| row.hub_id().into()).null_id(NO_HUB).nullable(),
        Filter::choice("connection.type", ConnectionType::KNOWN, |row| row.environment().into()),
        Filter::choice("status", TierConfigStatus::KNOWN, |row| row.config.status.as_str().into())
            .lookups(&[Eq, In])
            .orderable(),
        Filter::text("template.id", |row| {
            row.config.template.as_ref().map(|id| id.as_str()).into()
        })
        .nullable(),
        Filter::number("tier_level", |row| row.level().into()).orderable(),
        Filter::time("created", |row| row.config.created.into())
            .aliases(&["events.created.at"])
            .lookups(&[Ge, Le])
            .orderable(),
        Filter::time("updated", |row| row.config.updated.into())
            .aliases(&["events.updated.at"])
            .lookups(&[Ge, Le])
            .orderable(),
    ];
    texts.into_iter().map(searched).chain(others).collect()
}
