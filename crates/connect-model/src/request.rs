//! Requests: what all families of them share, and what each says for itself.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::asset::Unsaid;
use crate::datetime::DateTime;
use crate::id::{ProductId, TemplateId, UserId};
use crate::lifecycle::Operation;
use crate::parameter::{Parameter, ParameterPhase, ParameterUpdate};
use crate::product::Product;
use crate::reference::Reference;
use crate::request_status::RequestStatus;
use crate::resource::Resource;
use crate::template::TemplateScope;

/// The user a request is assigned to. The platform writes `""` for nobody; old payloads carry a
/// name.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Assignee {
    /// Nobody.
    #[default]
    Nobody,
    /// A name, as old payloads have it.
    Name(String),
    /// A user.
    User(Reference<UserId>),
}

impl Assignee {
    /// Whether nobody works on the request.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }

    /// Returns the name of who works on the request, the id of a user without one, and nothing for
    /// nobody.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Nobody => "",
            Self::Name(name) => name,
            Self::User(user) => user.name.as_deref().unwrap_or_else(|| user.id.as_str()),
        }
    }
}

impl Serialize for Assignee {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nobody => serializer.serialize_str(""),
            Self::Name(name) => serializer.serialize_str(name),
            Self::User(user) => user.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Assignee {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::Nobody),
            Value::String(name) if name.is_empty() => Ok(Self::Nobody),
            Value::String(name) => Ok(Self::Name(name)),
            user => Reference::deserialize(user).map(Self::User).map_err(serde::de::Error::custom),
        }
    }
}

/// A resource the platform hands to the vendor to be worked on.
///
/// Requests that are alike are a *family*, such as the requests for assets. The trait is all that
/// clients and processors know of one: where its requests say what they are about, and which calls
/// decide them. A new family is a module with a type, its [`RequestType`], its [`Action`]s and this
/// trait; clients and processors stay as they are.
pub trait Request: Resource {
    /// The word for what is asked.
    type Type: RequestType<Request = Self>;

    /// The field that holds what a request changes, such as `asset`. Requests that change the same
    /// are worked on one after the other. It has an id, and may have a `product` and a
    /// `connection`.
    const SUBJECT: &'static str;

    /// Fields that are left out of lists to make them short.
    const LEFT_OUT: &'static [&'static str] = &[];

    /// The statuses in which a request waits for the vendor: it is to be decided, or to be taken
    /// back.
    const WAITS_IN: &'static [RequestStatus] = &[RequestStatus::Pending];

    /// The type of requests that may be migrations, as the platform spells it; none in most
    /// families.
    const MIGRATED: Option<&'static str> = None;

    /// The fields by which lists of the family are filtered and ordered.
    const FIELDS: ListFields;

    /// Returns the scopes of all templates that approvals of the family may take for a product.
    fn template_scopes(product: &Product) -> &'static [TemplateScope];

    /// Returns the product it is about, when it says so.
    fn product(&self) -> Option<&ProductId>;

    /// Returns the scope of the templates that its approval takes. `None` when it takes none.
    fn template_scope(&self) -> Option<TemplateScope>;

    /// Returns the type: what it asks for.
    fn kind(&self) -> &Self::Type;

    /// Returns the status.
    fn status(&self) -> &RequestStatus;

    /// Returns the reason for which it failed or was revoked; empty when it did not, or nobody said.
    fn reason(&self) -> &str;

    /// Returns its parameters, with their values so far.
    fn params(&self) -> &[Parameter];

    /// Returns the field that the platform left unsaid although nobody can work on the request
    /// without it.
    fn unsaid(&self) -> Option<Unsaid> {
        None
    }

    /// Returns the parameter of this key, when its value says that the request is a migration: the
    /// subscription comes from another system, so the vendor has already what is ordered. Only
    /// requests of the type [`MIGRATED`](Self::MIGRATED) are migrations.
    fn migration(&self, key: &str) -> Option<&Parameter> {
        let may_be = Self::MIGRATED.is_some_and(|kind| kind == self.kind().as_str());
        let is_ordered = |param: &Parameter| param.phase != Some(ParameterPhase::Fulfillment);
        let says_so =
            |param: &&Parameter| param.id == key && is_ordered(param) && !param.is_empty();
        self.params().iter().find(says_so).filter(|_| may_be)
    }

    /// Returns the action that grants a request, with a template and since an instant; since now,
    /// when none is given. `None` when approvals of the family cannot say what is given.
    fn approve(template: Option<TemplateId>, since: Option<DateTime>) -> Option<impl Action<Self>>;

    /// Returns the action that refuses a request for good.
    fn fail(reason: String) -> impl Action<Self>;

    /// Returns the action that sends a request back to the customer, with a template when one is
    /// given. `None` when inquiries of the family take none.
    fn inquire(template: Option<TemplateId>) -> Option<impl Action<Self>>;

    /// Returns the action that accepts a request for a later day. `None` when the family has no
    /// such thing.
    fn schedule(_day: DateTime) -> Option<impl Action<Self>> {
        None::<NoAction>
    }

    /// Returns the action that confirms that a request was taken back which was accepted for a later
    /// day. `None` when the family has no such thing.
    fn confirm() -> Option<impl Action<Self>> {
        None::<NoAction>
    }

    /// Returns the body of the `PUT` that writes these parameters; all others keep what they hold.
    /// `None` when requests of the family have no parameters.
    fn update(params: Vec<ParameterUpdate>) -> Option<impl Serialize>;
}

/// The fields by which lists of a family are filtered and ordered (OpenAPI 37.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListFields {
    /// The product's id.
    pub product: &'static str,
    /// The environment; `None` when such lists cannot be filtered by it.
    pub environment: Option<&'static str>,
    /// The request's type; `None` when such lists cannot be filtered by it.
    pub kind: Option<&'static str>,
    /// The time of creation.
    pub created: &'static str,
}

/// The type of a request, which chooses its Rust type: `AssetRequestType::Resume` is for
/// [`AssetRequest`](crate::AssetRequest).
pub trait RequestType: Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    /// The requests that carry this type.
    type Request: Request<Type = Self>;

    /// Returns the word as the platform spells it.
    fn as_str(&self) -> &str;

    /// Returns the reason for which requests of this type for a product never reach the vendor,
    /// where there is one.
    fn obstacle(&self, _product: &Product) -> Option<&'static str> {
        None
    }
}

/// `POST /{collection}/{id}/{verb}`: the body of an operation on a request, and the shape of its
/// answer.
pub trait Action<R: Request>: Serialize + Send + Sync {
    /// The operation: the last segment of the path, and where it leads.
    const OPERATION: Operation;
    /// Whether the platform answers with the request as it is then. After any other answer only
    /// reading shows it.
    const IS_SHOWN: bool = true;
    /// The answer of the platform.
    type Output: DeserializeOwned;
}

/// An action that a family does not have.
#[derive(Serialize)]
pub(crate) enum NoAction {}

impl<R: Request> Action<R> for NoAction {
    const OPERATION: Operation = Operation::Schedule;
    type Output = ();
}
