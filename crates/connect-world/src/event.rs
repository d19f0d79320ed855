//! What changed.

use jiff::Timestamp;

/// Something changed in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// How.
    pub kind: EventKind,
    /// What.
    pub object: ObjectRef,
}

/// How an object changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It came into being.
    Created,
    /// It is no longer what it was.
    Changed,
    /// It is gone.
    Deleted,
}

/// An object of the world by the word for its kind, such as `request` or `tier_account`, and its
/// id. The items, parameters and templates of a product are parts of it, as the messages are of
/// their conversation and the versions of their tier account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// The word for its kind, as the store files it.
    pub kind: &'static str,
    /// Its id.
    pub id: Box<str>,
}

impl ObjectRef {
    /// The object of a kind with an id.
    #[must_use]
    pub fn new(kind: &'static str, id: &str) -> Self {
        Self { kind, id: id.into() }
    }
}
