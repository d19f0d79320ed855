//! Everything together, for tests, and the oracle that judges it.
//!
//! * [`Parties`] are an emulator and a demo vendor, and what a test does with them: the founding use
//!   case's story is set up with a few calls. What the emulator answers is held against Connect's
//!   published OpenAPI document. On a [`Stage`] they listen; in a [`Simulation`] all of them live in
//!   one thread, without a socket, by one clock that moves when told to.
//! * [`Proxy`] stands between two programs and can end a life at any call.
//! * [`Browser`] does at the emulator's pages what a person does; [`Tour`] knows all of them.
//! * [`payloads`] alters what platform and vendor answer and what others call, on its way to a
//!   processor; [`kills`] kills processors under mixed load.
//! * [`Evidence`](connect_testing::Evidence) is what the logs say afterwards;
//!   [`judge`](connect_testing::judge) finds every promise that was broken.

pub mod axe;
mod browser;
pub mod kills;
mod language;
mod needs;
pub mod node;
mod parties;
pub mod payloads;
mod proxy;
pub mod python;
pub mod sales;
mod shell;
mod simulation;
mod stage;
mod template;
mod tour;

pub use browser::{Browser, Theme, WIDTHS};
pub use language::Language;
pub use needs::vendor_effect;
pub use parties::{Parties, Subscription};
pub use proxy::Proxy;
pub use simulation::Simulation;
pub use stage::{Stage, quick};
pub use template::Project;
pub use tour::{Deed, Place, Tour};
