//! Everything together, for tests: the stage the pieces play on, and the oracle that judges them.
//!
//! * [`Stage`] is an emulator and a demo vendor with the founding use case's story set up. Its
//!   answers are held against Connect's published OpenAPI document.
//! * [`Proxy`] stands between two programs and can end a life at any call.
//! * [`Browser`] does at the emulator's pages what a person does; [`Tour`] knows all of them.
//! * [`Evidence`] is what the logs say afterwards; [`judge`] finds every promise that was broken.

pub mod axe;
mod browser;
mod evidence;
mod oracle;
mod proxy;
pub mod python;
mod shell;
mod stage;
mod tour;

pub use browser::{Browser, Look, WIDTHS};
pub use evidence::{Approval, Effect, Evidence, RunSeen, SeenRequest, runs};
pub use oracle::{Violation, judge};
pub use proxy::Proxy;
pub use stage::{Stage, Subscription, quick};
pub use tour::{Place, Tour};
