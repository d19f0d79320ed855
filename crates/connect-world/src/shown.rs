//! Lists whose objects are shown whole and filtered as the JSON they are shown as: a filter's name
//! is the path to its value, unless it says otherwise.

use std::cmp::Reverse;

use connect_model::DateTime;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::ListQuery;
use crate::query::cell::Cell;
use crate::query::field::Field;
use crate::query::schema::Schema;

/// A list of objects that are few.
pub(crate) trait Shown {
    /// The object the list lies in: nothing, or its id.
    type Parent;

    /// Returns what the list can be filtered, sorted and searched by.
    fn schema() -> &'static Schema<Value>;

    /// Returns all objects that the caller may see, in the order of their creation.
    fn all(look: Look<'_>, parent: &Self::Parent) -> Result<Vec<Value>, Denial>;

    /// Whether an object is meant by an id.
    fn is_called(object: &Value, id: &str) -> bool {
        object["id"] == id
    }

    /// Returns the object that an id means. A list that knows its objects by id need not show them
    /// all.
    fn one(look: Look<'_>, parent: &Self::Parent, id: &str) -> Result<Value, Denial> {
        let mut all = Self::all(look, parent)?.into_iter();
        all.find(|object| Self::is_called(object, id)).ok_or_else(Denial::not_found)
    }

    /// Arranges a list for a query that says nothing of an order, from newest first.
    fn arrange(_: Look<'_>, _: &mut [Value]) {}
}

impl<T: Shown> Listed for T {
    type Parent = T::Parent;
    type Row = Value;

    fn schema() -> &'static Schema<Value> {
        T::schema()
    }

    fn rows<'w>(
        look: Look<'w>,
        parent: &Self::Parent,
        query: &ListQuery<Value>,
    ) -> Result<Rows<'w, Value>, Denial> {
        let mut rows = T::all(look, parent)?;
        newest_first(&mut rows);
        if query.is_unordered {
            T::arrange(look, &mut rows);
        }
        Ok(Rows::NewestFirst(rows))
    }

    fn find(look: Look<'_>, parent: &Self::Parent, id: &str) -> Result<Value, Denial> {
        T::one(look, parent, id)
    }

    fn show<'r>(
        _: Look<'r>,
        row: &'r Value,
        _: Form<'r>,
    ) -> Result<impl Serialize + use<'r, T>, Denial> {
        Ok(row)
    }
}

/// Returns objects as the JSON they are shown as.
pub(crate) fn shown<V: Serialize>(views: impl Iterator<Item = V>) -> Vec<Value> {
    views.map(|view| serde_json::json!(view)).collect()
}

/// Puts the newest first, also of what was created in the same second.
fn newest_first(rows: &mut [Value]) {
    let created = |row: &Value| body::text(row, "events.created.at");
    rows.reverse();
    rows.sort_by_cached_key(|row| Reverse(created(row)));
}

/// A filter over shown objects.
pub(crate) type Filter = Field<Value>;

/// Filters by the paths of texts.
macro_rules! texts {
    ($($path:literal)+) => {
        vec![$(crate::shown::Filter::text($path, |row| {
            crate::shown::text(row, $path)
        })),+]
    };
}

/// Filters by the paths of numbers.
macro_rules! numbers {
    ($($path:literal)+) => {
        vec![$(crate::shown::Filter::number($path, |row| {
            crate::shown::number(row, $path)
        })),+]
    };
}

/// Filters by the paths of booleans.
macro_rules! flags {
    ($($path:literal)+) => {
        vec![$(crate::shown::Filter::boolean($path, |row| {
            crate::shown::flag(row, $path)
        })),+]
    };
}

/// Filters by the paths of instants.
macro_rules! times {
    ($($path:literal)+) => {
        vec![$(crate::shown::Filter::time($path, |row| {
            crate::shown::time(row, $path)
        })),+]
    };
}

/// Filters by the paths of words, each with the words there are.
macro_rules! choices {
    ($($path:literal: $words:expr),+ $(,)?) => {
        vec![$(crate::shown::Filter::choice($path, $words, |row| {
            crate::shown::text(row, $path)
        })),+]
    };
}

pub(crate) use {choices, flags, numbers, texts, times};

/// Returns a schema of these filters. Every one may be asked for `null()` and sorted by.
pub(crate) fn schema<const N: usize>(filters: [Vec<Filter>; N]) -> Schema<Value> {
    let all = filters.into_iter().flatten().map(|filter| filter.nullable().orderable());
    Schema::new(all.collect::<Vec<_>>())
}

/// Lets `search=` look into these filters.
pub(crate) fn searched(filters: Vec<Filter>) -> Vec<Filter> {
    filters.into_iter().map(Field::searched).collect()
}

/// Returns the elements of a list inside an object.
pub(crate) fn elements<'v>(row: &'v Value, path: &str) -> Box<dyn Iterator<Item = &'v Value> + 'v> {
    Box::new(body::at(row, path).as_array().into_iter().flatten())
}

pub(crate) fn text<'v>(row: &'v Value, path: &str) -> Cell<'v> {
    match body::at(row, path) {
        Value::String(text) => text.as_str().into(),
        other => body::scalar(other).into(),
    }
}

pub(crate) fn number(row: &Value, path: &str) -> Cell<'static> {
    body::text(row, path).and_then(|text| text.parse::<Decimal>().ok()).into()
}

pub(crate) fn time(row: &Value, path: &str) -> Cell<'static> {
    body::text(row, path).and_then(|text| text.parse::<DateTime>().ok()).into()
}

pub(crate) fn flag(row: &Value, path: &str) -> Cell<'static> {
    body::at(row, path).as_bool().into()
}
