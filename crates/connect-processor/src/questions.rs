//! Questions that are answered at once: what a vendor registered for them, without its types.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use connect_client::Client;
use connect_model::{Request, RequestType};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::action::{ActionAnswer, ActionCall, ActionClaims, ActionHandler};
use crate::failure::Failure;
use crate::validation::{Draft, Validator};

type Validate<S> =
    dyn Fn(Value, Arc<S>) -> BoxFuture<'static, Result<Value, QuestionError>> + Send + Sync;
type Answer<S> =
    dyn Fn(ActionCall<S>) -> BoxFuture<'static, Result<ActionAnswer, QuestionError>> + Send + Sync;

/// A reason why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// Nothing is registered for what is asked.
    #[error("there is no {what}")]
    Unknown {
        /// What is missing.
        what: String,
    },
    /// A request that cannot be understood.
    #[error("the request cannot be understood: {why}")]
    Unreadable {
        /// What is wrong with it.
        why: String,
    },
    /// The handler gave up, with a reason for whoever asks.
    #[error("{reason}")]
    Refused {
        /// The reason.
        reason: String,
    },
    /// The handler failed. The cause is in the log, not for whoever asks.
    #[error("it did not work; the processor's log says why")]
    Failed,
}

/// The handlers of questions, by what is asked.
pub(crate) struct QuestionRoutes<S> {
    /// By the field that tells a request's family, and the type.
    validators: BTreeMap<(&'static str, String), Arc<Validate<S>>>,
    actions: BTreeMap<String, Arc<Answer<S>>>,
}

impl<S: Send + Sync + 'static> QuestionRoutes<S> {
    pub(crate) fn new() -> Self {
        Self { validators: BTreeMap::new(), actions: BTreeMap::new() }
    }

    pub(crate) fn validate<T: RequestType>(
        &mut self,
        kind: String,
        validator: impl Validator<T::Request, S>,
    ) {
        let validator = Arc::new(validator);
        let validate = move |request: Value, state: Arc<S>| {
            let validator = Arc::clone(&validator);
            validated::<T::Request, S, _>(request, state, validator).boxed()
        };
        self.validators.insert((T::Request::SUBJECT, kind), Arc::new(validate));
    }

    pub(crate) fn action(&mut self, key: String, handler: impl ActionHandler<S>) {
        let handler = Arc::new(handler);
        let answer = move |action: ActionCall<S>| {
            let handler = Arc::clone(&handler);
            async move { unbroken("an action", async { handler.answer(action).await }).await }
                .boxed()
        };
        self.actions.insert(key, Arc::new(answer));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.validators.is_empty() && self.actions.is_empty()
    }

    /// Returns the questions that a processor answers, with what its handlers see.
    pub(crate) fn with(&self, state: &Arc<S>, client: &Client) -> Questions {
        let bound = |validate: &Arc<Validate<S>>| -> Arc<BoundValidate> {
            let (validate, state) = (Arc::clone(validate), Arc::clone(state));
            Arc::new(move |request| validate(request, Arc::clone(&state)))
        };
        let validators = self.validators.iter().map(|(key, it)| (key.clone(), bound(it)));
        let bound = |answer: &Arc<Answer<S>>| -> Arc<BoundAnswer> {
            let (answer, state, client) = (Arc::clone(answer), Arc::clone(state), client.clone());
            Arc::new(move |claims| {
                answer(ActionCall::new(claims, Arc::clone(&state), client.clone()))
            })
        };
        let actions = self.actions.iter().map(|(key, it)| (key.clone(), bound(it)));
        Questions { validators: validators.collect(), actions: actions.collect() }
    }
}

type BoundValidate =
    dyn Fn(Value) -> BoxFuture<'static, Result<Value, QuestionError>> + Send + Sync;
type BoundAnswer =
    dyn Fn(ActionClaims) -> BoxFuture<'static, Result<ActionAnswer, QuestionError>> + Send + Sync;

