//! The list a visitor asked for, as the page's address says it.

use connect_model::rql::Order;

use super::Choice;
use crate::ui::fields::Fields;
use crate::ui::visitor::Visitor;

/// What a visitor wants to see of a list.
pub(in crate::ui) struct ListQuery {
    path: String,
    fields: Fields,
}

impl ListQuery {
    /// Reads the address of the list page at `path`.
    pub(in crate::ui) fn of(visitor: &Visitor, path: &str) -> Self {
        let path = path.to_owned();
        Self { path, fields: Fields::of_query(visitor.uri.query().unwrap_or_default()) }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(in crate::ui) fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// Whether any of these fields narrows the list.
    pub(in crate::ui) fn has_any<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        names.into_iter().any(|name| !self.text(name).is_empty())
    }

    /// Returns the words of a filter, with the chosen one marked.
    pub(in crate::ui) fn choices<'a>(
        &self,
        name: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Choice> {
        Choice::of_words(words, self.text(name))
    }

    /// Returns the list's address with another value of one field.
    pub(in crate::ui) fn with(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (its, kept) in self.fields.starting("") {
            let is_stale = its == name || its == "offset";
            if !is_stale && !kept.is_empty() {
                query.append_pair(its, kept);
            }
        }
        format!("{}?{}", self.path, query.append_pair(name, value).finish())
    }

    pub(super) fn order(&self) -> Option<Order> {
        match self.text("sort") {
            "" => None,
            sort => Some(match sort.strip_prefix('-') {
                Some(field) => Order::descending(field),
                None => Order::ascending(sort),
            }),
        }
    }

    /// Returns how the list is ordered by a field, and the order to ask for next.
    pub(super) fn order_by(&self, field: &str) -> (&'static str, String) {
        // Without a wish, lists begin with what is newest.
        let sort = if self.text("sort").is_empty() { "-created" } else { self.text("sort") };
        let down = format!("-{field}");
        match sort {
            it if it == field => ("ascending", down),
            it if it == down => ("descending", field.to_owned()),
            _ => ("none", field.to_owned()),
        }
    }

    pub(super) fn offset(&self) -> u64 {
        self.text("offset").parse().unwrap_or_default()
    }
}
