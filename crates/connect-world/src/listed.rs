//! The listing and reading of objects: filtered, sorted, paged, with the total.
//!
//! A list walks as few candidates as its filter allows. What processors ask for (product,
//! environment, type and status in any combination) is answered from the indexes alone: the total
//! is a sum of set sizes, and only the rows of the page are built.

use bytes::Bytes;
use connect_model::DateTime;
use connect_model::rql::Query;
use jiff::Timestamp;
use serde::Serialize;

use crate::actor::{Actor, Token};
use crate::denial::Denial;
use crate::page;
use crate::page::ListQuery;
use crate::page::{Candidates, PageRows};
use crate::query::options::Options;
use crate::query::page::ContentRange;
use crate::query::schema::Schema;
use crate::query::select::{Selectable, Selection};
use crate::read::json;
use crate::state::State;
use crate::table::Place;

/// A list of the API, and reading one of its objects. Several lists may show one stored record.
pub(crate) trait Listed {
    /// The object the list lies in: nothing, or its id.
    type Parent;
    /// The part of an object that filters see.
    type Row: 'static;

    /// The parts that `select(…)` can add and leave out.
    const SELECTS: Selectable = Selectable { additions: &[], removals: &[], aliases: &[] };

    /// Filters that the candidates have answered already: a query that asks for nothing else needs
    /// no test, and is counted without looking.
    const KEYS: &'static [&'static str] = &[];

    /// Returns what the list can be filtered, sorted and searched by.
    fn schema() -> &'static Schema<Self::Row>;

    /// Returns the rows that the query may mean, and that the caller may see.
    ///
    /// # Errors
    ///
    /// When the caller sees no such parent.
    fn rows<'w>(
        look: Look<'w>,
        parent: &Self::Parent,
        query: &ListQuery<Self::Row>,
    ) -> Result<Rows<'w, Self::Row>, Denial>;

    /// Returns the row of an object.
    ///
    /// # Errors
    ///
    /// When the caller sees no such object.
    fn find(look: Look<'_>, parent: &Self::Parent, id: &str) -> Result<Self::Row, Denial>;

    /// Returns a row as the platform shows it.
    ///
    /// # Errors
    ///
    /// When the world lacks what the object is about.
    fn show<'r>(
        look: Look<'r>,
        row: &'r Self::Row,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r, Self>, Denial>;
}

/// One page of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPage {
    /// A JSON array.
    pub body: Bytes,
    /// The place of the page in the whole.
    pub range: ContentRange,
}

/// Somebody who looks at the world.
#[derive(Clone, Copy)]
pub(crate) struct Look<'w> {
    pub(crate) state: &'w State,
    pub(crate) who: &'w Actor,
    pub(crate) token: &'w Token,
    /// The moment of looking.
    pub(crate) now: DateTime,
}

impl<'w> Look<'w> {
    /// Returns a look at the moment of the present command.
    pub(crate) fn now(state: &'w State, who: &'w Actor) -> Result<Self, Denial> {
        Self::at(state, state.moment, who)
    }

    /// Returns a look at a moment; never one before the latest command.
    fn at(state: &'w State, at: Timestamp, who: &'w Actor) -> Result<Self, Denial> {
        Ok(Self { state, who, token: who.token()?, now: state.now.max(at.into()) })
    }
}

/// The form in which an object is shown.
#[derive(Clone, Copy)]
pub(crate) struct Form<'r> {
    pub(crate) selection: &'r Selection,
    /// Whether it is read by its id, not in a list.
    pub(crate) is_alone: bool,
}

/// The rows of a list.
pub(crate) enum Rows<'w, R> {
    /// Rows built when they are looked at, from places in the order of creation. A place without a
    /// row is not there for the caller.
    Placed(Candidates<'w>, Box<dyn Fn(Place) -> Option<R> + 'w>),
    /// All rows, newest first.
    NewestFirst(Vec<R>),
}

/// Returns one page of a list, as the query string asks for it; only what the caller may see.
pub(crate) fn list_of<L: Listed>(
    (state, at): (&State, Timestamp),
    who: &Actor,
    parent: &L::Parent,
    raw_query: &str,
) -> Result<ListPage, Denial> {
    let look = Look::at(state, at, who)?;
    let options = Options { strict: state.setting.strict };
    let query = ListQuery::parse(L::schema(), &L::SELECTS, raw_query, options)?;
    let PageRows { rows, range } = match L::rows(look, parent, &query)? {
        Rows::Placed(candidates, row) => page::find(&query, candidates, L::KEYS, row),
        Rows::NewestFirst(rows) => page::ready(&query, rows),
    };
    let form = Form { selection: &query.selection, is_alone: false };
    let views = rows.iter().filter_map(|row| L::show(look, row, form).ok());
    Ok(ListPage { body: json(&views.collect::<Vec<_>>())?, range })
}

/// Returns the filters of a query string that a list does not have; none when it is no query.
pub(crate) fn ignored_of<L: Listed>(raw_query: &str) -> Vec<String> {
    let query = Query::parse_compatible(raw_query, L::schema());
    let filter = query.ok().and_then(|query| query.filter);
    filter.map(|filter| L::schema().unknown(&filter)).unwrap_or_default()
}

/// Returns one object of a list. Of the query only `select(…)` counts.
pub(crate) fn read_of<L: Listed>(
    (state, at): (&State, Timestamp),
    who: &Actor,
    parent: &L::Parent,
    id: &str,
    raw_query: &str,
) -> Result<Bytes, Denial> {
    let look = Look::at(state, at, who)?;
    let row = L::find(look, parent, id)?;
    let selection = selection(&L::SELECTS, raw_query)?;
    json(&L::show(look, &row, Form { selection: &selection, is_alone: true })?)
}

fn selection(selectable: &Selectable, raw_query: &str) -> Result<Selection, Denial> {
    if raw_query.is_empty() {
        return Ok(Selection::default());
    }
    let query = Query::parse(raw_query).map_err(|error| Denial::invalid(error.platform_text()))?;
    selectable.compile(&query.select).map_err(|error| Denial::invalid(error.to_string()))
}
