//! List pages: filters in the address, a table, an empty state, pages of 25 rows.

mod query;
mod rql;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::response::Response;
use connect_model::ProductId;
use connect_model::rql::{Query, Rql, Select, field};
use connect_world::{Collection, ContentRange, Denial, MAX_LIMIT};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::answer::status_of;
use crate::ui::mark::title;
use crate::ui::page::{reason, show_with};
use crate::ui::visitor::{Rows, Visitor};

pub(in crate::ui) use query::ListQuery;

/// Rows on a page.
const PAGE: u32 = 25;

/// What a list page says of itself. Its template extends `kit/list.html`.
pub(in crate::ui) struct List {
    /// The address.
    pub(in crate::ui) path: &'static str,
    /// The name of the table.
    pub(in crate::ui) label: &'static str,
    /// The word for one row; with an `s`, for several.
    pub(in crate::ui) noun: &'static str,
    pub(in crate::ui) collection: Collection,
    pub(in crate::ui) filters: &'static [Filter],
    /// An example of a search.
    pub(in crate::ui) search_hint: &'static str,
    /// The fields to look in for the searched text; none: those of the platform.
    pub(in crate::ui) searched: &'static [&'static str],
    /// The fields that the page does not show, and that need not be read.
    pub(in crate::ui) unshown: &'static [&'static str],
    /// An example of RQL; none: the page takes none.
    pub(in crate::ui) rql_hint: Option<&'static str>,
}

/// A filter of a list: one of several words.
pub(in crate::ui) struct Filter {
    /// The name in the address.
    pub(in crate::ui) name: &'static str,
    pub(in crate::ui) label: &'static str,
    /// The platform's field.
    pub(in crate::ui) field: &'static str,
    pub(in crate::ui) words: Words,
}

/// The words to choose from.
pub(in crate::ui) enum Words {
    Known(&'static [&'static str]),
    /// The ids of the products the visitor can see, under their names.
    Products,
}

/// A list as its page shows it.
pub(in crate::ui) struct ListView<R> {
    pub(in crate::ui) path: String,
    pub(in crate::ui) label: &'static str,
    pub(in crate::ui) noun: &'static str,
    pub(in crate::ui) filters: FilterForm,
    pub(in crate::ui) rows: Vec<R>,
    pub(in crate::ui) pager: Pager,
    query: ListQuery,
    /// The reason why there are no rows, when they could not be asked for.
    refused: Option<Denial>,
}

/// The form that narrows a list.
#[derive(Template)]
#[template(path = "kit/filters.html")]
pub(in crate::ui) struct FilterForm {
    path: String,
    search: String,
    search_hint: &'static str,
    filters: Vec<FilterView>,
    rql: String,
    rql_hint: Option<&'static str>,
    pub(in crate::ui) is_narrowed: bool,
    /// The reason why the list could not be asked for.
    refusal: Option<String>,
    /// The part of the visitor's RQL that the platform ignores.
    remark: Option<String>,
}

struct FilterView {
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
}

/// One entry of a selection.
#[derive(Template)]
#[template(path = "fragments/choice.html")]
pub(in crate::ui) struct Choice {
    pub(in crate::ui) value: String,
    pub(in crate::ui) title: String,
    pub(in crate::ui) chosen: bool,
}

impl Choice {
    /// Returns known words, with the chosen one marked.
    pub(in crate::ui) fn of_words<'a>(
        words: impl IntoIterator<Item = &'a str>,
        chosen: &str,
    ) -> Vec<Self> {
        let choice = |word: &str| Self {
            value: word.to_owned(),
            title: title(word),
            chosen: word == chosen,
        };
        words.into_iter().map(choice).collect()
    }
}

/// The place of the page, and the way to its neighbours.
#[derive(Template)]
#[template(path = "fragments/pager.html")]
pub(in crate::ui) struct Pager {
    pub(in crate::ui) first: usize,
    pub(in crate::ui) last: usize,
    pub(in crate::ui) total: usize,
    pub(in crate::ui) previous: Option<String>,
    pub(in crate::ui) next: Option<String>,
}

/// A column that can be sorted by.
#[derive(Template)]
#[template(path = "fragments/column.html")]
pub(in crate::ui) struct Column {
    title: &'static str,
    /// `ascending`, `descending` or `none`.
    order: &'static str,
    /// The list in this column's order, or in the opposite one.
    href: String,
}

impl HtmlSafe for FilterForm {}
impl HtmlSafe for Choice {}
impl HtmlSafe for Pager {}
impl HtmlSafe for Column {}

impl List {
    /// Returns the page of the list that the visitor's address asks for.
    pub(in crate::ui) async fn read<T: DeserializeOwned, R>(
        &self,
        visitor: &Visitor,
        row: impl Fn(&T) -> R,
    ) -> ListView<R> {
        self.read_within(visitor, self.path, None, row).await
    }

    /// Returns the same of a part of the list, at an address of its own.
    pub(in crate::ui) async fn read_within<T: DeserializeOwned, R>(
        &self,
        visitor: &Visitor,
        path: &str,
        within: Option<Rql>,
        row: impl Fn(&T) -> R,
    ) -> ListView<R> {
        let query = ListQuery::of(visitor, path);
        let found = self.rows::<T>(visitor, &query, within).await;
        let (found, refused) = match found {
            Ok(found) => (found, None),
            Err(refused) => (Rows::none(), Some(refused)),
        };
        ListView {
            path: path.to_owned(),
            label: self.label,
            noun: self.noun,
            filters: self.form(visitor, &query, refused.as_ref()).await,
            rows: found.rows.iter().map(row).collect(),
            pager: query.pager(found.range),
            refused,
            query,
        }
    }

