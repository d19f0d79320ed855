//! The lifecycle of requests and assets, as tables.
//!
//! [`allow`] answers for every (request type, status, operation) whether the platform accepts it
//! and where the request goes; [`on_create`] and [`on_outcome`] say what creating and concluding a
//! request does to its asset. The client never asks these questions, the platform does: the
//! emulator enforces them and the tests print them as one readable table.
//!
//! ```
//! use connect_model::lifecycle::{Caller, Next, Operation, allow};
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

mod asset;
mod request;

pub use asset::{Verdict, allowed_asset_statuses, on_create, on_outcome};
pub use request::{
    Allowed, Caller, FirstStatus, Next, Operation, Refused, allow, draft_capability, first_status,
    is_reachable,
};
