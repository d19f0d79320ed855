//! The body that writes to a request.

use serde::Serialize;

use crate::parameter::ParameterUpdate;

/// The body of `PUT /tier/config-requests/{id}`: parameters by key, and the notes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TierConfigRequestUpdate {
    /// Free text of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    params: Vec<ParameterUpdate>,
}

impl TierConfigRequestUpdate {
    /// Returns an update of these parameters; all others keep what they hold.
    pub fn params(params: impl IntoIterator<Item = ParameterUpdate>) -> Self {
        Self { notes: None, params: params.into_iter().collect() }
    }
}
