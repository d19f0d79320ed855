//! The filters of `/tier/accounts` and of the versions of one.

use std::sync::{Arc, LazyLock};

use connect_model::{DateTime, TierAccount, TierAccountType};
use serde_json::Value;

use crate::query::{Cell, Field, Schema};

type Filter = Field<Arc<TierAccount>>;

/// The filters of `/tier/accounts`.
pub(crate) static TIER_ACCOUNTS: LazyLock<Schema<Arc<TierAccount>>> = LazyLock::new(|| {
    let texts = searched().into_iter().map(Field::searched).chain(others());
    let mut fields: Vec<_> = texts.map(|field| field.nullable().orderable()).collect();
    fields.extend([
        Filter::time("events.created.at", |it| time(it, "created")).orderable(),
        Filter::time("events.updated.at", |it| time(it, "updated")).orderable(),
    ]);
    Schema::new(fields)
});

fn searched() -> [Filter; 7] {
    [
        Filter::text("id", |it| it.id.as_str().into()),
        Filter::text("name", |it| (&it.name).into()),
        Filter::text("external_id", |it| it.external_id.as_deref().into()),
        Filter::text("external_uid", |it| it.external_uid.as_deref().into()),
        Filter::text("hub.id", |it| part(it, "hub", "id").into()),
        Filter::text("hub.name", |it| part(it, "hub", "name").into()),
        Filter::text("owner.id", |it| part(it, "owner", "id").into()),
    ]
}

fn others() -> [Filter; 4] {
    [
        Filter::text("type", |it| it.kind.as_ref().map(TierAccountType::as_str).into()),
        Filter::text("parent.id", |it| part(it, "parent", "id").into()),
        Filter::text("parent.name", |it| part(it, "parent", "name").into()),
        Filter::text("contact_info.contact.email", |it| email(it).into()),
    ]
}

/// A member of an object that the account mentions.
fn part<'a>(account: &'a TierAccount, object: &str, member: &str) -> Option<&'a str> {
    account.rest.get(object)?.get(member)?.as_str()
}

fn email(account: &TierAccount) -> Option<&str> {
    account.contact_info.as_ref()?.contact.as_ref()?.email.as_deref()
}

fn time(account: &TierAccount, event: &str) -> Cell<'static> {
    let at = account.rest.get("events").and_then(|events| events.get(event)?.get("at"));
    at.and_then(Value::as_str).and_then(|at| at.parse::<DateTime>().ok()).into()
}
