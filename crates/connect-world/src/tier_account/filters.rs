//! The filters of `/tier/accounts` and of the versions of one.

use std::sync::{Arc, LazyLock};

use connect_model::{Reference, TierAccount, TierAccountId, TierAccountType};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::asset::record::Level;
use crate::party::record::NO_HUB;
use crate::query::cell::Cell;
use crate::query::field::Field;
use crate::query::field::ITSELF;
use crate::query::schema::Schema;
use crate::shared::Shared;
use crate::tier_account::record::{DB, TierAccountRecord};

type Filter = Field<TierAccountRow>;

/// A version of an account with all it mentions.
pub(crate) struct TierAccountRow {
    pub(crate) record: Arc<TierAccountRecord>,
    pub(crate) version: Arc<TierAccount>,
    pub(crate) shared: Arc<Shared>,
}

impl TierAccountRow {
    fn email(&self) -> Option<&str> {
        self.version.contact_info.as_ref()?.contact.as_ref()?.email.as_deref()
    }

    fn parent(&self) -> Option<&Reference<TierAccountId>> {
        self.version.parent.as_ref()
    }

    fn grandparent(&self) -> Option<&str> {
        let parent = self.shared.tier_accounts.get(self.parent()?.id.as_str())?;
        Some(parent.latest()?.parent.as_ref()?.id.as_str())
    }

    fn time(&self, event: &str) -> Cell<'static> {
        self.version.events.get(event).and_then(|event| event.at).into()
    }

    fn by(&self, event: &str) -> Option<&str> {
        Some(&self.version.events.get(event)?.by.as_ref()?.id)
    }

    fn db(&self) -> &str {
        self.version.rest.get("db").and_then(Value::as_str).unwrap_or(DB)
    }
}

fn id<Id: AsRef<str>>(reference: &Option<Reference<Id>>) -> Cell<'_> {
    reference.as_ref().map(|it| it.id.as_ref()).into()
}

fn name<Id>(reference: &Option<Reference<Id>>) -> Cell<'_> {
    reference.as_ref().and_then(|it| it.name.as_deref()).into()
}

/// The filters of `/tier/accounts`.
pub(crate) static TIER_ACCOUNTS: LazyLock<Schema<TierAccountRow>> = LazyLock::new(|| {
    let texts = searched().into_iter().map(Field::searched).chain(others());
    let mut fields: Vec<_> = texts.map(|field| field.nullable().orderable()).collect();
    fields.extend([
        Filter::time("events.created.at", |it| it.time("created")).orderable(),
        Filter::time("events.updated.at", |it| it.time("updated")).orderable(),
    ]);
    Schema::new(fields).list("scopes", scope(), |it| Box::new(it.record.scopes.iter()))
});

fn searched() -> [Filter; 10] {
    [
        Filter::text("id", |it| it.version.id.as_str().into()),
        Filter::text("name", |it| (&it.version.name).into()),
        Filter::text("external_id", |it| it.version.external_id.as_deref().into()),
        Filter::text("external_uid", |it| it.version.external_uid.as_deref().into()),
        Filter::text("hub.id", |it| id(&it.version.hub)).null_id(NO_HUB),
        Filter::text("hub.name", |it| name(&it.version.hub)),
        Filter::text("owner.id", |it| id(&it.version.owner)),
        Filter::text("owner.name", |it| name(&it.version.owner)),
        Filter::text("parent.id", |it| id(&it.version.parent)),
        Filter::text("parent.name", |it| name(&it.version.parent)),
    ]
}

fn others() -> [Filter; 8] {
    [
        Filter::choice("type", TierAccountType::KNOWN, |it| {
            it.version.kind.as_ref().map(TierAccountType::as_str).into()
        }),
        Filter::choice("db", &["EU", "US", "JP", "AU"], |it| it.db().into()),
        Filter::text("tax_id", |it| it.version.tax_id.as_deref().into()),
        Filter::text("parent.parent.id", |it| it.grandparent().into()),
        Filter::text("contact_info.contact.email", |it| it.email().into()),
        Filter::text("events.created.by", |it| it.by("created").into()),
        Filter::text("events.updated.by", |it| it.by("updated").into()),
        Filter::number("version", |it| it.version.version.map(Decimal::from).into()),
    ]
}

/// Returns the filters of a role in which the account was met.
fn scope() -> Schema<Level> {
    Schema::new([Field::text(ITSELF, |level: &Level| level.as_str().into())])
}
