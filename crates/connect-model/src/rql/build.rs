//! Builders of expressions.

use std::ops::{BitAnd, BitOr, Not};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use rust_decimal::Decimal;

use super::{Condition, Operator, Rql, Test, Value};
use crate::datetime::DateTime;

/// Starts a condition on the field `name`, such as `asset.product.id`.
///
/// ```
/// use connect_model::rql::field;
///
/// assert_eq!(field("status").ne("failed").to_string(), "ne(status,failed)");
/// assert_eq!(field("assignee").null(true).to_string(), "eq(assignee,null())");
/// ```
#[must_use]
pub fn field(name: impl Into<String>) -> Field {
    Field(name.into())
}

/// Returns a tuple: the same element of a list must have all these values.
///
/// ```
/// use connect_model::rql::{field, same};
///
/// assert_eq!(
///     field("asset.params").eq(same([("id", "domain"), ("value", "example.com")])).to_string(),
///     "eq(asset.params,t(eq(id,domain),eq(value,example.com)))"
/// );
/// ```
#[must_use]
pub fn same<F: Into<String>, V: Into<Value>>(pairs: impl IntoIterator<Item = (F, V)>) -> Value {
    let equals = |(name, value): (F, V)| field(name).condition(Operator::Eq, value);
    Value::Tuple(pairs.into_iter().map(equals).collect())
}

/// A field waiting for its test; made by [`field`].
#[derive(Clone, Debug)]
pub struct Field(String);

impl Field {
    /// Requires the field to equal `value`.
    #[must_use]
    pub fn eq(self, value: impl Into<Value>) -> Rql {
        self.is(Operator::Eq, value)
    }

    /// Requires the field to differ from `value`, or to have no value.
    #[must_use]
    pub fn ne(self, value: impl Into<Value>) -> Rql {
        self.is(Operator::Ne, value)
    }

    /// Requires the field to be greater than `value`.
    #[must_use]
    pub fn gt(self, value: impl Into<Value>) -> Rql {
        self.is(Operator::Gt, value)
    }

    /// Requires the field to be `value` or greater.
    #[must_use]
    pub fn ge(self, value: impl Into<Value>) -> Rql {
        self.is(Operator::Ge, value)
    }

    /// Requires the field to be less than `value`.
    #[must_use]
    pub fn lt(self, value: impl Into<Value>) -> Rql {
        self.is(Operator::Lt, value)
    }

    /// Requires the field to be `value` or less.
    #[must_use]
    pub fn le(self, value: impl Into<Value>) -> Rql {
        self.is(Operator::Le, value)
    }

    /// Requires the field to match `pattern`: `*` is any run of characters, `\*` a star, `\\` a
    /// backslash.
    #[must_use]
    pub fn like(self, pattern: impl Into<Value>) -> Rql {
        self.is(Operator::Like, pattern)
    }

    /// Requires what [`Field::like`] does, without regard to case.
    #[must_use]
    pub fn ilike(self, pattern: impl Into<Value>) -> Rql {
        self.is(Operator::Ilike, pattern)
    }

    /// Requires the field to equal one of `values`. The platform refuses a list of nothing.
    #[must_use]
    pub fn in_<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Rql {
        let values = values.into_iter().map(Into::into).collect();
        Rql::Condition(Condition { field: self.0, test: Test::In(values) })
    }

    /// Requires the field to equal none of `values`. The platform refuses a list of nothing.
    #[must_use]
    pub fn out<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Rql {
        let values = values.into_iter().map(Into::into).collect();
        Rql::Condition(Condition { field: self.0, test: Test::Out(values) })
    }

    /// Requires the field to have no value (`true`), or to have one (`false`).
    #[must_use]
    pub fn null(self, wanted: bool) -> Rql {
        self.is(if wanted { Operator::Eq } else { Operator::Ne }, Value::Null)
    }

    /// Requires the field to be the empty text (`true`), or not to be (`false`).
    #[must_use]
    pub fn empty(self, wanted: bool) -> Rql {
        self.is(if wanted { Operator::Eq } else { Operator::Ne }, Value::Empty)
    }

    fn is(self, operator: Operator, value: impl Into<Value>) -> Rql {
        Rql::Condition(self.condition(operator, value))
    }

    fn condition(self, operator: Operator, value: impl Into<Value>) -> Condition {
        Condition { field: self.0, test: Test::Is(operator, value.into()) }
    }
}

impl Rql {
    /// Joins the parts as with `&`; `None`, which restricts nothing, when there are none.
    ///
    /// ```
    /// use connect_model::rql::{Rql, field};
    ///
    /// let product = Some("PRD-111-222-333");
    /// let parts = [Some(field("status").eq("pending")), product.map(|id| field("product_id").eq(id))];
    /// let filter = Rql::all(parts.into_iter().flatten());
    /// assert_eq!(filter.map(|filter| filter.to_string()).as_deref(),
    ///     Some("and(eq(status,pending),eq(product_id,PRD-111-222-333))"));
    /// assert_eq!(Rql::all([]), None);
    /// ```
    #[must_use]
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().reduce(BitAnd::bitand)
    }

    /// Returns the conjunction of `parts` with nested conjunctions dissolved.
    pub(super) fn flat_all(parts: Vec<Self>) -> Self {
        group(parts.into_iter().flat_map(Self::into_conjuncts).collect(), Self::All)
    }

    /// Returns the disjunction of `parts` with nested disjunctions dissolved.
    pub(super) fn flat_any(parts: Vec<Self>) -> Self {
        group(parts.into_iter().flat_map(Self::into_alternatives).collect(), Self::Any)
    }

    fn into_conjuncts(self) -> Vec<Self> {
        match self {
            Self::All(members) => members,
            other => vec![other],
        }
    }

    fn into_alternatives(self) -> Vec<Self> {
        match self {
            Self::Any(members) => members,
            other => vec![other],
        }
    }
}

fn group(mut members: Vec<Rql>, kind: fn(Vec<Rql>) -> Rql) -> Rql {
    match members.pop() {
        Some(only) if members.is_empty() => only,
        last => {
            members.extend(last);
            kind(members)
        }
    }
}

/// Returns `left` followed by `right`, unless `right` is exactly one part that `left` already has:
/// as the official Python client joins.
fn joined(mut left: Vec<Rql>, right: Vec<Rql>) -> Vec<Rql> {
    match right.as_slice() {
        [only] if left.contains(only) => {}
        _ if left == right => {}
        _ => left.extend(right),
    }
    left
}

impl BitAnd for Rql {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        group(joined(self.into_conjuncts(), other.into_conjuncts()), Self::All)
    }
}

impl BitOr for Rql {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        group(joined(self.into_alternatives(), other.into_alternatives()), Self::Any)
    }
}

impl Not for Rql {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// Writes the instant with offset, `2024-01-31T10:00:00+00:00`, and with its fraction if it has
/// one.
impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Text(at.display_with_offset(Offset::UTC).to_string())
    }
}

impl From<DateTime> for Value {
    fn from(at: DateTime) -> Self {
        at.timestamp().into()
    }
}

macro_rules! values_as_displayed {
    ($($kind:ty),+) => {$(
        impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                Self::Text(value.to_string())
            }
        }
    )+};
}

values_as_displayed!(bool, i32, i64, u32, u64, usize, Decimal, Date);
