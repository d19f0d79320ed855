//! What a step in a journal stands for.

use connect_journal::StepName;

use crate::callback_maker::STEP as CALLBACK;
use crate::early::EARLY;
use crate::messages::PREFIX as SAY;
use crate::standing::{CONFIRMING, FAILING, STANDING, UNDO};
use crate::undo::REJECT;

/// What a step of a run stands for. Handlers name steps; names that begin with `@` are the processor's.
///
/// ```
/// use connect_processor::StepMeaning;
///
/// assert_eq!(StepMeaning::of(&"create_tenant".into()), StepMeaning::Effect("create_tenant"));
/// assert_eq!(StepMeaning::of(&"@undo.create_tenant".into()), StepMeaning::Undo("create_tenant"));
/// assert_eq!(StepMeaning::of(&"@of.a.later.version".into()), StepMeaning::Mark);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepMeaning<'a> {
    /// A side effect at the vendor, by its name.
    Effect(&'a str),
    /// A side effect that is undone, by the name of its step.
    Undo(&'a str),
    /// A message in the request's conversation.
    Message,
    /// A rejection was decided, and effects are undone first.
    Rejection,
    /// The platform is told to fail the request.
    Failing,
    /// The platform is told that the request was taken back.
    Confirming,
    /// The platform is told this while the handler goes on: `approve`, `fail`, `inquire` or `schedule`.
    Telling(&'a str),
    /// A person is asked about effects that stand.
    Standing,
    /// The vendor is to call back.
    Callback,
    /// A note of the processor's own.
    Mark,
}

impl<'a> StepMeaning<'a> {
    /// Returns what a step stands for.
    #[must_use]
    pub fn of(step: &'a StepName) -> Self {
        let name = step.as_str();
        if let Some(undone) = name.strip_prefix(UNDO) {
            return Self::Undo(undone);
        }
        if let Some(early) = name.strip_prefix(EARLY) {
            return Self::Telling(early.split_once('.').map_or(early, |(verb, _)| verb));
        }
        match name {
            FAILING => Self::Failing,
            CONFIRMING => Self::Confirming,
            STANDING => Self::Standing,
            REJECT => Self::Rejection,
            CALLBACK => Self::Callback,
            _ if name.starts_with(SAY) => Self::Message,
            _ if name.starts_with('@') => Self::Mark,
            effect => Self::Effect(effect),
        }
    }
}
