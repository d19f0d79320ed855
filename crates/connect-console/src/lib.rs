//! What a processor did, why a request waits, and what a person can do about it: read from the journal alone,
//! whether or not a processor runs.
//!
//! [`timeline`] is what happened in a run, in order, as entries of a [`Timeline`](connect_timeline::Timeline) that
//! others may add to. [`Explanation`] is the same for whoever is on call: one text for the command line, for
//! pages and for programs.
//!
//! ```
//! use connect_clock::SystemClock;
//! use connect_console::{Explanation, RunStory};
//! use connect_journal::{Journal, JournalError, MemoryJournal, NewRun};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), JournalError> {
//! let journal = MemoryJournal::new(SystemClock);
//! journal.offer(&[NewRun::new("PR-1-001", "AS-1", "{}")]).await?;
//!
//! let story = RunStory::read(&journal, &"PR-1-001".into()).await?.expect("it was offered");
//! let explanation = Explanation::of(&story, jiff::Timestamp::now());
//! assert_eq!(explanation.headline, "It is due, and no processor has begun it yet.");
//! # Ok(())
//! # }
//! ```

mod answers;
mod explanation;
mod story;
mod timeline;

pub use answers::{Answer, AnswerError};
pub use explanation::{Explanation, Next, state};
pub use story::{RunStory, asked_about};
pub use timeline::timeline;
