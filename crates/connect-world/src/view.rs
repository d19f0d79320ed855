//! Objects as the platform shows them. A view borrows from the world and writes itself as JSON, so
//! requests, assets, conversations and tier accounts are not copied to be shown. Lists of small
//! collections are: their rows become JSON values before they are filtered.

pub(crate) mod channel;
pub(crate) mod course;
pub(crate) mod param;
pub(crate) mod parts;

use connect_model::{DateTime, UserId};
use serde::Serialize;

use crate::party::parties::Parties;

/// `{id}`.
#[derive(Serialize)]
pub(crate) struct IdView<'w> {
    id: &'w str,
}

impl<'w> IdView<'w> {
    pub(crate) fn of(id: &'w impl AsRef<str>) -> Self {
        Self { id: id.as_ref() }
    }
}

/// `{id, name}`.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct NameView<'w> {
    pub(crate) id: &'w str,
    pub(crate) name: &'w str,
}

impl<'w> NameView<'w> {
    /// Returns a user, or a program that acts like one.
    pub(crate) fn of_user(id: &'w UserId, parties: &'w Parties) -> Self {
        Self { id: id.as_str(), name: parties.name_of(id) }
    }
}

/// `{at, by}`.
#[derive(Serialize)]
pub(crate) struct AtView<'w> {
    at: DateTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<NameView<'w>>,
}

impl<'w> AtView<'w> {
    pub(crate) fn new(at: DateTime, by: Option<&'w UserId>, parties: &'w Parties) -> Self {
        let by = by.map(|id| NameView::of_user(id, parties));
        Self { at, by }
    }
}

/// `{created, updated}`.
#[derive(Serialize)]
pub(crate) struct Lifespan<'w> {
    pub(crate) created: AtView<'w>,
    pub(crate) updated: AtView<'w>,
}

impl<'w> Lifespan<'w> {
    pub(crate) fn unsigned(created: DateTime, updated: DateTime) -> Self {
        let at = |at| AtView { at, by: None };
        Self { created: at(created), updated: at(updated) }
    }
}
