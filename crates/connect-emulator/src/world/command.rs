//! The words spoken to the world and what comes back.

use bytes::Bytes;
use connect_model::lifecycle::Operation;
use connect_model::{
    AssetId, ConversationId, ParameterId, ProductId, RequestId, TemplateId, TierAccountId,
};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::query::ContentRange;

/// Something to be done. Bodies are the JSON bodies of the platform's REST API.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// `POST /requests`.
    CreateRequest {
        /// The body.
        body: Value,
    },
    /// `POST /requests/{id}/{verb}`, and `PUT /requests/{id}`.
    Operate {
        /// The request.
        id: RequestId,
        /// Which operation; for `PUT` it is `update`.
        operation: Operation,
        /// The body, `null` when there was none.
        body: Value,
        /// The secret code of the inquiring form, from the query.
        code: Option<String>,
    },
    /// `POST /products`.
    CreateProduct {
        /// The body.
        body: Value,
    },
    /// `PUT /products/{id}`.
    UpdateProduct {
        /// The product.
        id: ProductId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{id}`.
    DeleteProduct {
        /// The product.
        id: ProductId,
    },
    /// `POST /products/{product}/items`.
    CreateItem {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/items/{id}`.
    UpdateItem {
        /// The product.
        product: ProductId,
        /// The item, by global or local id.
        id: String,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/items/{id}`.
    DeleteItem {
        /// The product.
        product: ProductId,
        /// The item, by global or local id.
        id: String,
    },
    /// `POST /products/{product}/parameters`.
    CreateParameter {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/parameters/{id}`.
    UpdateParameter {
        /// The product.
        product: ProductId,
        /// The parameter.
        id: ParameterId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/parameters/{id}`.
    DeleteParameter {
        /// The product.
        product: ProductId,
        /// The parameter.
        id: ParameterId,
    },
    /// `POST /products/{product}/templates`.
    CreateTemplate {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/templates/{id}`.
    UpdateTemplate {
        /// The product.
        product: ProductId,
        /// The template.
        id: TemplateId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/templates/{id}`.
    DeleteTemplate {
        /// The product.
        product: ProductId,
        /// The template.
        id: TemplateId,
    },
    /// `POST /tier/accounts`.
    CreateTierAccount {
        /// The body.
        body: Value,
    },
    /// `PUT /tier/accounts/{id}`.
    UpdateTierAccount {
        /// The account.
        id: TierAccountId,
        /// The body.
        body: Value,
    },
    /// `POST /conversations/{conversation}/messages`.
    CreateMessage {
        /// The conversation, by its own id or its object's.
        conversation: String,
        /// The body.
        body: Value,
    },
    /// `POST /conversations/{conversation}/close`.
    CloseConversation {
        /// The conversation, by its own id or its object's.
        conversation: String,
    },
}

/// A command was carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// 200, 201 or 204.
    pub status: StatusCode,
    /// The object as JSON; empty for 204.
    pub body: Bytes,
    /// What changed. Every changed object is named by some event.
    pub events: Vec<Event>,
}

/// Something changed in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// How.
    pub kind: EventKind,
    /// What.
    pub object: ObjectRef,
}

/// How an object changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It came into being.
    Created,
    /// It is no longer what it was.
    Changed,
    /// It is gone.
    Deleted,
}

/// An object of the world. The items, parameters and templates of a product are parts of it, as
/// the messages are of their conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectRef {
    /// A request.
    Request(RequestId),
    /// An asset.
    Asset(AssetId),
    /// A product with its items, parameters and templates.
    Product(ProductId),
    /// A tier account with all its versions.
    TierAccount(TierAccountId),
    /// A conversation with its messages.
    Conversation(ConversationId),
}

impl ObjectRef {
    /// The word for its kind, as the store files it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Asset(_) => "asset",
            Self::Product(_) => "product",
            Self::TierAccount(_) => "tier_account",
            Self::Conversation(_) => "conversation",
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Request(id) => id.as_str(),
            Self::Asset(id) => id.as_str(),
            Self::Product(id) => id.as_str(),
            Self::TierAccount(id) => id.as_str(),
            Self::Conversation(id) => id.as_str(),
        }
    }
}

/// One page of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPage {
    /// A JSON array.
    pub body: Bytes,
    /// Where the page lies in the whole.
    pub range: ContentRange,
}
