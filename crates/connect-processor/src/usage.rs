//! Reports of usage: work that nobody requests, due when a month is over.
//!
//! A report is a run like any other, with an id that follows from the product, the contract and the
//! month. So it is worked on once, whoever looks, in whatever life; and the platform's file has that
//! id as its `external_id`, so it is found again when the answer to its creation was lost.

pub(crate) mod collector;
pub(crate) mod context;
pub(crate) mod files;
pub(crate) mod month;
pub(crate) mod months_due;
pub(crate) mod report;
pub(crate) mod schedule;
pub(crate) mod source;
pub(crate) mod task;
