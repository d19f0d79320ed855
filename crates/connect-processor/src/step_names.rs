//! The names of the steps that handlers take, declared.

use std::collections::BTreeSet;

use connect_journal::{Claim, StepName};

/// The names of the steps that the handlers of a family of requests take, and their former names.
///
/// ```
/// use connect_processor::StepNames;
///
/// let names = StepNames::of(["create_tenant", "set_limit", "rename.*"]);
/// let names = names.renamed("create", "create_tenant");
/// # let _ = names;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepNames {
    names: BTreeSet<String>,
    /// Former names, each with the one that has taken its place.
    renamed: Vec<(String, String)>,
}

impl StepNames {
    /// Adds other names.
    pub(crate) fn extend(&mut self, others: Self) {
        self.names.extend(others.names);
        self.renamed.extend(others.renamed);
    }

    /// These names. One that ends in `*` stands for all that begin like it: of a loop that names its
    /// steps after what it loops over.
    #[must_use]
    pub fn of(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), renamed: Vec::new() }
    }

    /// The same, where the step `new` was called `old` before. A run that has begun under the old
    /// name goes on under it: what is recorded counts, and the [key](crate::StepKey) stays the same.
    ///
    /// Such a step is written down before it is taken, which costs one more write. Take the line out
    /// once no run is open that has the old name.
    #[must_use]
    pub fn renamed(mut self, old: impl Into<String>, new: impl Into<String>) -> Self {
        self.renamed.push((old.into(), new.into()));
        self
    }

    /// Whether a handler may take a step of this name.
    pub(crate) fn has(&self, name: &StepName) -> bool {
        let name = name.as_str();
        let fits = |one: &String| match one.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => one == name,
        };
        self.names.iter().any(fits) || self.renamed.iter().any(|(_, new)| new == name)
    }

    /// Whether a record of this name is one that some handler goes on from.
    pub(crate) fn knows(&self, name: &StepName) -> bool {
        self.has(name) || self.renamed.iter().any(|(old, _)| old == name.as_str())
    }

    /// Whether a step was called otherwise before.
    pub(crate) fn is_new(&self, name: &StepName) -> bool {
        self.former(name).next().is_some()
    }

    fn former(&self, name: &StepName) -> impl Iterator<Item = StepName> {
        let renamed = self.renamed.iter().filter(|(_, new)| new == name.as_str());
        renamed.map(|(old, _)| StepName::from(old.as_str()))
    }

    /// Returns the name by which a run has a step. Where nothing is written down, an earlier attempt
    /// was one of the version before: this one writes down what it is about to do.
    pub(crate) fn in_run(&self, name: &StepName, claim: &Claim) -> StepName {
        let is_recorded = |name: &StepName| claim.steps.iter().any(|record| record.step == *name);
        if is_recorded(name) {
            return name.clone();
        }
        let recorded = self.former(name).find(is_recorded);
        let untold = || self.former(name).next().filter(|_| claim.attempt > 1);
        recorded.or_else(untold).unwrap_or_else(|| name.clone())
    }
}

impl<N: Into<String>, const COUNT: usize> From<[N; COUNT]> for StepNames {
    fn from(names: [N; COUNT]) -> Self {
        Self::of(names)
    }
}
