//! The text of expressions.
//!
//! What RQL cannot express is printed so that every server refuses it, and never so that it
//! means something else; [`super::Inexpressible`] is the friendly form of that refusal.

use std::fmt::{Display, Formatter, Result, Write as _};

use super::query::{Order, Query, Select};
use super::{Condition, Rql, Test, Value, continues_bare, is_field_name, starts_bare};

impl Display for Rql {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::All(members) => write_group(f, "and", members),
            Self::Any(members) => write_group(f, "or", members),
            Self::Not(inner) => write!(f, "not({inner})"),
            Self::Condition(condition) => condition.fmt(f),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (name, field) = (self.test.name(), FieldName(&self.field));
        match &self.test {
            Test::Is(_, value) => write!(f, "{name}({field},{value})"),
            Test::In(values) | Test::Out(values) => write!(f, "{name}({field},({}))", List(values)),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(text) => Text(text).fmt(f),
            Self::Null => f.write_str("null()"),
            Self::Empty => f.write_str("empty()"),
            Self::Tuple(conditions) => write!(f, "t({})", List(conditions)),
        }
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Ascending(field) => FieldName(field).fmt(f),
            Self::Descending(field) => write!(f, "-{}", FieldName(field)),
        }
    }
}

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Add(field) => FieldName(field).fmt(f),
            Self::Remove(field) => write!(f, "-{}", FieldName(field)),
        }
    }
}

/// The layout of the official Python client: select, filter, ordering, limit, offset, search.
impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (select, ordering) = (List(&self.select), List(&self.ordering));
        let search = self.search.as_deref().filter(|term| !term.is_empty());
        let parts = [
            (!self.select.is_empty()).then(|| format!("select({select})")),
            self.filter.as_ref().map(Rql::to_string),
            (!self.ordering.is_empty()).then(|| format!("ordering({ordering})")),
            self.limit.map(|limit| format!("limit={limit}")),
            self.offset.map(|offset| format!("offset={offset}")),
            search.map(|term| format!("search={}", Text(term))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(&parts.join("&"))
    }
}

/// Writes a group. One of one is its member: the grammar wants two or more.
fn write_group(f: &mut Formatter<'_>, name: &str, members: &[Rql]) -> Result {
    match members {
        [only] => only.fmt(f),
        several => write!(f, "{name}({})", List(several)),
    }
}

struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, member) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            member.fmt(f)?;
        }
        Ok(())
    }
}

struct FieldName<'a>(&'a str);

impl Display for FieldName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if is_field_name(self.0) { f.write_str(self.0) } else { write_quoted(f, self.0) }
    }
}

struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if survives_bare(self.0) { f.write_str(self.0) } else { write_quoted(f, self.0) }
    }
}

/// Writes a text in quotes. One with both kinds of quotes gets its double quotes doubled: no server
/// takes a quoted value that is followed by a quote, so it is refused rather than misread.
fn write_quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    match (text.contains('"'), text.contains('\'')) {
        (false, _) => write!(f, "\"{text}\""),
        (true, false) => write!(f, "'{text}'"),
        (true, true) => write!(f, "\"{}\"", text.replace('"', "\"\"")),
    }
}

/// Whether a text needs no quotes. Beyond ASCII only letters with case stay bare: what else counts
/// as a word character differs between Python, which reads it, and Rust.
fn survives_bare(text: &str) -> bool {
    let same_everywhere = |c: char| c.is_ascii() || c.is_lowercase() || c.is_uppercase();
    text.starts_with(starts_bare) && text.chars().all(|c| continues_bare(c) && same_everywhere(c))
}
