//! What the objects of the platform have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something with an id in one of the platform's collections.
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The path of the collection, without slashes around it: `requests`, `tier/accounts`.
    const COLLECTION: &'static str;

    /// The id under which the collection holds it.
    fn id(&self) -> &str;
}
