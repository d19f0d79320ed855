//! The promises.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_clock::Monotonic;
use jiff::Timestamp;

use crate::claim::Claim;
use crate::control::Control;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::HistoryEntry;
use crate::names::{ControlName, Group, RunId, StepName, WorkerId};
use crate::note::AttemptNote;
use crate::restoration::Restoration;
use crate::run::{Counts, NewRun, OfferResult, RunFilter, RunState, RunView};
use crate::step::StepResult;

/// Remembers runs and their steps across crashes, and hands each run to one worker at a time.
///
/// What every store promises:
///
/// * **Never concurrently.** At most one claim of a lane is valid at any time. Every claim raises
///   the lane's fence; every write carries its claim's fence and is refused with
///   [`JournalError::Fenced`] when the claim is over, in the transaction that would have applied it.
/// * **At least once.** A run whose worker dies is claimed again when the lease ends, and only that
///   run can be: the others of its lane wait until it is finished. A step whose result was recorded
///   is found by every later claim; a step that was under way may have happened or not.
/// * **Durable.** What was answered with `Ok` survives the death of the process.
/// * **Repeatable.** After [`JournalError::Unavailable`] nobody knows whether the call was carried
///   out. Making the same call again is always safe.
/// * **Fair.** Interrupted runs come before new ones. Of the lanes that are ready, the one comes
///   first whose next run should be over [first](NewRun::urgent); then the order of first offers
///   counts. Within a lane runs come by due time, then in the order of their first offers. A lane
///   that is held, or whose next run is of a group that is not claimed from, costs the others
///   nothing.
/// * **In time.** While the process lives that asked for them, leases and due times last as long as
///   they were meant to, however the wall's clock is set meanwhile: the store measures by
///   [monotonic time](connect_clock::Clock::monotonic), and moves the dates it keeps as the wall
///   moves. What outlives its process is kept as a date. If that process lived in a time still to
///   come, whatever it has begun begins anew with the first claim; that the wall was set *forwards*
///   between two lives, nobody can tell.
///
/// A claim's deadline is taken before the call, so it never lies after the end of the lease.
///
/// ```
/// use connect_clock::SystemClock;
/// use connect_journal::{Journal, JournalError, MemoryJournal, NewRun, OfferResult};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), JournalError> {
/// let journal = MemoryJournal::new(SystemClock);
/// let order = NewRun::new("order-1", "customer-7", "two chairs");
/// assert_eq!(journal.offer(&[order.clone()]).await?, [OfferResult::New]);
///
/// let again = journal.offer(&[order]).await?;
/// let run = journal.run(&"order-1".into()).await?.expect("it was offered");
/// assert_eq!(again, [OfferResult::Known(run.state)]);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// Makes the journal `owner`'s, for ever. Whoever calls first is its owner; the same owner may
    /// call again at any time. What an owner is, the caller knows: a name for everything that the
    /// recorded steps hold good for, of 1 to 512 bytes without control characters.
    ///
    /// # Errors
    /// [`JournalError::OtherOwner`]: nothing that the journal holds concerns `owner`, use another
    /// one. [`JournalError::InvalidOwner`]: `owner` is no such text.
    async fn bind(&self, owner: &str) -> Result<(), JournalError>;

    /// Makes runs known, and wakes idle ones whose payload is news. Answers in the order of `runs`.
    ///
    /// A known run keeps its lane, and keeps its payload unless it is woken; an offer without a due
    /// time is due now. One that is ready or woken takes the offer's date of urgency, if the offer
    /// has one, and the offer's group, if it had none.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`]: none or all of the runs were made known.
    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError>;

    /// Up to `max` due runs, each the only one of its lane, each for the length of `lease`. First
    /// those whose lease ran out, in that order, then those that are ready, the most
    /// [urgent](NewRun::urgent) first. A run that the store cannot read is parked instead, with the
    /// reason.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`]: runs may have been claimed; they are claimable again when the
    /// lease ends.
    async fn claim(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
    ) -> Result<Vec<Claim>, JournalError> {
        self.claim_except(worker, max, lease, &[]).await
    }

    /// Claims as [`claim`](Self::claim) does, but no run of the groups `except`. Their lanes wait,
    /// and cost nothing however many they are.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError>;

    /// Claims this run and no other, if it can be claimed now: it is the next of its lane, it is due
    /// or its lease has run out, and it is of none of the groups `except`.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError>;

    /// Extends each claim to `lease` from now and answers its new local deadline, or `None` where
    /// the claim is over. A lease that ran out is extended as long as nobody else took the run.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`]: the former deadlines hold.
    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError>;

    /// Writes down that `step` is about to be carried out, so that a later claim knows it may have
    /// happened. Changes nothing if this claim said so before or the step has a result.
    ///
    /// # Errors
    /// [`JournalError::Fenced`]: do not carry the step out.
    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError>;

    /// Writes down how `step` ended and, in the same write, that `next` is about to be carried out.
    /// Answers the step's result, which is the first one ever recorded for it: a repeat, even with
    /// another result or by a later claim of the run, changes nothing.
    ///
    /// # Errors
    /// [`JournalError::Fenced`]: the result was not written, even if it is the recorded one.
    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError>;

    /// Ends the claim. Repeating the same finish is `Ok`, however long after.
    ///
    /// # Errors
    /// [`JournalError::Fenced`]: the claim had ended, but not like this.
    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError>;

    /// Does what [`record`](Self::record) does and, in the same write, notes something about the step
    /// for people to read: how it came to this end. Of a step that was recorded before nothing is
    /// noted.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError>;

    /// Does what [`finish`](Self::finish) does and, in the same write, notes something about steps
    /// that this attempt has not recorded. Of attempts like this the first and the last nine are
    /// kept.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError>;

    /// What was noted about the steps of `run`, in the order in which it was written; nothing for an
    /// unknown run.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Corrupt`].
    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError>;

    /// Makes a parked or dead run ready at `due`, or brings a run that waits for a later time
    /// forward to `due`. `by` is written to the history.
    ///
    /// # Errors
    /// [`JournalError::NoSuchRun`], and [`JournalError::NotRevivable`] for a run in any other
    /// state.
    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError>;

    /// Brings a run forward to now that waits as planned, for a time or after [`Finish::Wait`]:
    /// what it waits for may have come. A run that waits after a failure waits on, and one in any
    /// other state is left as it is. Answers the state the run was found in, `None` when it is not
    /// known. `by` is written to the history.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`]: the run may have been brought forward.
    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError>;

    /// Parks a run that is done or dead although its work is not, for a person to look; its steps
    /// stay recorded. A run in any other state is cared for and is left as it is. Answers whether
    /// it was parked.
    ///
    /// # Errors
    /// [`JournalError::NoSuchRun`]. [`JournalError::Unavailable`]: the run may have been parked.
    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError>;

    /// Removes those of the runs that are done or dead since before `ended_before`, with all that is
    /// known of them, and returns how many these were. Claims of them go on to be refused, also the
    /// finish that they ended with. Offered again, such a run is new.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`]: none or all of them were removed.
    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError>;

    /// The events of `run` whose `seq` is in `range`, in order; none for an unknown run.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Corrupt`].
    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError>;

    /// The run as it is now, if it is known.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Corrupt`].
    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError>;

    /// The runs that pass the filter, by id. One that the store cannot read is listed with what can
    /// be read of it and a note that says so.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Corrupt`].
    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError>;

    /// Returns how many runs there are.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    async fn counts(&self) -> Result<Counts, JournalError>;

    /// Sets a control for all who work on the journal, or takes it back, and keeps who did it and
    /// when. In this process, whoever [waits](Self::wait_due) looks again.
    ///
    /// # Errors
    /// [`JournalError::InvalidControl`], [`JournalError::TooManyControls`].
    /// [`JournalError::Unavailable`]: it may have been set.
    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError>;

    /// The controls that are set, by name.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Corrupt`].
    async fn controls(&self) -> Result<Vec<Control>, JournalError>;

    /// Returns when the journal was last restored from a backup, if ever. What was done between the
    /// backup and then it does not know.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    async fn restoration(&self) -> Result<Option<Restoration>, JournalError>;

    /// Says whether what was recorded is still where a later life will find it, at next to no cost:
    /// to be asked before anything is done that only these records prove.
    ///
    /// # Errors
    /// [`JournalError::Gone`]; [`JournalError::Unavailable`]: nobody knows.
    async fn check(&self) -> Result<(), JournalError>;

    /// Returns at `until`, or earlier when a run may have become claimable, or a control was set,
    /// since a claim last came back with less than it asked for. Only a hint: it may return for nothing, and work offered
    /// by another process is only found by claiming, so keep `until` near.
    async fn wait_due(&self, until: Monotonic);
}
