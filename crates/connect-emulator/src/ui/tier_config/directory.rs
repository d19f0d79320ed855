//! Tier Config → Directory.

use askama::Template;
use connect_model::TierConfigStatus;

use super::rows::ConfigRow;
use super::{DIRECTORY, lists_at};
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::page::Page;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

static LIST: List = List {
    path: DIRECTORY,
    label: "Tier configurations",
    noun: "configuration",
    collection: Collection::TierConfigs,
    filters: &[
        Filter {
            name: "status",
            label: "Status",
            field: "status",
            words: Words::Known(TierConfigStatus::KNOWN),
        },
        Filter {
            name: "level",
            label: "Level",
            field: "tier_level",
            words: Words::Known(&["1", "2"]),
        },
        Filter { name: "product", label: "Product", field: "product.id", words: Words::Products },
    ],
    search_hint: "Id, reseller …",
    // The fields that the platform searches, and beyond them what a vendor has in hand.
    searched: &[
        "id",
        "account.id",
        "account.company_name",
        "account.external_id",
        "account.external_uid",
        "product.id",
        "product.name",
        "marketplace.name",
        "params.value",
    ],
    unshown: &["configuration"],
    rql_hint: Some("eq(connection.type,preview)"),
};

#[derive(Template)]
#[template(path = "tier_configs.html")]
struct DirectoryPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<ConfigRow>,
}

/// Answers `GET /tier-configs`.
pub(in crate::ui) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::TierConfigs, "Tier Config");
    let shell = shell.live(&["tier_config", "tier_account"]);
    let list = LIST.read(&visitor, |config| ConfigRow::new(config, &shell)).await;
    let page = DirectoryPage { tabs: lists_at(DIRECTORY), list, shell };
    Ok(page.list.show(&page))
}
