//! Refusals of query strings, and the limits behind them.

/// The longest query string that is read, in bytes as received. Addresses of 64 KiB are too long for
/// servers.
pub const MAX_LENGTH: usize = 60 * 1024;

/// The deepest nesting of expressions that is read.
pub const MAX_DEPTH: usize = 64;

/// The reason for which a query string is refused. `Display` is for developers;
/// [`RqlError::platform_text`] is what the platform would say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RqlError {
    /// The text does not follow the grammar.
    #[error("expected {expected} at byte {position} of the decoded query")]
    Syntax {
        /// The place, in bytes of the decoded query.
        position: usize,
        /// The words that would have been right there.
        expected: &'static str,
    },
    /// A `%` without two hex digits after it, or bytes that are not UTF-8.
    #[error("bad percent-encoding at byte {position}: write `%` and two hex digits of UTF-8")]
    Encoding {
        /// The place, in bytes of the query as received.
        position: usize,
    },
    /// The query is longer than [`MAX_LENGTH`].
    #[error("the query is {length} bytes long: {MAX_LENGTH} are read at most")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// The expression nests deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels at byte {position} of the decoded query")]
    TooDeep {
        /// The place, in bytes of the decoded query.
        position: usize,
    },
    /// A Django-style parameter that has no RQL form.
    #[error("`{parameter}` has no RQL form: {reason}")]
    Unconvertible {
        /// The parameter, as `name=value`.
        parameter: String,
        /// The reason.
        reason: &'static str,
    },
    /// More than one `ordering(…)`.
    #[error("more than one ordering: put all fields into one `ordering(…)`")]
    SeveralOrderings,
    /// More than one `select(…)`.
    #[error("more than one select: put all fields into one `select(…)`")]
    SeveralSelects,
    /// `limit` or `offset` given twice, or not with `=`.
    #[error("`limit` and `offset` are written once each, as `limit=100&offset=0`")]
    Page,
    /// `search` given twice, or not with `=`.
    #[error("`search` is written once, as `search=text`")]
    Search,
}

impl RqlError {
    /// Returns the platform's answer, in the texts of its public query library as far as it has one.
    #[must_use]
    pub fn platform_text(&self) -> &'static str {
        match self {
            Self::SeveralOrderings => {
                "Bad ordering filter: query can contain only one ordering operation."
            }
            Self::SeveralSelects => {
                "Bad select filter: query can contain only one select operation."
            }
            Self::Page => "Limit and offset are set incorrectly.",
            Self::TooLong { .. } => "The query is too long: 60 KiB are read at most.",
            Self::Syntax { .. }
            | Self::Encoding { .. }
            | Self::TooDeep { .. }
            | Self::Unconvertible { .. }
            | Self::Search => "Bad filter query.",
        }
    }
}
