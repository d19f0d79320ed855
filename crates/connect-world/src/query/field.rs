//! The declaration of one filter.

use connect_model::rql::{Operator, Test};

use crate::query::cell::Cell;

/// The name of the filter of an element that has no members, such as a word.
pub(crate) const ITSELF: &str = "";

/// Reads a column of a row.
pub(crate) type Get<T> = for<'a> fn(&'a T) -> Cell<'a>;

/// A way a filter can be asked, as the OpenAPI document lists them per filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// `eq`
    Eq,
    /// `ne`
    Ne,
    /// `gt`
    Gt,
    /// `ge`
    Ge,
    /// `lt`
    Lt,
    /// `le`
    Le,
    /// `in`
    In,
    /// `out`
    Out,
    /// `like`
    Like,
    /// `ilike`
    Ilike,
    /// `null()` as a value of `eq`, `ne`, `in` and `out`.
    Null,
}

impl Lookup {
    /// Returns the lookup a test uses.
    pub(crate) fn of(test: &Test) -> Self {
        match test {
            Test::In(_) => Self::In,
            Test::Out(_) => Self::Out,
            Test::Is(Operator::Eq, _) => Self::Eq,
            Test::Is(Operator::Ne, _) => Self::Ne,
            Test::Is(Operator::Gt, _) => Self::Gt,
            Test::Is(Operator::Ge, _) => Self::Ge,
            Test::Is(Operator::Lt, _) => Self::Lt,
            Test::Is(Operator::Le, _) => Self::Le,
            Test::Is(Operator::Like, _) => Self::Like,
            Test::Is(Operator::Ilike, _) => Self::Ilike,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::In => "in",
            Self::Out => "out",
            Self::Like => "like",
            Self::Ilike => "ilike",
            Self::Null => "null",
        }
    }
}

/// The kinds of values a filter can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Choice(&'static [&'static str]),
    Number,
    Time,
    Bool,
}

impl Kind {
    fn lookups(self) -> &'static [Lookup] {
        use Lookup::{Eq, Ge, Gt, Ilike, In, Le, Like, Lt, Ne, Null, Out};
        match self {
            Self::Text => &[Eq, Ne, In, Out, Like, Ilike, Null],
            Self::Choice(_) => &[Eq, Ne, In, Out, Like, Ilike],
            Self::Number | Self::Time => &[Eq, Ne, Gt, Ge, Lt, Le, In, Out],
            Self::Bool => &[Eq, Ne],
        }
    }
}

/// One filter of a collection, with one value per row.
///
/// A constructor names the kind, which brings the usual lookups; the other methods change or
/// add to that.
#[derive(Clone, Debug)]
pub(crate) struct Field<T> {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) kind: Kind,
    pub(crate) is_orderable: bool,
    pub(crate) is_searched: bool,
    pub(crate) column: Column<T>,
    lookups: &'static [Lookup],
    is_nullable: bool,
}

impl<T> Field<T> {
    /// Declares a text or an id. Lookups: eq, ne, in, out, like, ilike, null.
    pub(crate) fn text(name: &'static str, get: Get<T>) -> Self {
        Self::new(name, Kind::Text, get)
    }

    /// Declares an enum; values outside `words` are refused, patterns are not. Lookups: eq, ne, in,
    /// out, like, ilike.
    pub(crate) fn choice(name: &'static str, words: &'static [&'static str], get: Get<T>) -> Self {
        Self::new(name, Kind::Choice(words), get)
    }

    /// Declares a number. Lookups: eq, ne, gt, ge, lt, le, in, out.
    pub(crate) fn number(name: &'static str, get: Get<T>) -> Self {
        Self::new(name, Kind::Number, get)
    }

    /// Declares a date-time. Lookups: eq, ne, gt, ge, lt, le, in, out.
    pub(crate) fn time(name: &'static str, get: Get<T>) -> Self {
        Self::new(name, Kind::Time, get)
    }

    /// Declares a boolean. Lookups: eq, ne.
    pub(crate) fn boolean(name: &'static str, get: Get<T>) -> Self {
        Self::new(name, Kind::Bool, get)
    }

    fn new(name: &'static str, kind: Kind, get: Get<T>) -> Self {
        Self {
            name,
            aliases: &[],
            kind,
            is_orderable: false,
            is_searched: false,
            column: Column { get, null_id: None },
            lookups: kind.lookups(),
            is_nullable: false,
        }
    }

    /// Adds other names of the filter.
    #[must_use]
    pub(crate) fn aliases(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// Takes exactly these lookups instead of the usual ones of the kind.
    #[must_use]
    pub(crate) fn lookups(mut self, lookups: &'static [Lookup]) -> Self {
        self.lookups = lookups;
        self
    }

    /// Takes also `null()` as a value.
    #[must_use]
    pub(crate) fn nullable(mut self) -> Self {
        self.is_nullable = true;
        self
    }

    /// Takes an id that stands for "none" (`MP-00000`), in filters as well as in rows.
    #[must_use]
    pub(crate) fn null_id(mut self, id: &'static str) -> Self {
        self.column.null_id = Some(id);
        self
    }

    /// Lets the field be sorted by.
    #[must_use]
    pub(crate) fn orderable(mut self) -> Self {
        self.is_orderable = true;
        self
    }

    /// Lets `search=` look into the field; meant for texts.
    #[must_use]
    pub(crate) fn searched(mut self) -> Self {
        self.is_searched = true;
        self
    }

    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }

    pub(crate) fn takes(&self, lookup: Lookup) -> bool {
        self.lookups.contains(&lookup) || (lookup == Lookup::Null && self.is_nullable)
    }

    pub(crate) fn is_null_id(&self, text: &str) -> bool {
        self.column.null_id == Some(text)
    }
}

/// A reader of a field's cell; the id that stands for "none" reads as null.
#[derive(Debug)]
pub(crate) struct Column<T> {
    get: Get<T>,
    null_id: Option<&'static str>,
}

impl<T> Column<T> {
    pub(crate) fn read<'a>(&self, row: &'a T) -> Cell<'a> {
        match (self.get)(row) {
            Cell::Text(text) if self.null_id == Some(&*text) => Cell::Null,
            cell => cell,
        }
    }
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}
