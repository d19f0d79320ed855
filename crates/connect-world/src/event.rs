//! The changes of the world.

use jiff::Timestamp;

/// A change in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The time of the change.
    pub at: Timestamp,
    /// The kind of the change.
    pub kind: EventKind,
    /// The object that changed.
    pub object: ObjectRef,
}

/// The kinds of changes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A new object.
    Created,
    /// An object that is no longer what it was.
    Changed,
    /// An object that is gone.
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
    /// Returns the object of a kind with an id.
    #[must_use]
    pub fn new(kind: &'static str, id: &str) -> Self {
        Self { kind, id: id.into() }
    }
}
