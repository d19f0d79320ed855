//! Addresses without a page.

use super::page::ErrorPage;
use super::shell::Section;
use super::visitor::Visitor;

pub(super) async fn no_such_page(visitor: Visitor) -> ErrorPage {
    ErrorPage::no_such_page(visitor.shell(Section::None, "No such page"))
}
