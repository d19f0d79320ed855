//! The strictness with which queries are taken.

/// The strictness with which queries are taken.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Whether unknown filter names are refused. The platform ignores them, so a typo returns all
    /// rows.
    pub strict: bool,
}
