//! The trait by which commands are carried out.

use bytes::Bytes;
use serde_json::Value;

use crate::actor::Actor;
use crate::denial::Denial;
use crate::event::{Event, EventKind};
use crate::state::State;

/// A change to the object that a command is about, and the object as JSON; empty when it is gone.
pub(crate) struct ObjectChange {
    pub(crate) kind: EventKind,
    pub(crate) body: Bytes,
}

impl ObjectChange {
    pub(crate) fn created(body: Bytes) -> Self {
        Self { kind: EventKind::Created, body }
    }

    pub(crate) fn changed(body: Bytes) -> Self {
        Self { kind: EventKind::Changed, body }
    }

    pub(crate) fn deleted((): ()) -> Self {
        Self { kind: EventKind::Deleted, body: Bytes::new() }
    }
}

/// The commands of a concept.
pub(crate) trait CarryOut {
    /// Returns the body whose fields must hold what they always do; none when there is none, or it is
    /// a form that names all that is wrong with it at once.
    fn body(&self) -> Option<&Value>;

    /// Carries the command out. One that is refused has changed nothing.
    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial>;
}

/// The result of a command that was carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandResult {
    /// The kind of change to the object that the command is about.
    pub kind: EventKind,
    /// The object as JSON; empty when it is gone.
    pub body: Bytes,
    /// The changes. Every changed object is named by some event.
    pub events: Vec<Event>,
}

/// Has a change done to the world, or nothing at all: what is refused takes no number from what comes
/// next.
pub(crate) fn attempt(
    state: &mut State,
    change: impl FnOnce(&mut State) -> Result<ObjectChange, Denial>,
) -> Result<CommandResult, Denial> {
    let numbers = state.numbers.clone();
    let changed = change(state);
    let events = std::mem::take(&mut state.events);
    debug_assert!(changed.is_ok() || events.is_empty(), "a refused command changed something");
    let ObjectChange { kind, body } = changed.inspect_err(|_| state.numbers = numbers)?;
    Ok(CommandResult { kind, body, events })
}
