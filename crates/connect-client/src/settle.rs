//! Actions that make sure: what an answer leaves open is settled by reading the request.

use connect_model::lifecycle::{Next, Operation};
use connect_model::{Action, Request, RequestStatus};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::client::object;
use crate::error::Error;

/// The failures of an action after which its request is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAfter {
    /// Those after which it [may have happened](Error::may_have_happened).
    Doubt,
    /// All of them: a refusal may mean that an earlier attempt has done it.
    AnyFailure,
}

/// An action that has happened.
#[derive(Debug)]
#[non_exhaustive]
pub struct Settlement {
    /// The answer that shows the request: that to the action, or that to the reading.
    pub answer: Answer,
    /// The reason for which the request had to be read, when it had.
    pub doubt: Option<Error>,
}

/// An action that is not known to have happened.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// It failed, and the request was not read.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The request was read, and it has not happened.
    #[error("{error}; read again, the request is still {status}")]
    NotHappened {
        /// The outcome of the action.
        error: Box<Error>,
        /// The status of the request.
        status: RequestStatus,
    },
    /// It may have happened, and the request cannot be read either.
    #[error("{error}")]
    Unread {
        /// The outcome of the action.
        error: Box<Error>,
        /// The outcome of the reading.
        reading: Box<Error>,
    },
}

impl Client {
    /// Carries out an action on a request, once, and makes sure of it.
    ///
    /// Anything on the way may answer 2xx. A yes is an answer that shows this request where the
    /// operation leads; after any other the request is read, and shows whether it has happened. So
    /// it is after each action whose answers [do not show it](Action::IS_SHOWN).
    ///
    /// ```no_run
    /// use connect_client::{Client, ReadAfter, SettleError};
    /// use connect_model::asset_request::action::Approve;
    ///
    /// # async fn example(client: Client) -> Result<(), SettleError> {
    /// let approve = Approve::default();
    /// match client.settle("PR-8027-7606-7082-003", &approve, ReadAfter::Doubt).await {
    ///     Ok(_) => println!("approved"),
    ///     Err(SettleError::NotHappened { status, .. }) => println!("still {status}: try again"),
    ///     Err(unsettled) => return Err(unsettled),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SettleError`] says what is known of the request.
    pub async fn settle<R: Request, A: Action<R>>(
        &self,
        id: &str,
        action: &A,
        read: ReadAfter,
    ) -> Result<Settlement, SettleError> {
        let path = object::<R>(id)?;
        let call = Call::post(format!("{path}/{}", A::OPERATION.verb())).json(action)?;
        let told = self.call(call).await;
        let (error, is_yes) = match told {
            Ok(answer) if !A::IS_SHOWN => {
                (unexpected(&answer, "nothing of the request".to_owned()), true)
            }
            told => match told.and_then(|answer| yes(answer, id, A::OPERATION)) {
                Ok(answer) => return Ok(Settlement { answer, doubt: None }),
                Err(error) if error.may_have_happened() || read == ReadAfter::AnyFailure => {
                    (error, false)
                }
                Err(error) => return Err(error.into()),
            },
        };
        let seen = self.call(Call::get(path)).await;
        match seen.and_then(|answer| Ok((shown(&answer, id)?, answer))) {
            Ok((shown, answer)) if is_yes && shown.agrees(A::OPERATION) => {
                Ok(Settlement { answer, doubt: None })
            }
            Ok((shown, answer)) if shown.shows(A::OPERATION) => {
                Ok(Settlement { answer, doubt: Some(error) })
            }
            Ok((State { status, .. }, _)) => {
                Err(SettleError::NotHappened { error: Box::new(error), status })
            }
            Err(reading) => {
                Err(SettleError::Unread { error: Box::new(error), reading: Box::new(reading) })
            }
        }
    }
}

/// A request, as far as it proves what became of it.
#[derive(Deserialize)]
struct State {
    id: String,
    status: RequestStatus,
    #[serde(default)]
    assignee: Value,
}

impl State {
    /// Whether the request looks as it does after an operation. Those that leave no trace of their
    /// own never show: somebody may have been assigned before.
    fn shows(&self, operation: Operation) -> bool {
        match operation {
            Operation::Unassign => self.is_unassigned(),
            _ => operation.shows_in(&self.status),
        }
    }

    /// Whether the request is as a yes that did not show it would have it.
    fn agrees(&self, operation: Operation) -> bool {
        match operation {
            Operation::Assign => !self.is_unassigned(),
            _ => *operation.leads_to() == Next::Stay || self.shows(operation),
        }
    }

    fn is_unassigned(&self) -> bool {
        self.assignee.is_null() || self.assignee == ""
    }
}

fn yes(answer: Answer, id: &str, operation: Operation) -> Result<Answer, Error> {
    let what = match answer.json::<State>() {
        Ok(shown) if shown.id != id => "another request".to_owned(),
        Ok(_) if *operation.leads_to() == Next::Stay => return Ok(answer),
        Ok(shown) if shown.shows(operation) => return Ok(answer),
        Ok(shown) => format!("the request still {}", shown.status),
        Err(_) => "something else than the request".to_owned(),
    };
    Err(unexpected(&answer, what))
}

fn shown(answer: &Answer, id: &str) -> Result<State, Error> {
    let shown: State = answer.json()?;
    if shown.id == id {
        return Ok(shown);
    }
    Err(unexpected(answer, format!("{} in place of {id}", shown.id)))
}

fn unexpected(answer: &Answer, what: String) -> Error {
    Error::Unexpected { status: answer.status, what, call: Box::new(answer.call.clone()) }
}