    async fn form(
        &self,
        visitor: &Visitor,
        query: &ListQuery,
        refused: Option<&Denial>,
    ) -> FilterForm {
        let names = self.filters.iter().map(|filter| filter.name).chain(["q", "rql"]);
        FilterForm {
            path: query.path().to_owned(),
            search: query.text("q").to_owned(),
            search_hint: self.search_hint,
            filters: self.filter_views(visitor, query).await,
            rql: query.text("rql").to_owned(),
            rql_hint: self.rql_hint,
            is_narrowed: query.has_any(names),
            refusal: refused.map(|denied| {
                let place = rql::misreading(query.text("rql"));
                [Some(reason(denied)), place].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }),
            remark: match refused {
                None => rql::ignored(visitor, &self.collection, query.text("rql")),
                Some(_) => None,
            },
        }
    }

    async fn filter_views(&self, visitor: &Visitor, query: &ListQuery) -> Vec<FilterView> {
        let mut views = Vec::with_capacity(self.filters.len());
        for Filter { name, label, words, .. } in self.filters {
            let choices = match words {
                Words::Known(words) => query.choices(name, words.iter().copied()),
                Words::Products => products(visitor, query.text(name)).await,
            };
            views.push(FilterView { name, label, choices });
        }
        views
    }

    /// Returns the rows asked for. What the visitor wrote in RQL comes after the filters, as it is.
    async fn rows<T: DeserializeOwned>(
        &self,
        visitor: &Visitor,
        wanted: &ListQuery,
        within: Option<Rql>,
    ) -> Result<Rows<T>, Denial> {
        let filters = self.filters.iter().filter(|it| !wanted.text(it.name).is_empty());
        let terms = filters.map(|filter| field(filter.field).eq(wanted.text(filter.name)));
        let search = Some(wanted.text("q")).filter(|search| !search.is_empty());
        let query = Query {
            filter: Rql::all(
                within.into_iter().chain(terms).chain(search.and_then(|text| self.anywhere(text))),
            ),
            ordering: wanted.order().into_iter().collect(),
            search: search.filter(|_| self.searched.is_empty()).map(str::to_owned),
            select: self.unshown.iter().map(|field| Select::remove(*field)).collect(),
            limit: Some(PAGE),
            offset: Some(wanted.offset()),
        };
        let query = query.to_query_string().map_err(|error| Denial::invalid(error.to_string()))?;
        let rql = wanted.text("rql").trim_start_matches('?');
        let both = if rql.is_empty() { query } else { format!("{query}&{rql}") };
        visitor.list_raw(&self.collection, &both).await
    }

    fn anywhere(&self, text: &str) -> Option<Rql> {
        let literal = text.replace('\\', "\\\\").replace('*', "\\*");
        let terms = self.searched.iter().map(|name| field(*name).ilike(format!("*{literal}*")));
        terms.reduce(std::ops::BitOr::bitor)
    }
}

/// As much of a product as a choice shows: its capabilities are large, and every list is shown often.
#[derive(Deserialize)]
struct NamedProduct {
    id: ProductId,
    name: String,
}

/// Returns the products to choose from, and the chosen one in any case.
pub(in crate::ui) async fn products(visitor: &Visitor, chosen: &str) -> Vec<Choice> {
    let all = Query { limit: Some(MAX_LIMIT), ..Query::default() };
    let products = visitor.list::<NamedProduct>(&Collection::Products, &all).await;
    let choice = |product: NamedProduct| Choice {
        chosen: product.id == *chosen,
        value: product.id.to_string(),
        title: if product.name.is_empty() { product.id.to_string() } else { product.name },
    };
    let mut choices: Vec<_> =
        products.map(|found| found.rows).unwrap_or_default().into_iter().map(choice).collect();
    if !chosen.is_empty() && choices.iter().all(|choice| !choice.chosen) {
        let (value, title) = (chosen.to_owned(), chosen.to_owned());
        choices.push(Choice { value, title, chosen: true });
    }
    choices
}

impl<R> ListView<R> {
    /// Shows the page of the list; where the question could not be asked, with the status of a form
    /// to be corrected, and where it could not be answered, with the platform's.
    pub(in crate::ui) fn show(&self, page: &impl Template) -> Response {
        show_with(self.status(), page)
    }

    /// Returns the status of a page with the list on it, as [`show`](Self::show) gives it.
    pub(in crate::ui) fn status(&self) -> StatusCode {
        match self.refused.as_ref().map(status_of) {
            None => StatusCode::OK,
            Some(status) if status.is_server_error() => status,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// Returns the head of a column that can be sorted by.
    pub(in crate::ui) fn column(&self, title: &'static str, field: &str) -> Column {
        let (order, next) = self.query.order_by(field);
        Column { title, order, href: self.query.with("sort", &next) }
    }

    /// Whether there is nothing to show, on no page.
    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.pager.total == 0 && self.refused.is_none()
    }
}

impl ListQuery {
    fn pager(&self, range: ContentRange) -> Pager {
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
}
