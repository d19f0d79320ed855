//! What is said between the runtime and a worker: `docs/worker-protocol.md` in types.

mod calls;
mod findings;
mod outcome;
mod seconds;

pub(crate) use calls::{
    Begin, Class, Completed, ConnectCall, ConnectGet, ConnectUpdate, Decide, DeclaredHandler,
    Failed, Found, Handle, HandlerKind, Hello, Initialize, MigrationData, NextCall, OfRun, OfStep,
    Recorded, Refused, Say, StepCall, Undo, Validate,
};
pub(crate) use findings::WrittenFindings;
pub(crate) use outcome::{WrittenOutcome, failed, failure};

/// The version of the protocol.
pub(crate) const VERSION: u32 = 1;

/// The codes of errors.
pub(crate) mod code {
    /// Something went wrong.
    pub(crate) const FAILED: i64 = -32000;
    /// A person has to look first.
    pub(crate) const PARK: i64 = -32001;
    /// The vendor refused.
    pub(crate) const GAVE_UP: i64 = -32002;
    /// The vendor is down.
    pub(crate) const OUTAGE: i64 = -32003;
    /// The attempt must not go on.
    pub(crate) const OVER: i64 = -32010;
    /// No such attempt is with this worker.
    pub(crate) const NO_RUN: i64 = -32011;
    pub(crate) const NO_METHOD: i64 = -32601;
    pub(crate) const BAD_PARAMS: i64 = -32602;
}
