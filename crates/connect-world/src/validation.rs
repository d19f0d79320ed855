//! Dynamic validation: the vendor is asked about a request before it goes on.
//!
//! Asking takes time, and nothing waits for it: [`call::validator_call`] says what is to be asked,
//! and [`call::conclude`] takes the answer and carries the command out, if the request is still the
//! one that was asked about.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod constraints;
pub(crate) mod question;
pub(crate) mod refusal;
