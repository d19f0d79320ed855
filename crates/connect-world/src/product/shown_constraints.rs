//! Constraints that are written once and shown often.

use std::sync::OnceLock;

use serde_json::value::RawValue;

/// The constraints of a parameter as JSON, written once: they are the same in every asset and
/// request of the product, and a third of what these say of a parameter.
#[derive(Debug, Default)]
pub(crate) struct ShownConstraints(OnceLock<Option<Box<RawValue>>>);

impl ShownConstraints {
    /// Returns the JSON, written now unless it was before.
    pub(crate) fn get_or(
        &self,
        write: impl FnOnce() -> Option<Box<RawValue>>,
    ) -> Option<&RawValue> {
        self.0.get_or_init(write).as_deref()
    }
}

/// A copy is made to be changed.
impl Clone for ShownConstraints {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Says nothing that the parameter itself does not say.
impl PartialEq for ShownConstraints {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
