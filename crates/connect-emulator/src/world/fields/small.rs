//! The filters of collections that are small, and of conversations.
//!
//! Objects of small collections are filtered as the JSON they are shown as: a filter's name is the
//! path to its value.

use std::sync::{Arc, LazyLock};

use connect_model::{DateTime, MessageType};
use serde_json::Value;

use crate::query::{Cell, Field, Schema};
use crate::world::Collection;
use crate::world::body;
use crate::world::conversation::ConversationRecord;

/// A conversation as lists see it.
pub(crate) struct ConversationRow(pub(crate) Arc<ConversationRecord>);

type Filter = Field<ConversationRow>;

/// The filters of `/conversations`.
pub(crate) static CONVERSATIONS: LazyLock<Schema<ConversationRow>> = LazyLock::new(|| {
    Schema::new([
        Filter::text("id", |row| row.0.id.as_str().into()),
        Filter::text("instance_id", |row| row.0.request.as_str().into()),
        Filter::choice("status", &["open", "closed"], |row| {
            if row.0.closed { "closed" } else { "open" }.into()
        }),
        Filter::time("created", |row| row.0.created.into())
            .aliases(&["events.created.at"])
            .orderable(),
        Filter::time("events.updated.at", |row| row.0.updated.into()).orderable(),
    ])
});

fn text<'a>(row: &'a Value, path: &str) -> Cell<'a> {
    match body::at(row, path) {
        Value::String(text) => text.as_str().into(),
        other => body::scalar(other).into(),
    }
}

fn time(row: &Value, path: &str) -> Cell<'static> {
    body::text(row, path).and_then(|text| text.parse::<DateTime>().ok()).into()
}

fn flag(row: &Value, path: &str) -> Cell<'static> {
    body::at(row, path).as_bool().into()
}

/// Filters by the paths of texts, orderable all of them.
macro_rules! texts {
    ($($path:literal)+) => {
        vec![$(Field::text($path, |row: &Value| text(row, $path)).nullable().orderable()),+]
    };
}

fn schema(mut fields: Vec<Field<Value>>) -> Schema<Value> {
    fields.extend([
        Field::time("events.created.at", |row: &Value| time(row, "events.created.at")).orderable(),
        Field::time("events.updated.at", |row: &Value| time(row, "events.updated.at")).orderable(),
    ]);
    Schema::new(fields)
}

/// The filters of a small collection.
pub(crate) fn schema_of(collection: &Collection) -> &'static Schema<Value> {
    match collection {
        Collection::Products => &PRODUCTS,
        Collection::Items(_) => &ITEMS,
        Collection::Parameters(_) => &PARAMETERS,
        Collection::Templates(_) => &TEMPLATES,
        Collection::Connections(_) => &CONNECTIONS,
        Collection::Messages(_) => &MESSAGES,
        Collection::Listings | Collection::Contracts => &AGREED,
        _ => &NAMED,
    }
}

static PRODUCTS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let mut fields = texts!["id" "status" "external_id" "owner.id" "purchase_model"];
    fields.extend(texts!["name" "owner.name"].into_iter().map(Field::searched));
    schema(fields)
});

static ITEMS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema(texts!["id" "local_id" "mpn" "name" "display_name" "status" "type" "period" "unit.id"])
});

static PARAMETERS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let mut fields = texts!["id" "name" "title" "phase" "scope" "type"];
    fields.extend([
        Field::boolean("constraints.hidden", |row: &Value| flag(row, "constraints.hidden")),
        Field::boolean("constraints.required", |row: &Value| flag(row, "constraints.required")),
        Field::boolean("constraints.unique", |row: &Value| flag(row, "constraints.unique")),
        Field::boolean("constraints.reconciliation", |row: &Value| {
            flag(row, "constraints.reconciliation")
        }),
    ]);
    schema(fields)
});

static TEMPLATES: LazyLock<Schema<Value>> =
    LazyLock::new(|| schema(texts!["id" "name" "scope" "type"]));

static CONNECTIONS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema(texts!["id" "type" "status" "hub.id" "hub.name" "provider.id" "vendor.id"])
});

static MESSAGES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let mut fields = texts!["id" "text" "account.id" "creator.id"];
    fields.push(Field::choice("type", MessageType::KNOWN, |row| text(row, "type")));
    fields.push(Field::time("created", |row| time(row, "created")).orderable());
    schema(fields)
});

/// Contracts and listings.
static AGREED: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema(texts![
        "id" "name" "status" "type" "marketplace.id" "contract.id" "product.id" "provider.id"
        "vendor.id" "owner.id"
    ])
});

/// Accounts, hubs and marketplaces.
static NAMED: LazyLock<Schema<Value>> =
    LazyLock::new(|| schema(texts!["id" "name" "type" "owner.id" "company.id"]));
