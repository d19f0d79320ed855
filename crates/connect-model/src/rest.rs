//! The fields of objects that are not known.

use serde_json::{Map, Value};

/// The fields of an object that this version does not know, kept as they came.
pub type Rest = Map<String, Value>;
