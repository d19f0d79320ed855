//! The demo vendor: a small tenant API that processors call in demos and tests.
//!
//! It plays a third party. It knows nothing of Connect, and processors speak to it over HTTP only,
//! with a socket ([`start`]) or without ([`Vendor::service`]). How it misbehaves and hangs up it
//! shares with the emulator. What it adds to an ordinary vendor is honesty after the fact: every
//! effect it carried out and every call it answered stay readable, so that a test can judge what a
//! processor really did.
//!
//! | call | answer |
//! |---|---|
//! | `POST /tenant` `{"externalId"?, "callbackUrl"?}` | 201 tenant |
//! | `GET /tenant?externalId=` | 200 list of live tenants, oldest first, at most 1000 |
//! | `GET /tenant/{id}` | 200 tenant; a deleted one has `"status": "deleted"` |
//! | `PUT /tenant/{id}` `{"licences": {"limit": n}}` | 200 tenant |
//! | `PUT /tenant/{id}/adopt` | 200 tenant, with the external id of the body; 409 when it has another |
//! | `PUT /tenant/{id}/contact` `{"name", "email"}` | 200 tenant, with its `contact` |
//! | `PUT /tenant/{id}/enable`, `/disable` | 200 tenant, also when it already was |
//! | `DELETE /tenant/{id}` | 204 |
//! | `GET /_log?after=seq`, `GET /_calls?after=seq` | 200 [`Effect`]s, [`LoggedCall`]s |
//! | `POST /_faults`, `GET /_faults`, `DELETE /_faults` | 201, 200 [`Fault`]s, 204; `on` an [`TenantOperation`] |
//! | `POST /_prepare` `{"millis"}` | 204; new tenants take this long to be ready |
//! | `POST /_keys` `{"ignored": true}` | 204; it takes no notice of keys from then on |
//! | `POST /_tenants` | 201; one [`Seed`] or a list of them, no effects |
//! | `GET /_health` | 200 |
//!
//! A tenant is `{"tenantId", "externalId", "status": "ready"|"preparing"|"deleted", "enabled", "licences":
//! {"limit"}}`, with `"contact": {"name", "email"}` once one was said; an error is `{"error": {"code", "message"}}`: 404 for an unknown tenant, 409 for
//! an operation on a deleted one, or on one that is not ready yet. Whoever gave a `callbackUrl` with a
//! tenant that takes its time gets one `POST` without a body once it is ready.
//!
//! # Idempotency
//!
//! A call that changes something may carry an `Idempotency-Key`. Once an operation was carried out
//! under a key, the same call is answered from memory, with `Idempotent-Replay: true` and without
//! another effect. A different call under that key is refused with 422 `idempotency_key_reused`; a
//! call that arrives while the first is still being worked on gets 409 `in_progress`. A refusal
//! changed nothing and keeps no key: the call may be repeated once the reason is gone. Without a
//! key every call counts: two equal `POST /tenant` make two tenants.
//!
//! # Example
//!
//! ```
//! use connect_demo_vendor::{Config, Fault, FaultEffect, TenantOperation, start};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let vendor = start(Config::default()).await?;
//! vendor.fault(Fault::new(FaultEffect::LoseAnswer).on_operation(TenantOperation::Create).times(1));
//!
//! let client = reqwest::Client::new();
//! let create = || client.post(format!("{}/tenant", vendor.url())).header("Idempotency-Key", "k1");
//! assert!(create().send().await.is_err(), "carried out, but the answer was lost");
//! assert_eq!(create().send().await?.headers()["Idempotent-Replay"], "true");
//! assert_eq!(vendor.log().len(), 1);
//!
//! vendor.stop().await;
//! # Ok(())
//! # }
//! ```

mod answer;
mod contact;
mod fault;
mod keys;
mod log;
mod operation;
mod rest;
mod server;
mod stranger;
mod tenant;
mod time;
mod vendor;

pub use ::fault::{Canned, Fault, FaultEffect, Refuse};
pub use log::{CallResult, Effect, LoggedCall};
pub use operation::TenantOperation;
pub use server::{Config, Running, StartError, start};
pub use tenant::{Seed, TenantExists};
pub use vendor::Vendor;
