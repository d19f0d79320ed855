//! The head of a page about one object: where it is, what is known of it, its tabs.

use super::facts::Facts;
use super::tabs::TabBar;

/// What stands above every tab of an object.
pub(in crate::ui) struct Head {
    /// The kind of object, for people.
    pub(in crate::ui) what: &'static str,
    /// The way here: titles and addresses of the pages above, and at last the object's own title.
    pub(in crate::ui) crumbs: Vec<(String, String)>,
    pub(in crate::ui) here: String,
    /// A tag beside the title.
    pub(in crate::ui) tag: Option<String>,
    pub(in crate::ui) facts: Facts,
    pub(in crate::ui) tabs: TabBar,
}

impl Head {
    /// Returns the head of an object below some pages, each with its title and address.
    pub(in crate::ui) fn new(
        what: &'static str,
        above: &[(&str, &str)],
        here: &str,
        facts: Facts,
        tabs: TabBar,
    ) -> Self {
        let own = |(title, href): &(&str, &str)| ((*title).to_owned(), (*href).to_owned());
        let crumbs = above.iter().map(own).collect();
        Self { what, crumbs, here: here.to_owned(), tag: None, facts, tabs }
    }

    pub(in crate::ui) fn tagged(self, tag: Option<String>) -> Self {
        Self { tag, ..self }
    }
}
