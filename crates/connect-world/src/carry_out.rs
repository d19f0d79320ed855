//! The trait by which commands are carried out.

use bytes::Bytes;

use crate::actor::Actor;
use crate::denial::Denial;
use crate::event::EventKind;
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
    /// Carries the command out. One that is refused has changed nothing.
    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial>;
}
