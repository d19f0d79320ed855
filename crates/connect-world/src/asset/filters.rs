//! The filters of `/assets`, and what requests say of their asset.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use connect_model::{AccountId, AssetStatus, Connection, ConnectionType, Reference, TierAccount};

use crate::asset::record::{AssetRecord, TierRef, TierRow};
use crate::party::record::{NO_CONNECTION, NO_CONTRACT, NO_HUB, NO_MARKETPLACE};
use crate::product::record::ProductRecord;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::row::param_schema;
use crate::shared::Shared;

type Filter = Field<AssetRow>;

/// An asset with all it mentions.
#[derive(Clone)]
pub(crate) struct AssetRow {
    pub(crate) asset: Arc<AssetRecord>,
    pub(crate) shared: Arc<Shared>,
}

impl AssetRow {
    fn link(&self) -> Option<&Connection> {
        let record = self.shared.parties.connection(self.asset.connection.as_str());
        record.map(|record| &record.link)
    }

    pub(crate) fn product(&self) -> Option<&Arc<ProductRecord>> {
        self.shared.product(self.asset.product.as_str())
    }

    fn owner(&self) -> Option<&Reference<AccountId>> {
        self.product().and_then(|record| record.product.owner.as_ref())
    }

    pub(crate) fn product_name(&self) -> Option<&str> {
        self.product().map(|record| record.product.name.as_str())
    }

    /// Returns the provider's id; on preview, which has no distributor, the vendor stands in.
    pub(crate) fn provider_id(&self) -> Option<Cow<'_, str>> {
        match self.link() {
            Some(link) => link.provider.as_ref().map(|account| account.id.as_str().into()),
            None => Some(self.product()?.provider_of_trials()?.id().to_string().into()),
        }
    }

    pub(crate) fn provider_name(&self) -> Option<&str> {
        match self.link() {
            Some(link) => link.provider.as_ref()?.name.as_deref(),
            None => Some(self.product()?.provider_of_trials()?.name()),
        }
    }

    pub(crate) fn vendor_id(&self) -> Option<&str> {
        self.owner().map(|account| account.id.as_str())
    }

    pub(crate) fn vendor_name(&self) -> Option<&str> {
        self.owner().and_then(|account| account.name.as_deref())
    }

    pub(crate) fn hub_id(&self) -> Option<&str> {
        self.link().and_then(|link| link.hub.as_ref()).map(|hub| hub.id.as_str())
    }

    pub(crate) fn hub_name(&self) -> Option<&str> {
        self.link().and_then(|link| link.hub.as_ref()).and_then(|hub| hub.name.as_deref())
    }

    pub(crate) fn environment(&self) -> &str {
        self.link().map_or(ConnectionType::Preview.as_str(), |link| link.kind.as_str())
    }

    pub(crate) fn marketplace_name(&self) -> Option<&str> {
        let found = self.shared.parties.marketplace(self.asset.marketplace.as_str());
        found.map(|marketplace| marketplace.name.as_str())
    }

    fn account(&self, tier: &Option<TierRef>) -> Option<&TierAccount> {
        let record = self.shared.tier_account(tier.as_ref()?)?;
        record.latest().map(|account| &**account)
    }

    fn tiers(&self) -> &TierRow {
        &self.asset.tiers
    }

    fn customer(&self) -> Option<&TierAccount> {
        self.account(&self.tiers().customer)
    }
}

/// Returns the id of a tier account that may not be there.
pub(crate) fn tier_id(tier: &Option<TierRef>) -> Option<&str> {
    tier.as_ref().map(|tier| tier.id.as_str())
}

/// The filters of `/assets`.
pub(crate) static ASSETS: LazyLock<Schema<AssetRow>> = LazyLock::new(|| {
    Schema::new(fields()).list("params", param_schema(), |row| Box::new(row.asset.params.iter()))
});

/// Returns the filters of an asset itself.
pub(crate) fn fields() -> Vec<Filter> {
    use Lookup::{Ge, Gt, Le, Lt};
    vec![
        Filter::text("id", |row| row.asset.id.as_str().into()).searched(),
        Filter::choice("status", AssetStatus::KNOWN, |row| row.asset.status.as_str().into())
            .orderable()
            .searched(),
        Filter::text("external_id", |row| row.asset.external_id.as_deref().into())
            .aliases(&["external.id"])
            .nullable()
            .searched(),
        Filter::text("external_uid", |row| row.asset.external_uid.as_deref().into()).nullable(),
        Filter::text("product.id", |row| row.asset.product.as_str().into())
            .aliases(&["product_id"])
            .searched(),
        Filter::text("product.name", |row| row.product_name().into())
            .aliases(&["product.title"])
            .orderable()
            .searched(),
        Filter::text("connection.id", |row| row.asset.connection.as_str().into())
            .null_id(NO_CONNECTION)
            .nullable(),
        Filter::choice("connection.type", ConnectionType::KNOWN, |row| row.environment().into())
            .aliases(&["connection.environment"]),
        Filter::text("connection.hub.id", |row| row.hub_id().into())
            .aliases(&["hub.id"])
            .null_id(NO_HUB)
            .nullable(),
        Filter::text("connection.hub.name", |row| row.hub_name().into()).aliases(&["hub.name"]),
        Filter::text("connection.provider.id", |row| row.provider_id().into()).searched(),
        Filter::text("connection.provider.name", |row| row.provider_name().into()).searched(),
        Filter::text("connection.vendor.id", |row| row.vendor_id().into()).searched(),
        Filter::text("connection.vendor.name", |row| row.vendor_name().into()).searched(),
        Filter::text("contract.id", |row| row.asset.contract.as_str().into())
            .null_id(NO_CONTRACT)
            .nullable(),
        Filter::text("marketplace.id", |row| row.asset.marketplace.as_str().into())
            .null_id(NO_MARKETPLACE)
            .nullable()
            .orderable()
            .searched(),
        Filter::text("marketplace.name", |row| row.marketplace_name().into())
            .orderable()
            .searched(),
        Filter::text("template.id", |row| row.asset.template.as_ref().map(|id| id.as_str()).into()),
        Filter::text("tiers.customer.id", |row| tier_id(&row.tiers().customer).into())
            .orderable()
            .searched(),
        Filter::text("tiers.customer.name", |row| row.customer().map(|it| &it.name).into())
            .orderable()
            .searched(),
        Filter::text("tiers.customer.external_id", |row| {
            row.customer().and_then(|it| it.external_id.as_deref()).into()
        })
        .nullable()
        .searched(),
        Filter::text("tiers.customer.external_uid", |row| {
            row.customer().and_then(|it| it.external_uid.as_deref()).into()
        })
        .searched(),
        Filter::text("tiers.tier1.id", |row| tier_id(&row.tiers().tier1).into()),
        Filter::text("tiers.tier2.id", |row| tier_id(&row.tiers().tier2).into()),
        Filter::time("created", |row| row.asset.created.into())
            .aliases(&["events.created.at"])
            .lookups(&[Gt, Ge, Lt, Le])
            .orderable(),
        Filter::time("updated", |row| row.asset.updated.into())
            .aliases(&["events.updated.at"])
            .lookups(&[Gt, Ge, Lt, Le])
            .orderable(),
    ]
}
