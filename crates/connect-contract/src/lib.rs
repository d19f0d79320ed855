//! The emulator's answers against the platform's own API document.
//!
//! CloudBlue publishes an OpenAPI document of Connect (version 37.0 here). A [`Contract`] holds one
//! recorded HTTP exchange against it and names every place where the two disagree. The document
//! itself is not always right: where recorded payloads or the platform's own clients contradict it,
//! an [`Erratum`] says so, with its evidence, and the place is judged by what really happens. A
//! [`Guard`] does this for every call of an emulator.
//!
//! ```no_run
//! use connect_contract::{Contract, Exchange};
//!
//! match Contract::load()? {
//!     None => println!("contract not checked: no OpenAPI document found"),
//!     Some(contract) => {
//!         let exchange = Exchange {
//!             method: "GET",
//!             path: "/requests/PR-4410-2298-7731-003",
//!             status: 200,
//!             content_type: Some("application/json"),
//!             content_range: None,
//!             body: br#"{"id": "PR-4410-2298-7731-003", "status": "pending"}"#,
//!         };
//!         assert!(contract.check(&exchange).is_ok());
//!     }
//! }
//! # Ok::<(), anyhow::Error>(())
//! ```

mod breach;
mod contract;
mod document;
mod errata;
mod erratum;
mod filter;
mod guard;
mod schema;
#[cfg(test)]
mod tests;

pub use contract::{Contract, Exchange, ValidExchange, Violation};
pub use erratum::{Erratum, Remedy};
pub use filter::Filter;
pub use guard::Guard;
