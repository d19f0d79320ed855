//! Customers → Directory.

use askama::Template;
use connect_model::TierAccountType;

use super::rows::AccountRow;
use super::{DIRECTORY, lists_at};
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::page::Page;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

static LIST: List = List {
    path: DIRECTORY,
    label: "Accounts",
    noun: "account",
    collection: Collection::TierAccounts,
    filters: &[Filter {
        name: "type",
        label: "Type",
        field: "type",
        words: Words::Known(TierAccountType::KNOWN),
    }],
    search_hint: "Id, name …",
    searched: &[],
    unshown: &[],
    rql_hint: Some("like(contact_info.contact.email,*@*)"),
};

#[derive(Template)]
#[template(path = "customer/accounts.html")]
struct DirectoryPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<AccountRow>,
}

/// Answers `GET /customers`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Customers, "Customers").live(&["tier_account"]);
    let list = LIST.read(&visitor, |account| AccountRow::new(account, &shell)).await;
    let page = DirectoryPage { tabs: lists_at(DIRECTORY), list, shell };
    Ok(page.list.show(&page))
}
