//! The filters of `/tier/account-requests`.

use std::sync::{Arc, LazyLock};

use connect_model::lifecycle::tier_account_request::STATUSES;
use connect_model::{HubId, Reference, TierAccount};
use rust_decimal::Decimal;

use crate::actor::Token;
use crate::party::record::NO_HUB;
use crate::product::record::ProductRecord;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::tier_account::record::TierAccountRecord;
use crate::tier_account_request::record::TierAccountRequestRecord;

type Filter = Field<TierAccountRequestRow>;

/// A request with what it is about.
pub(crate) struct TierAccountRequestRow {
    pub(crate) request: Arc<TierAccountRequestRecord>,
    pub(crate) account: Arc<TierAccountRecord>,
    /// The account in the version that the request is about.
    pub(crate) version: Arc<TierAccount>,
    pub(crate) product: Arc<ProductRecord>,
}

impl TierAccountRequestRow {
    /// Whether a caller has the product or the account.
    pub(crate) fn is_seen_by(&self, token: &Token) -> bool {
        self.account.owner == token.account || self.product.owner() == Some(&token.account)
    }

    fn hub(&self) -> Option<&Reference<HubId>> {
        self.version.hub.as_ref()
    }
}

/// The filters of `/tier/account-requests` (OpenAPI 37.0).
pub(crate) static TIER_ACCOUNT_REQUESTS: LazyLock<Schema<TierAccountRequestRow>> =
    LazyLock::new(|| {
        use Lookup::{Eq, Ge, Gt, Ilike, In, Le, Like, Lt, Ne, Out};
        let searched = searched().into_iter().map(Field::searched);
        let mut fields: Vec<Filter> = searched.chain(others()).map(Field::orderable).collect();
        fields.extend([
            Filter::choice("status", STATUSES, |row| row.request.status.as_str().into())
                .lookups(&[Eq, Ne, Like, Ilike, In, Out])
                .orderable(),
            Filter::number("account.version", |row| {
                Decimal::from(row.request.account.version).into()
            })
            .lookups(&[Eq, Ne, Ge, Gt, Le, Lt, In, Out]),
            Filter::time("events.created.at", |row| row.request.created.into()).orderable(),
        ]);
        Schema::new(fields)
    });

fn searched() -> [Filter; 7] {
    [
        Filter::text("id", |row| row.request.id.as_str().into()).nullable(),
        Filter::text("account.external_id", |row| row.version.external_id.as_deref().into())
            .nullable(),
        Filter::text("account.external_uid", |row| row.version.external_uid.as_deref().into()),
        Filter::text("account.hub.id", |row| row.hub().map(|hub| hub.id.as_str()).into())
            .null_id(NO_HUB)
            .nullable(),
        Filter::text("account.hub.name", |row| row.hub().and_then(|it| it.name.as_deref()).into()),
        Filter::text("product.id", |row| row.request.product.as_str().into()).nullable(),
        Filter::text("product.name", |row| (&row.product.product.name).into()),
    ]
}

fn others() -> [Filter; 2] {
    [
        Filter::text("account.id", |row| row.request.account.id.as_str().into()).nullable(),
        Filter::text("account.name", |row| (&row.version.name).into()).nullable(),
    ]
}
