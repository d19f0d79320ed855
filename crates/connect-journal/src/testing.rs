//! Tools for tests of whatever works with a journal, and of journals themselves.
//!
//! [`Fuse`] and [`Faulty`] end a life at any call it makes, or have its calls fail;
//! [`conformance`] holds the promises of [`Journal`](crate::Journal) as tests that any store can be
//! handed to.

pub mod conformance;
mod faulty;
mod fuse;

pub use faulty::{FaultMoment, Faulty};
pub use fuse::{Fuse, Point};
