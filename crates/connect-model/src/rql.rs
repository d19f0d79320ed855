//! RQL, the platform's query language, as a value.
//!
//! [`field`] starts a condition; `&`, `|` and `!` combine conditions; [`Query`] is a whole list
//! query with its paging, ordering and selects. Printing gives what the official Python client
//! sends for the same expression, and additionally quotes what would not survive unquoted.
//!
//! ```
//! use connect_model::rql::{Order, Query, Rql, field};
//!
//! let pending = field("status").eq("pending")
//!     & field("asset.product.id").in_(["PRD-111-222-333", "PRD-111-222-444"]);
//! assert_eq!(
//!     pending.to_string(),
//!     "and(eq(status,pending),in(asset.product.id,(PRD-111-222-333,PRD-111-222-444)))"
//! );
//!
//! let query = Query {
//!     filter: Some(pending),
//!     ordering: vec![Order::descending("created")],
//!     limit: Some(100),
//!     ..Query::default()
//! };
//! assert_eq!(Query::parse(&query.to_query_string()?)?, query);
//!
//! let renamed: Rql = "ilike(name,*acme*)".parse()?;
//! assert_eq!(renamed, field("name").ilike("*acme*"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod check;
mod cursor;
mod django;
mod encode;
mod error;
mod parse;
mod print;
mod query;
mod query_string;

pub use build::{Field, field, same};
pub use check::Inexpressible;
pub use django::Filters;
pub use error::{MAX_DEPTH, MAX_LENGTH, RqlError};
pub use query::{Order, Query, Select};

/// A filter expression.
///
/// The builders ([`field`], `&`, `|`, `!`, [`Rql::all`]) and the parser keep it flat: a group
/// holds two or more members, never another group of its own kind, and a `Not` never a `Not`.
///
/// ```
/// use connect_model::rql::{Rql, field};
///
/// let open = field("status").in_(["pending", "inquiring"]) & !field("type").eq("cancel");
/// assert_eq!(open.to_string(), "and(in(status,(pending,inquiring)),not(eq(type,cancel)))");
/// assert_eq!(open.to_string().parse::<Rql>()?, open);
/// # Ok::<(), connect_model::rql::RqlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rql {
    /// `and(…)`: every member holds.
    All(Vec<Self>),
    /// `or(…)`: some member holds.
    Any(Vec<Self>),
    /// `not(…)`.
    Not(Box<Self>),
    /// One test of one field.
    Condition(Condition),
}

/// One test of one field, such as `eq(status,pending)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The filter's name: a letter, then letters, digits, `_`, `.` and `-`.
    pub field: String,
    /// The test its value must pass.
    pub test: Test,
}

/// A test that the value of a field must pass.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// A comparison with one value.
    Is(Operator, Value),
    /// Equal to one of the values.
    In(Vec<Value>),
    /// Equal to none of the values.
    Out(Vec<Value>),
}

impl Test {
    /// Returns the word RQL has for it, such as `eq` or `in`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Is(operator, _) => operator.as_str(),
            Self::In(_) => "in",
            Self::Out(_) => "out",
        }
    }

    /// Returns the values it compares with.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        match self {
            Self::Is(_, value) => std::slice::from_ref(value),
            Self::In(values) | Self::Out(values) => values,
        }
    }
}

/// A comparison of a field with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal; fields without a value match.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Matches a pattern in which `*` stands for any run of characters, `\*` for a star and `\\`
    /// for a backslash.
    Like,
    /// [`Operator::Like`] without regard to case.
    Ilike,
}

impl Operator {
    /// Returns the word RQL has for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Like => "like",
            Self::Ilike => "ilike",
        }
    }
}

/// A value that a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A text; numbers, instants, `true` and `false` are texts in RQL.
    ///
    /// RQL has no escape inside quotes, so a text with both kinds of quotes cannot be sent:
    /// [`Query::to_query_string`] refuses it.
    Text(String),
    /// `null()`: no value.
    Null,
    /// `empty()`: the empty text.
    Empty,
    /// `t(…)`: conditions that the same element of a list must satisfy; each is a
    /// [`Test::Is`]. [`same`] makes the usual ones.
    Tuple(Vec<Condition>),
}

/// Whether `name` can be written where RQL wants a field name.
fn is_field_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(continues_field)
}

/// Whether a field name may go on with `c`.
fn continues_field(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// Whether an unquoted value may start with `c`.
fn starts_bare(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '*' | '+' | '\\')
}

/// Whether an unquoted value may go on with `c`.
fn continues_bare(c: char) -> bool {
    starts_bare(c) || c.is_whitespace() || matches!(c, '.' | ':' | '@')
}
