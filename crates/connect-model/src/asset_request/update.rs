//! The body that writes to a request.

use serde::Serialize;

use crate::parameter::ParameterUpdate;

/// The body of `PUT /requests/{id}`: parameters by key, and the note.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RequestUpdate {
    /// Free text of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    asset: AssetUpdate,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct AssetUpdate {
    params: Vec<ParameterUpdate>,
}

impl RequestUpdate {
    /// Returns an update of these parameters; all others keep what they hold.
    pub fn params(params: impl IntoIterator<Item = ParameterUpdate>) -> Self {
        Self { note: None, asset: AssetUpdate { params: params.into_iter().collect() } }
    }
}
