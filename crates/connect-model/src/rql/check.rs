//! Checks for what RQL has no words for.

use super::query::Query;
use super::{Condition, Rql, Test, Value, is_field_name};

/// A part of a query that cannot be written in RQL, found before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Inexpressible {
    /// A text with both kinds of quotes.
    #[error(
        "the value {0:?} holds both ' and \", and RQL has no escape for either: \
         filter by another field, or by a part of the value with `like`"
    )]
    Text(String),
    /// A field name with characters that names do not have.
    #[error("{0:?} is not a field name: use letters, digits, `_`, `-` and dots, a letter first")]
    Field(String),
    /// A group, list or tuple without members.
    #[error("`{0}` of nothing: leave the condition out, or do without the call")]
    Nothing(&'static str),
    /// A tuple with something else than comparisons in it.
    #[error("`{0}` inside a tuple: only comparisons with one value are possible there")]
    Tuple(&'static str),
}

impl Query {
    pub(super) fn check(&self) -> Result<(), Inexpressible> {
        self.select.iter().try_for_each(|select| check_field(select.field()))?;
        self.filter.iter().try_for_each(Rql::check)?;
        self.ordering.iter().try_for_each(|order| check_field(order.field()))?;
        self.search.iter().try_for_each(|term| check_text(term))
    }
}

impl Rql {
    fn check(&self) -> Result<(), Inexpressible> {
        match self {
            Self::All(members) => check_group("and", members),
            Self::Any(members) => check_group("or", members),
            Self::Not(inner) => inner.check(),
            Self::Condition(condition) => condition.check(),
        }
    }
}

impl Condition {
    fn check(&self) -> Result<(), Inexpressible> {
        check_field(&self.field)?;
        let values = self.test.values();
        check_some(self.test.name(), values)?;
        values.iter().try_for_each(Value::check)
    }

    fn check_in_tuple(&self) -> Result<(), Inexpressible> {
        match self.test {
            Test::Is(..) => self.check(),
            Test::In(_) | Test::Out(_) => Err(Inexpressible::Tuple(self.test.name())),
        }
    }
}

impl Value {
    fn check(&self) -> Result<(), Inexpressible> {
        match self {
            Self::Text(text) => check_text(text),
            Self::Null | Self::Empty => Ok(()),
            Self::Tuple(conditions) => {
                check_some("t", conditions)?;
                conditions.iter().try_for_each(Condition::check_in_tuple)
            }
        }
    }
}

fn check_group(name: &'static str, members: &[Rql]) -> Result<(), Inexpressible> {
    check_some(name, members)?;
    members.iter().try_for_each(Rql::check)
}

fn check_some<T>(name: &'static str, members: &[T]) -> Result<(), Inexpressible> {
    if members.is_empty() { Err(Inexpressible::Nothing(name)) } else { Ok(()) }
}

fn check_field(name: &str) -> Result<(), Inexpressible> {
    if is_field_name(name) { Ok(()) } else { Err(Inexpressible::Field(name.to_owned())) }
}

pub(super) fn check_text(text: &str) -> Result<(), Inexpressible> {
    if text.contains('"') && text.contains('\'') {
        return Err(Inexpressible::Text(text.to_owned()));
    }
    Ok(())
}
