//! A crash-safe journal of runs and steps: lanes, leases, fences, history.
//!
//! A *run* is a piece of work that must be carried to an end whatever dies on the way. It moves
//! in a *lane*: of all runs of one lane at most one is worked on at any time, by any process. A
//! worker *claims* a run for the length of a *lease* and writes down each *step* it has carried
//! out; whoever continues the run after a crash finds those steps and does not repeat them.
//! Every claim raises the lane's *fence*, and a write that carries an older fence is refused, so a
//! worker that slept through its lease cannot spoil its successor's work.
//!
//! The crate knows nothing about what the runs are for.
//!
//! ```
//! use std::{num::NonZeroUsize, time::Duration};
//! use connect_clock::SystemClock;
//! use connect_journal::{Finish, Journal, MemoryJournal, NewRun, StepResult};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), connect_journal::JournalError> {
//! let journal = MemoryJournal::new(SystemClock);
//! journal.offer(&[NewRun::new("order-1", "customer-7", "two chairs")]).await?;
//!
//! let lease = Duration::from_secs(30);
//! for claim in journal.claim(&"worker-a".into(), NonZeroUsize::MIN, lease).await? {
//!     let charged = "charge".into();
//!     if claim.result(&charged).is_none() {
//!         // … call the bank; once this is recorded, nobody will call it again for this run:
//!         journal.record(&claim, &charged, StepResult::Done("receipt 12".into()), None).await?;
//!     }
//!     journal.finish(&claim, Finish::Done { outcome: "delivered".into() }).await?;
//! }
//! assert_eq!(journal.counts().await?.done, 1);
//! # Ok(())
//! # }
//! ```
//!
//! Read first: [`Journal`] for the promises, [`Claim`] and [`Finish`] for a worker's view,
//! [`SqliteJournal`] for the store to use, [`Fact`] for what the history tells.
//! With the feature `testing` there is a module of that name: the promises as tests that any other
//! store can be handed to, and a journal that rehearses death at every single call.

mod claim;
mod control;
mod control_check;
mod error;
mod finish;
mod history;
mod journal;
mod layer;
mod memory;
mod names;
mod note;
mod notifier;
mod owner;
mod restoration;
mod revival;
mod run;
mod sqlite;
mod steady;
mod step;
#[cfg(feature = "testing")]
pub mod testing;

pub use claim::Claim;
pub use control::Control;
pub use error::JournalError;
pub use finish::Finish;
pub use history::{Fact, HistoryEntry, replay};
pub use journal::Journal;
pub use layer::JournalLayer;
pub use memory::MemoryJournal;
pub use names::{ControlName, Fence, Group, Lane, RunId, StepName, WorkerId};
pub use note::AttemptNote;
pub use restoration::Restoration;
pub use run::{Counts, NewRun, Note, OfferResult, RunFilter, RunState, RunView, UnknownState};
pub use sqlite::{BackupError, EraseError, Erasure, OpenError, SqliteJournal, WriteCounts};
pub use step::{StepRecord, StepResult, StepState};
