//! Tests of a vendor's own handlers, against a whole local Connect in the process of the test.
//!
//! * A [`TestWorld`] is a platform, your vendor and one clock. A test makes a request
//!   [`pending`], has your processor work on it, and looks what became of it.
//! * A [`CrashExplorer`] tells the story of each request once, and then again with a life that ends
//!   before or after each single call to the journal, the platform and the vendor, and with a
//!   vendor that misbehaves. Its [`Certificate`] says what was tried and what was found.
//! * [`judge`] finds the broken promises in the [`Evidence`] of a story. It knows no vendor.
//!
//! `docs/crash-testing.md` shows both on an example.

mod certificate;
mod error;
mod evidence;
mod explorer;
mod life;
mod oracle;
mod pending;
mod setup;
mod story;
mod vendor;
mod world;

pub use certificate::{Certificate, Explored, Finding};
pub use connect_clock::VirtualClock;
pub use error::TestError;
pub use evidence::{
    EffectRole, Evidence, RunSeen, SeenApproval, SeenRequest, VendorEffect, approvals, runs,
};
pub use explorer::CrashExplorer;
pub use fault::{Canned, Fault, FaultEffect, Faults, Refuse};
pub use life::Life;
pub use oracle::{BrokenPromise, judge};
pub use pending::{PendingRequest, PendingType, pending};
pub use vendor::{TestVendor, VendorCall};
pub use world::{RequestNow, TestWorld};
