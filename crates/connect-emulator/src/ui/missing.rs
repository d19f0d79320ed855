//! Addresses without a page.

use connect_world::Denial;

use super::page::Trouble;
use super::shell::Section;
use super::visitor::Visitor;

pub(super) async fn no_such_page(visitor: Visitor) -> Trouble {
    let shell = visitor.shell(Section::None, "No such page");
    Trouble::new(shell, Denial::not_found())
}
