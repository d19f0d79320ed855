//! What the objects of the platform have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ProductId, TemplateScope, Unsaid};

/// Something with an id in one of the platform's collections.
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The path of the collection, without slashes around it: `requests`, `tier/accounts`.
    const COLLECTION: &'static str;

    /// The id under which the collection holds it.
    fn id(&self) -> &str;
}

/// A resource the platform hands to the vendor to be worked on.
pub trait Request: Resource {
    /// The word for what is asked.
    type Type: RequestType<Request = Self>;

    /// The product it is about, when it says so.
    fn product(&self) -> Option<&ProductId>;

    /// Whose templates its approval takes.
    fn template_scope(&self) -> TemplateScope;

    /// What the platform left unsaid although nobody can work on the request without it.
    fn unsaid(&self) -> Option<Unsaid> {
        None
    }
}

/// Choosing the type chooses the Rust type of the request: `AssetRequestType::Resume` is for
/// [`AssetRequest`](crate::AssetRequest).
pub trait RequestType: Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    /// The requests that carry this type.
    type Request: Request<Type = Self>;

    /// The word as the platform spells it.
    fn as_str(&self) -> &str;
}

/// `POST /{collection}/{id}/{VERB}`: the body of an action and the shape of its answer.
pub trait Action<R: Resource>: Serialize + Send + Sync {
    /// The last segment of the path.
    const VERB: &'static str;
    /// What the platform answers.
    type Output: DeserializeOwned;
}
