//! The common parts of list pages: filters in the address, order, pages.

use askama::Template;
use askama::filters::HtmlSafe;
use connect_model::rql::{Order, Query, Rql, Select, field};

use super::fields::Fields;
use super::mark::title;
use super::visitor::{Rows, Visitor};
use connect_world::ContentRange;
use connect_world::{Collection, Denial};
use serde::de::DeserializeOwned;

/// Rows on a page.
const PAGE: u32 = 25;

/// The list a visitor asked for, as the page's address says it.
pub(super) struct Listing {
    path: &'static str,
    fields: Fields,
    /// The fields to look in for the searched text; none: those of the platform.
    searched: &'static [&'static str],
    /// The fields that the page does not show, and that need not be read.
    unshown: &'static [&'static str],
}

/// One entry of a filter.
#[derive(Template)]
#[template(path = "fragments/choice.html")]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) title: String,
    pub(super) chosen: bool,
}

/// The place of the page, and the way to its neighbours.
#[derive(Template)]
#[template(path = "fragments/pager.html")]
pub(super) struct Pager {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) total: usize,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
}

/// A column that can be sorted by.
#[derive(Template)]
#[template(path = "fragments/column.html")]
pub(super) struct Column {
    pub(super) title: &'static str,
    /// `ascending`, `descending` or `none`.
    pub(super) order: &'static str,
    /// The list in this column's order, or in the opposite one.
    pub(super) href: String,
}

impl HtmlSafe for Choice {}
impl HtmlSafe for Pager {}
impl HtmlSafe for Column {}

impl Listing {
    /// Reads the address of the list page at `path`.
    pub(super) fn of(visitor: &Visitor, path: &'static str) -> Self {
        let fields = Fields::of_query(visitor.uri.query().unwrap_or_default());
        Self { path, fields, searched: &[], unshown: &[] }
    }

    /// Returns the same list, searched in these fields: for collections that the platform does not
    /// search.
    pub(super) fn searched_in(self, searched: &'static [&'static str]) -> Self {
        Self { searched, ..self }
    }

    /// Returns the same list, of objects without these fields.
    pub(super) fn without(self, unshown: &'static [&'static str]) -> Self {
        Self { unshown, ..self }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// Whether anything narrows the list.
    pub(super) fn is_narrowed(&self, filters: &[&str]) -> bool {
        filters.iter().any(|name| !self.text(name).is_empty())
    }

    /// Returns the words of a filter, with the chosen one marked.
    pub(super) fn choices<'a>(
        &self,
        name: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Choice> {
        let chosen = self.text(name);
        let choice = |word: &str| Choice {
            value: word.to_owned(),
            title: title(word),
            chosen: word == chosen,
        };
        words.into_iter().map(choice).collect()
    }

    /// Returns the rows asked for: `filters` are fields of the page and the fields of the platform
    /// they stand for. What the visitor wrote in RQL comes after it, as it is.
    pub(super) async fn rows<T: DeserializeOwned>(
        &self,
        visitor: &Visitor,
        collection: &Collection,
        filters: &[(&str, &str)],
    ) -> Result<Rows<T>, Denial> {
        let wanted = filters.iter().filter(|(name, _)| !self.text(name).is_empty());
        let terms = wanted.map(|(name, of)| field(*of).eq(self.text(name)));
        let search = Some(self.text("q")).filter(|search| !search.is_empty());
        let query = Query {
            filter: Rql::all(terms.chain(search.and_then(|text| self.anywhere(text)))),
            ordering: self.order().into_iter().collect(),
            search: search.filter(|_| self.searched.is_empty()).map(str::to_owned),
            select: self.unshown.iter().map(|field| Select::remove(*field)).collect(),
            limit: Some(PAGE),
            offset: Some(self.offset()),
        };
        let query = query.to_query_string().map_err(|error| Denial::invalid(error.to_string()))?;
        let rql = self.text("rql").trim_start_matches('?');
        let both = if rql.is_empty() { query } else { format!("{query}&{rql}") };
        visitor.list_raw(collection, &both).await
    }

    /// Returns the rows asked for, or none and the refusal: a visitor may have written something
    /// else than RQL.
    pub(super) async fn rows_or_refusal<T: DeserializeOwned>(
        &self,
        visitor: &Visitor,
        collection: &Collection,
        filters: &[(&str, &str)],
    ) -> (Rows<T>, Option<Denial>) {
        match self.rows(visitor, collection, filters).await {
            Ok(found) => (found, None),
            Err(denied) => (Rows::none(), Some(denied)),
        }
    }

    fn anywhere(&self, text: &str) -> Option<Rql> {
        let literal = text.replace('\\', "\\\\").replace('*', "\\*");
        let terms = self.searched.iter().map(|name| field(*name).ilike(format!("*{literal}*")));
        terms.reduce(std::ops::BitOr::bitor)
    }

    fn order(&self) -> Option<Order> {
        match self.text("sort") {
            "" => None,
            sort => Some(match sort.strip_prefix('-') {
                Some(field) => Order::descending(field),
                None => Order::ascending(sort),
            }),
        }
    }

    fn offset(&self) -> u32 {
        self.text("offset").parse().unwrap_or_default()
    }

    pub(super) fn column(&self, title: &'static str, field: &str) -> Column {
        let sort = self.text("sort");
        // Without a wish, lists begin with what is newest.
        let sort = if sort.is_empty() { "-created" } else { sort };
        let down = format!("-{field}");
        let (order, next) = match sort {
            it if it == field => ("ascending", down.as_str()),
            it if it == down => ("descending", field),
            _ => ("none", field),
        };
        Column { title, order, href: self.with("sort", next) }
    }

    pub(super) fn pager(&self, range: ContentRange) -> Pager {
        let ContentRange { offset, rows, total } = range;
        let size = PAGE as usize;
        let to = |offset: usize| self.with("offset", &offset.to_string());
        Pager {
            first: if rows == 0 { 0 } else { offset + 1 },
            last: offset + rows,
            total,
            previous: (offset > 0).then(|| to(offset.saturating_sub(size))),
            next: (offset + rows < total).then(|| to(offset + size)),
        }
    }

    /// Returns the list's address with another value of one field.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (its, kept) in self.fields.starting("") {
            let is_stale = its == name || its == "offset";
            if !is_stale && !kept.is_empty() {
                query.append_pair(its, kept);
            }
        }
        format!("{}?{}", self.path, query.append_pair(name, value).finish())
    }
}
