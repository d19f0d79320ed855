//! The words and rules of CloudBlue Connect, as plain values.
//!
//! Nothing here does IO, reads a clock or rolls dice. The client, the processor and the emulator
//! share these types, so a rule of the platform is written once:
//!
//! * [`AssetRequest`] and [`Asset`] are what a processor works on; start there. What is written to
//!   requests of that family is in [`asset_request`]. Resellers are configured by
//!   [`TierConfigRequest`]s, [`tier_config_request`]; vendors hear of changed accounts by
//!   [`TierAccountRequest`]s, [`tier_account_request`].
//! * [`UsageFile`] reports what was used; a [`BillingRequest`] records what was billed.
//! * [`Request`] is what a family of requests says for itself.
//! * [`lifecycle`] says which operation a request accepts in which status, and what that does to
//!   its asset; and the same of usage files.
//! * [`rql`] is the platform's query language, as a value with a printer and a parser.
//! * [`Refusal`] is the body of every error answer.
//!
//! Enums of the platform are *open* (an unknown word is kept in `Other`) and structs keep the
//! fields they do not know in `rest`, so reading an object and writing it back loses nothing when
//! the platform grows. Of an object only its id is indispensable: a field that is absent or `null`
//! is read as unsaid, and is not taken for *none* where a decision hangs on it
//! ([`Asset::items`](Asset::items())).
//!
//! ```
//! use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
//!
//! let request: AssetRequest = serde_json::from_str(
//!     r#"{"id": "PR-8027-7606-7082-003", "type": "resume", "status": "pending",
//!         "asset": {"id": "AS-8027-7606-7082", "status": "suspended",
//!                   "params": [{"id": "subscription_id", "phase": "fulfillment", "value": "t-1"}]}}"#,
//! )?;
//! assert_eq!(request.kind, AssetRequestType::Resume);
//! assert_eq!(request.status, RequestStatus::Pending);
//! assert_eq!(request.asset.value("subscription_id"), Some("t-1"));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod account;
mod asset;
pub mod asset_request;
mod billing;
mod billing_request;
mod capabilities;
mod capability;
mod configuration;
mod connection;
mod conversation;
mod datetime;
mod id;
mod item;
mod lenient;
pub mod lifecycle;
mod marketplace;
mod open_enum;
mod parameter;
mod product;
mod product_action;
mod product_item;
mod reference;
mod refusal;
mod renewal;
mod request;
mod request_status;
mod resource;
mod rest;
pub mod rql;
mod service_level;
mod subscription;
mod template;
mod tier_account;
pub mod tier_account_request;
mod tier_config;
pub mod tier_config_request;
mod usage_file;
mod usage_record;
mod usage_sheet;
mod webhook;

pub use account::{Account, Hub};
pub use asset::{Asset, AssetStatus, Tiers, Unsaid};
pub use asset_request::{AssetRequest, AssetRequestType};
pub use billing::{
    Anniversary, Billed, BilledPeriod, Billing, BillingCycle, BillingRequestType, BillingStats,
    LastBill,
};
pub use billing_request::{
    BilledItem, BillingAttributes, BillingRequest, ItemBilling, NewBillingRequest,
};
pub use capabilities::Capabilities;
pub use capability::Capability;
pub use configuration::Configuration;
pub use connection::{Connection, ConnectionType};
pub use conversation::{Conversation, Message, MessageType};
pub use datetime::{BadDateTime, DateTime};
pub use id::{
    AccountId, ActionId, AssetId, BadId, BillingRequestId, ConnectionId, ContractId,
    ConversationId, HubId, ItemId, ListingId, MarketplaceId, MessageId, ParameterId, ProductId,
    RequestId, TemplateId, TierAccountId, TierAccountRequestId, TierConfigId, TierConfigRequestId,
    UsageFileId, UsageRecordId, UserId, WebhookId,
};
pub use item::{BadQuantity, Item, Quantity};
pub use marketplace::Marketplace;
pub use parameter::{Parameter, ParameterPhase, ParameterType, ParameterUpdate};
pub use product::{Product, ProductParameter, ProductStatus};
pub use product_action::ProductAction;
pub use product_item::{BillingPeriod, ItemStatus, ItemType, Precision, ProductItem, Unit};
pub use reference::{At, Events, Reference, created_at};
pub use refusal::Refusal;
pub use renewal::{Renewal, RenewalSchema, RenewalTerm, RenewalUnit};
pub use request::{Action, Assignee, ListFields, Request, RequestType};
pub use request_status::RequestStatus;
pub use resource::Resource;
pub use rest::Rest;
pub use service_level::ServiceLevel;
pub use subscription::Subscription;
pub use template::{Template, TemplateScope, TemplateType};
pub use tier_account::{Contact, ContactInfo, PhoneNumber, TierAccount, TierAccountType};
pub use tier_account_request::{TierAccountRequest, TierAccountRequestType};
pub use tier_config::{TierConfig, TierConfigStatus};
pub use tier_config_request::{TierConfigRequest, TierConfigRequestType};
pub use usage_file::{
    NewUsageFile, UsageFile, UsageFileStatus, UsageFileUpdate, UsagePeriod, UsageRecordStatus,
    UsageSchema, UsageStats,
};
pub use usage_record::UsageRecord;
pub use usage_sheet::{BillingRow, UsageCategory, UsageCellError, UsageRow, UsageSheet};
pub use webhook::{
    DeliveryStatus, ForgottenKey, LastDelivery, Webhook, WebhookObjectClass, WebhookStats,
    WebhookType,
};
