//! Operations on requests, and the lifecycles of their families as tables.
//!
//! [`Operation`] is the one table of what can be done to a request of any family: its verb, its
//! words, and where it leads. The rules of a family are in a module of its own:
//! [`asset_request::allow`], [`tier_config_request::allow`] and [`tier_account_request::allow`] answer
//! for every (request type,
//! status, operation) whether the platform accepts it; [`asset_request::on_create`] and
//! [`asset_request::on_outcome`] say what creating and concluding a request does to its asset. The client never asks these questions, the
//! platform does: the emulator enforces them and the tests print them as one readable table.
//!
//! ```
//! use connect_model::lifecycle::asset_request::allow;
//! use connect_model::lifecycle::{Caller, Next, Operation};
//! use connect_model::{AssetRequestType, RequestStatus};
//!
//! let allowed = allow(
//!     &AssetRequestType::Resume,
//!     &RequestStatus::Pending,
//!     Operation::Approve,
//!     Caller::Vendor { preview: false },
//! )?;
//! assert_eq!(allowed.next, Next::To(RequestStatus::Approved));
//! # Ok::<(), connect_model::lifecycle::Refused>(())
//! ```

pub mod asset_request;
pub mod billing_request;
mod first_status;
mod operation;
mod rules;
pub mod tier_account_request;
pub mod tier_config_request;
pub mod usage_file;
pub mod usage_record;
pub mod validation;

pub use first_status::{FirstStatus, first_status};
pub use operation::{Caller, Next, Operation};
pub use rules::{Allowed, Refused};
