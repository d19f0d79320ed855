//! The promises of the journal, and what is particular to each store.
#![expect(clippy::unwrap_used, reason = "in the helpers of tests, too, a failure is a panic")]

mod backups;
mod clocks;
mod conformance;
mod crash;
mod disk;
mod erasing;
mod faulty;
mod files;
mod inline;
mod layouts;
mod removed;
mod shared;
mod stores;
mod unreadable;