/// The questions that a processor answers at once, for whoever lets others ask them. Nothing of them
/// is in the journal: answering has no side effects that it would have to know of.
#[derive(Clone)]
pub struct Questions {
    validators: BTreeMap<(&'static str, String), Arc<BoundValidate>>,
    actions: BTreeMap<String, Arc<BoundAnswer>>,
}

impl Questions {
    /// Whether any validator is registered.
    #[must_use]
    pub fn validates(&self) -> bool {
        !self.validators.is_empty()
    }

    /// Whether any action is registered.
    #[must_use]
    pub fn has_actions(&self) -> bool {
        !self.actions.is_empty()
    }

    /// Has the validator of a request's family and type look at it. Returns the same request with what
    /// it says of the parameters.
    ///
    /// # Errors
    ///
    /// When none is registered, the request cannot be understood, or the validator failed; a panic is
    /// such a failure.
    pub async fn validate(&self, request: Value) -> Result<Value, QuestionError> {
        let kind = request.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_about = |subject: &str| request.get(subject).is_some_and(Value::is_object);
        let found =
            self.validators.iter().find(|((subject, its), _)| its == kind && is_about(subject));
        let what = || format!("validator for requests of type `{}`", kind.escape_default());
        match found {
            Some((_, validate)) => validate(request).await,
            None => Err(QuestionError::Unknown { what: what() }),
        }
    }

    /// Has an action answered that somebody takes by a link with these claims.
    ///
    /// # Errors
    ///
    /// When no such action is registered, or its handler failed; a panic is such a failure.
    pub async fn act(&self, claims: ActionClaims) -> Result<ActionAnswer, QuestionError> {
        let what = || format!("action `{}`", claims.action_id.escape_default());
        match self.actions.get(&claims.action_id) {
            Some(answer) => answer(claims).await,
            None => Err(QuestionError::Unknown { what: what() }),
        }
    }
}

impl fmt::Debug for Questions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Questions")
            .field("validators", &self.validators.keys())
            .field("actions", &self.actions.keys())
            .finish()
    }
}

/// Has a request validated, and returns it with the findings.
async fn validated<R: Request, S: Send + Sync + 'static, V: Validator<R, S>>(
    mut request: Value,
    state: Arc<S>,
    validator: Arc<V>,
) -> Result<Value, QuestionError> {
    let read: R = serde_json::from_value(request.clone()).map_err(unreadable)?;
    let draft = Draft::new(read, state);
    let validate = async { validator.validate(draft).await };
    let findings = unbroken("a validator", validate).await?;
    let params = params_of::<R>(&mut request);
    let params = params.ok_or_else(|| unreadable("it has no list of parameters"))?;
    findings.write(params).map_err(|key| {
        tracing::warn!(key, "a validator names a parameter that the request does not have");
        QuestionError::Failed
    })?;
    Ok(request)
}

fn unreadable(why: impl fmt::Display) -> QuestionError {
    QuestionError::Unreadable { why: why.to_string() }
}

/// Returns the parameters of a request, where those of its family have them: where updates do.
fn params_of<R: Request>(request: &mut Value) -> Option<&mut Vec<Value>> {
    let is_beside = json!(R::update(Vec::new())).get("params").is_some();
    let holder = if is_beside { Some(request) } else { request.get_mut(R::SUBJECT) };
    holder?.get_mut("params")?.as_array_mut()
}

/// Returns what a handler answers. What it fails of is logged, and a panic is a failure.
async fn unbroken<T>(
    who: &'static str,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, QuestionError> {
    let Ok(answer) = AssertUnwindSafe(answer).catch_unwind().await else {
        tracing::error!("{who} panicked");
        return Err(QuestionError::Failed);
    };
    answer.map_err(|failure| match failure {
        Failure::GiveUp { reason } => QuestionError::Refused { reason },
        failure => {
            tracing::warn!(why = %failure, "{who} failed");
            QuestionError::Failed
        }
    })
}
