//! `select(…)`: fields added to and removed from the objects of an answer.

use connect_model::rql::Select;

use crate::query::error::QueryError;

/// The paths a collection lets clients select.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selectable {
    /// Paths hidden unless added.
    pub additions: &'static [&'static str],
    /// Paths shown unless removed.
    pub removals: &'static [&'static str],
    /// Other spellings, each with the path it stands for.
    pub aliases: &'static [(&'static str, &'static str)],
}

impl Selectable {
    /// Fits the selects of a query to the collection. Adding what is shown and removing what is
    /// hidden anyway is no error.
    ///
    /// # Errors
    /// For unknown paths, and for paths added inside removed ones.
    pub(crate) fn compile(&self, selects: &[Select]) -> Result<Selection, QueryError> {
        let mut selection = Selection::default();
        for select in selects {
            let path = self.path(select.field())?;
            match select {
                Select::Add(_) => selection.added.push(path),
                Select::Remove(_) => selection.removed.push(path),
            }
        }
        selection.check()?;
        selection.added.retain(|path| self.additions.contains(path));
        selection.removed.retain(|path| self.removals.contains(path));
        Ok(selection)
    }

    fn path(&self, field: &str) -> Result<&'static str, QueryError> {
        let alias = self.aliases.iter().find(|(spelling, _)| *spelling == field);
        let field = alias.map_or(field, |(_, path)| path);
        let mut known = self.additions.iter().chain(self.removals);
        known
            .find(|path| **path == field)
            .copied()
            .ok_or_else(|| QueryError::Select(field.to_owned()))
    }
}

/// The paths that a query adds to and removes from each object; made by [`Selectable::compile`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    added: Vec<&'static str>,
    removed: Vec<&'static str>,
}

impl Selection {
    /// Whether the hidden `path` was asked for, itself or something inside it.
    #[must_use]
    pub(crate) fn adds(&self, path: &str) -> bool {
        self.added.iter().any(|added| is_within(added, path))
    }

    /// Whether the shown `path` was removed, itself or something around it.
    #[must_use]
    pub(crate) fn removes(&self, path: &str) -> bool {
        self.removed.iter().any(|removed| is_within(path, removed))
    }

    fn check(&self) -> Result<(), QueryError> {
        if self.added.iter().any(|path| self.removes(path)) {
            return Err(QueryError::IncompatibleSelect);
        }
        Ok(())
    }
}

fn is_within(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
