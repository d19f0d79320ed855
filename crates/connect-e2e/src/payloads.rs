//! Payloads that are altered on their way to a processor, whoever sends them.
//!
//! * [`Answers`]: what platform and vendor answer. A case is a world with one request. All answers
//!   to one of the calls that its processor makes come altered, each time in the same way.
//! * [`Calls`]: what the program is called with: webhooks of Connect's, questions, links of actions,
//!   and callbacks of the vendor's. A case is one call of the real program's listener.
//!
//! Whatever they say, nothing must panic, all must come to an end, and nothing may be approved whose
//! steps have not happened. A call that is not signed as it should be must have no consequence.

mod answers;
mod calls;
mod mutation;
mod tally;

pub use answers::Answers;
pub use calls::Calls;
pub use tally::{Layer, Origin, Tally};

use tally::Seen;
