//! The buttons for what can be done with a request now, and why others are missing.

use connect_model::lifecycle::Operation;
use connect_model::{Assignee, RequestStatus};

use super::delete;
use super::family::Family;
use super::subject::Subject;
use crate::ui::product::settings;
use crate::ui::role::Role;

/// The buttons of a request.
pub(in crate::ui) struct Buttons {
    /// The address of the request.
    pub(in crate::ui) address: String,
    pub(in crate::ui) offered: Vec<&'static Button>,
    /// The button that deletes a draft; none of what is no draft.
    pub(in crate::ui) delete: Option<&'static str>,
    pub(in crate::ui) notes: Vec<Note>,
}

/// A button that leads to an operation's dialog.
#[derive(Debug)]
pub(in crate::ui) struct Button {
    pub(in crate::ui) operation: Operation,
    /// A class of `ui.css`.
    pub(in crate::ui) tone: &'static str,
}

/// A reason why something is missing among the buttons.
pub(in crate::ui) struct Note {
    pub(in crate::ui) text: String,
    /// The page where the product's owner could change that.
    pub(in crate::ui) settings: Option<String>,
}

const fn button(operation: Operation, tone: &'static str) -> Button {
    Button { operation, tone }
}

const BUTTONS: [Button; 14] = [
    button(Operation::Approve, "primary"),
    button(Operation::Fail, "danger"),
    button(Operation::Accept, "primary"),
    button(Operation::Ignore, "danger"),
    button(Operation::Inquire, ""),
    button(Operation::Pend, ""),
    button(Operation::Schedule, ""),
    button(Operation::Revoke, "danger"),
    button(Operation::Confirm, "primary"),
    button(Operation::Purchase, "primary"),
    button(Operation::Submit, "primary"),
    button(Operation::Validate, ""),
    button(Operation::Assign, ""),
    button(Operation::Unassign, ""),
];

impl Buttons {
    /// Returns the buttons for a role.
    pub(in crate::ui) fn of<F: Family>(role: Role, subject: &Subject<F>) -> Self {
        let shown = || BUTTONS.iter().filter(|button| button.is_shown(subject));
        let offered = shown().filter(|button| subject.hindrance(role, button.operation).is_none());
        let (offered, notes) = (offered.collect(), notes(role, subject, shown()));
        let delete = subject.can_be_deleted(role).then_some(delete::TITLE);
        Self { address: subject.address(), offered, delete, notes }
    }
}

impl Button {
    /// Whether the portal shows it, which shows less than the API accepts: a request is not
    /// approved while its customer is asked, and nothing is taken from nobody.
    fn is_shown<F: Family>(&self, subject: &Subject<F>) -> bool {
        match self.operation {
            Operation::Approve => *subject.request.status() != RequestStatus::Inquiring,
            Operation::Unassign => *subject.request.assignee() != Assignee::Nobody,
            _ => true,
        }
    }
}

fn notes<F: Family>(
    role: Role,
    subject: &Subject<F>,
    shown: impl Iterator<Item = &'static Button> + Clone,
) -> Vec<Note> {
    let status = subject.request.status();
    if status.is_final() {
        let text = format!("Nothing more can be done: {status} is final.");
        return vec![Note { text, settings: None }];
    }
    let off = shown.clone().filter_map(|button| switched_off(role, subject, button));
    others(role, subject, shown).into_iter().chain(off).collect()
}

/// Returns what only the other side can do.
fn others<F: Family>(
    role: Role,
    subject: &Subject<F>,
    shown: impl Iterator<Item = &'static Button>,
) -> Option<Note> {
    let (other, name) = match role {
        Role::Vendor => (Role::Distributor, "distributor"),
        Role::Distributor => (Role::Vendor, "vendor"),
    };
    let can = |role, button: &Button| subject.hindrance(role, button.operation).is_none();
    let theirs = shown.filter(|button| can(other, button) && !can(role, button));
    let titles: Vec<&str> = theirs.map(|button| button.operation.title()).collect();
    let text =
        format!("Only the {name} can: {}. “Acting as” above changes sides.", titles.join(", "));
    (!titles.is_empty()).then_some(Note { text, settings: None })
}

/// Returns what the product has switched off.
fn switched_off<F: Family>(role: Role, subject: &Subject<F>, button: &Button) -> Option<Note> {
    let capability = subject.hindrance(role, button.operation)?.capability?;
    let title = button.operation.title();
    let switch = settings::name_of(capability);
    Some(Note {
        text: format!("{title} is not offered: {switch} is off for this product."),
        settings: Some(format!("/products/{}/settings", subject.product.id)),
    })
}
