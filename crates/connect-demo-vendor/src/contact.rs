//! The person who is written to about a tenant.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A person who is written to about a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    name: Arc<str>,
    email: Arc<str>,
}
