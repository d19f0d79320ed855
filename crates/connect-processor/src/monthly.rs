//! Jobs that are due once a month, for vendors whose own code reports usage.
//!
//! What a [report of usage](crate::usage) is for one product under one contract, a job is for whatever it
//! likes: its run's id follows from the month alone, so it is worked on once, whoever looks, in whatever
//! life. What it does to the world outside belongs in steps, as with requests.

pub(crate) mod carry_out;
pub(crate) mod context;
pub(crate) mod job;
pub(crate) mod source;
pub(crate) mod task;
