//! The trait that the objects of the platform share.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// An object with an id in one of the platform's collections.
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The path of the collection, without slashes around it: `requests`, `tier/accounts`.
    const COLLECTION: &'static str;

    /// Returns the id under which the collection holds it.
    fn id(&self) -> &str;
}
