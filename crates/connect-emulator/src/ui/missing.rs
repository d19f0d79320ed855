//! Addresses without a page.

use connect_world::Denial;

use super::page::ErrorPage;
use super::shell::Section;
use super::visitor::Visitor;

pub(super) async fn no_such_page(visitor: Visitor) -> ErrorPage {
    let shell = visitor.shell(Section::None, "No such page");
    ErrorPage::new(shell, Denial::not_found())
}
