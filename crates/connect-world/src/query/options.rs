//! How queries are taken.

/// How strictly queries are taken.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Refuse unknown filter names. The platform ignores them, so a typo returns all rows.
    pub strict: bool,
}
