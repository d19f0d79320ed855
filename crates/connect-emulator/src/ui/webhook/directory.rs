//! Webhooks: the list.

use askama::Template;
use connect_model::{Webhook, WebhookType};
use connect_world::Collection;

use super::DIRECTORY;
use crate::ui::kit::{Filter, List, ListView, Words};
use crate::ui::mark::{Mark, title};
use crate::ui::page::Page;
use crate::ui::role::Role;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;

static LIST: List = List {
    path: DIRECTORY,
    label: "Webhooks",
    noun: "webhook",
    collection: Collection::Webhooks,
    filters: &[
        Filter {
            name: "active",
            label: "Active",
            field: "active",
            words: Words::Known(&["true", "false"]),
        },
        Filter {
            name: "type",
            label: "Type",
            field: "type",
            words: Words::Known(WebhookType::KNOWN),
        },
        Filter { name: "product", label: "Product", field: "product.id", words: Words::Products },
    ],
    search_hint: "Id, label …",
    searched: &[],
    unshown: &[],
    rql_hint: Some("like(label,*orders*)"),
};

#[derive(Template)]
#[template(path = "webhooks.html")]
struct DirectoryPage {
    shell: Shell,
    list: ListView<WebhookRow>,
    /// Whether the visitor can create one.
    may_create: bool,
}

struct WebhookRow {
    id: String,
    label: String,
    object_class: String,
    product: String,
    external_url: String,
    calls: u64,
    failures: u64,
    mark: Mark,
}

impl WebhookRow {
    fn new(webhook: &Webhook) -> Self {
        let product = webhook.product.as_ref().and_then(|product| product.name.clone());
        Self {
            id: webhook.id.to_string(),
            label: webhook.label.clone(),
            object_class: title(webhook.object_class.as_str()),
            product: product.unwrap_or_default(),
            external_url: webhook.external_url.clone(),
            calls: webhook.stats.triggers,
            failures: webhook.stats.failure_since_last_success,
            mark: Mark::of_active(webhook.active),
        }
    }
}

/// Answers `GET /webhooks`.
pub(in crate::ui) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Webhooks, "Webhooks").live(&["webhook"]);
    let list = LIST.read(&visitor, WebhookRow::new).await;
    let page = DirectoryPage { list, may_create: visitor.role == Role::Vendor, shell };
    Ok(page.list.show(&page))
}
