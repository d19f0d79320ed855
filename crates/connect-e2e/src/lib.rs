//! Everything together, for tests: the stage the pieces play on, and the oracle that judges them.
//!
//! * [`Stage`] is an emulator and a demo vendor with the founding use case's story set up.
//! * [`Proxy`] stands between two programs and can end a life at any call.
//! * [`Evidence`] is what the logs say afterwards; [`judge`] finds every promise that was broken.
//! * [`held_to_contract`] checks answers against Connect's published OpenAPI document.

mod evidence;
mod held_to_contract;
mod oracle;
mod proxy;
pub mod python;
mod stage;

pub use connect_contract::Contract;
pub use evidence::{Approval, Effect, Evidence, RunSeen, SeenRequest, runs};
pub use held_to_contract::held_to_contract;
pub use oracle::{Violation, judge};
pub use proxy::Proxy;
pub use stage::{Stage, Subscription, quick};
