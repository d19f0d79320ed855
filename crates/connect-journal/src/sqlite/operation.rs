//! One call to the journal, on its way into a transaction and back with its answer.

use tokio::sync::oneshot;

use super::transaction::{OperationError, Transaction};
use crate::error::JournalError;

/// The turn of an operation within its transaction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// First, because writes free lanes…
    Write,
    /// …that claims can then take.
    Claim,
}

/// An operation, whatever it answers.
pub(super) trait Operation: Send {
    fn turn(&self) -> Turn;
    /// Does the work and keeps the answer.
    fn work(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()>;
    /// Gives the answer away: it is on the disk.
    fn committed(self: Box<Self>);
    fn failed(self: Box<Self>, failure: JournalError);
}

type Answer<T> = Result<T, JournalError>;

struct PendingOperation<T, W> {
    turn: Turn,
    work: W,
    answer: Option<Answer<T>>,
    reply: oneshot::Sender<Answer<T>>,
}

/// An operation and where its answer will come. `work` is done again when the first transaction had
/// to be rolled back for another operation's sake.
pub(super) fn operation<T: Send + 'static>(
    turn: Turn,
    work: impl FnMut(&Transaction<'_>) -> Result<T, OperationError> + Send + 'static,
) -> (Box<dyn Operation>, oneshot::Receiver<Answer<T>>) {
    let (reply, answer) = oneshot::channel();
    (Box::new(PendingOperation { turn, work, answer: None, reply }), answer)
}

impl<T, W> Operation for PendingOperation<T, W>
where
    T: Send,
    W: FnMut(&Transaction<'_>) -> Result<T, OperationError> + Send,
{
    fn turn(&self) -> Turn {
        self.turn
    }

    fn work(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        self.answer = Some(match (self.work)(tx) {
            Ok(answer) => Ok(answer),
            Err(OperationError::Refused(refusal)) => Err(refusal),
            Err(OperationError::Broken(error)) => return Err(error),
        });
        Ok(())
    }

    fn committed(self: Box<Self>) {
        if let Some(answer) = self.answer {
            // Whoever asked may have gone.
            let _ = self.reply.send(answer);
        }
    }

    fn failed(self: Box<Self>, failure: JournalError) {
        let _ = self.reply.send(Err(failure));
    }
}
