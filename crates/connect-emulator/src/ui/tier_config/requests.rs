//! Tier Config → Requests.

use askama::Template;
use connect_model::TierConfigRequestType;
use connect_model::lifecycle::tier_config_request::STATUSES;

use super::rows::TierRequestRow;
use super::{REQUESTS, lists_at};
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::page::Page;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

static LIST: List = List {
    path: REQUESTS,
    label: "Tier requests",
    noun: "request",
    collection: Collection::TierConfigRequests,
    filters: &[
        Filter {
            name: "type",
            label: "Type",
            field: "type",
            words: Words::Known(TierConfigRequestType::KNOWN),
        },
        Filter { name: "status", label: "Status", field: "status", words: Words::Known(STATUSES) },
        Filter {
            name: "level",
            label: "Level",
            field: "configuration.tier_level",
            words: Words::Known(&["1", "2"]),
        },
        Filter {
            name: "product",
            label: "Product",
            field: "configuration.product.id",
            words: Words::Products,
        },
    ],
    search_hint: "Id, value …",
    // The fields a person knows of a request. The platform cannot filter by the reseller's name.
    searched: &[
        "id",
        "configuration.id",
        "configuration.account.id",
        "configuration.account.external_id",
        "configuration.account.external_uid",
        "configuration.product.name",
        "configuration.marketplace.name",
        "params.value",
    ],
    unshown: &["configuration.params", "configuration.configuration", "tiers"],
    rql_hint: Some("gt(created,2026-01-01)"),
};

#[derive(Template)]
#[template(path = "tier_requests.html")]
struct RequestsPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<TierRequestRow>,
}

/// Answers `GET /tier-requests`.
pub(in crate::ui) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::TierConfigs, "Tier Requests").live(&["tier_config_request"]);
    let list = LIST.read(&visitor, |request| TierRequestRow::new(request, &shell)).await;
    let page = RequestsPage { tabs: lists_at(REQUESTS), list, shell };
    Ok(page.list.show(&page))
}
