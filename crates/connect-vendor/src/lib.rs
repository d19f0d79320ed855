//! An HTTP client for vendors' APIs, made for the steps of a processor.
//!
//! What a vendor's client must not get wrong is not left to whoever writes one:
//!
//! | danger | what an [`Api`] does |
//! |---|---|
//! | a redirect turns a change into a read, or takes it to a stranger | follows none; a 3xx is no answer |
//! | an endless body | reads up to a limit, 1 MiB unless set |
//! | a call that hangs | ends it, after 20 s unless set |
//! | a change without an idempotency key | takes the [`StepKey`] with every change, and sends it |
//! | an id that is `../admin`, `a?b`, empty | writes each segment of a path as one segment, or refuses it |
//! | a 200 that says nothing, or something else | believes no answer before [`Call::prove`] has checked it |
//! | `Retry-After: 0`, or of a hundred years | passes the wish on; the processor keeps it within bounds |
//! | a refusal by somebody on the way | fails no order unless the vendor's own words say no |
//!
//! What an answer means is one function, [`Verdict::of`], which a vendor refines with
//! [`ApiBuilder::judge`]:
//!
//! ```
//! use connect_processor::{Failure, StepKey};
//! use connect_vendor::{Answer, Api, Verdict};
//! use serde::Deserialize;
//! use serde_json::json;
//!
//! #[derive(Deserialize)]
//! struct Tenant {
//!     id: String,
//!     enabled: bool,
//! }
//!
//! #[derive(Deserialize)]
//! struct Refusal {
//!     reason: String,
//! }
//!
//! /// This vendor says no with a 409 and a reason.
//! fn judge(answer: &Answer) -> Option<Verdict> {
//!     let refusal: Refusal = answer.json().ok()?;
//!     (answer.status == 409).then(|| Verdict::Refused { reason: refusal.reason })
//! }
//!
//! async fn enable(api: &Api, id: &str, key: StepKey) -> Result<(), Failure> {
//!     api.put(["tenants", id, "enable"], &key)
//!         .json(&json!({}))
//!         .prove(|tenant: Tenant| match tenant.id == id && tenant.enabled {
//!             true => Ok(()),
//!             false => Err("it is not this tenant, enabled"),
//!         })
//!         .await
//! }
//!
//! let api = Api::builder("https://vendor.example/api/v2")?.name("Acme").judge(judge).build()?;
//! # Ok::<(), connect_vendor::ApiError>(())
//! ```
//!
//! [`StepKey`]: connect_processor::StepKey

mod answer;
mod api;
mod call;
mod noting;
mod path;
mod redact;
mod verdict;

pub use answer::Answer;
pub use api::{Api, ApiBuilder, ApiError};
pub use call::Call;
pub use http::{HeaderName, HeaderValue, StatusCode};
pub use redact::redacted;
pub use verdict::Verdict;
