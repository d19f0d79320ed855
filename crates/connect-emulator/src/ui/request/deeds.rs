//! What can be done with a request now, and why the rest cannot.

use connect_model::lifecycle::Operation;
use connect_model::lifecycle::asset_request::Refused;
use connect_model::{Assignee, RequestStatus};

use super::subject::Subject;
use crate::ui::role::Role;

/// The buttons of a request.
pub(super) struct Deeds {
    pub(super) offered: Vec<&'static Deed>,
    pub(super) notes: Vec<Note>,
}

/// A button.
#[derive(Debug)]
pub(super) struct Deed {
    operation: Operation,
    pub(super) title: &'static str,
    /// The dialog's name in addresses.
    pub(super) verb: &'static str,
    /// A class of `ui.css`.
    pub(super) tone: &'static str,
}

/// Why something is missing among the buttons.
pub(super) struct Note {
    pub(super) text: String,
    /// Where the product's owner could change that.
    pub(super) settings: Option<String>,
}

const fn deed(
    operation: Operation,
    title: &'static str,
    verb: &'static str,
    tone: &'static str,
) -> Deed {
    Deed { operation, title, verb, tone }
}

const DEEDS: [Deed; 12] = [
    deed(Operation::Approve, "Approve", "approve", "primary"),
    deed(Operation::Fail, "Reject", "reject", "danger"),
    deed(Operation::Inquire, "Inquire", "inquire", ""),
    deed(Operation::Pend, "Set to Pending", "pend", ""),
    deed(Operation::Schedule, "Schedule", "schedule", ""),
    deed(Operation::Revoke, "Revoke", "revoke", "danger"),
    deed(Operation::Confirm, "Confirm Revocation", "confirm", "primary"),
    deed(Operation::Purchase, "Purchase", "purchase", "primary"),
    deed(Operation::Submit, "Submit", "submit", "primary"),
    deed(Operation::Validate, "Validate", "validate", ""),
    deed(Operation::Assign, "Assign", "assign", ""),
    deed(Operation::Unassign, "Unassign", "unassign", ""),
];

impl Deeds {
    /// The buttons for a role.
    pub(super) fn of(role: Role, subject: &Subject) -> Self {
        let shown = || DEEDS.iter().filter(|deed| deed.is_shown(subject));
        let offered = shown().filter(|deed| subject.refusal(role, deed.operation).is_none());
        Self { offered: offered.collect(), notes: notes(role, subject, shown()) }
    }
}

impl Deed {
    /// The portal shows less than the API accepts: a request is not approved while its customer
    /// is asked, and nothing is taken from nobody.
    fn is_shown(&self, subject: &Subject) -> bool {
        match self.operation {
            Operation::Approve => subject.request.status != RequestStatus::Inquiring,
            Operation::Unassign => subject.request.assignee != Assignee::Nobody,
            _ => true,
        }
    }
}

fn notes(
    role: Role,
    subject: &Subject,
    shown: impl Iterator<Item = &'static Deed> + Clone,
) -> Vec<Note> {
    let status = &subject.request.status;
    if status.is_final() {
        let text = format!("Nothing more can be done: {status} is final.");
        return vec![Note { text, settings: None }];
    }
    let off = shown.clone().filter_map(|deed| switched_off(role, subject, deed));
    others(role, subject, shown).into_iter().chain(off).collect()
}

/// What only the other side can do.
fn others(
    role: Role,
    subject: &Subject,
    shown: impl Iterator<Item = &'static Deed>,
) -> Option<Note> {
    let (other, name) = match role {
        Role::Vendor => (Role::Distributor, "distributor"),
        Role::Distributor => (Role::Vendor, "vendor"),
    };
    let can = |role, deed: &Deed| subject.refusal(role, deed.operation).is_none();
    let theirs = shown.filter(|deed| can(other, deed) && !can(role, deed));
    let titles: Vec<&str> = theirs.map(|deed| deed.title).collect();
    let text =
        format!("Only the {name} can: {}. “Acting as” above changes sides.", titles.join(", "));
    (!titles.is_empty()).then_some(Note { text, settings: None })
}

/// What the product has switched off.
fn switched_off(role: Role, subject: &Subject, deed: &Deed) -> Option<Note> {
    let Some(Refused::Capability { capability, .. }) = subject.refusal(role, deed.operation) else {
        return None;
    };
    Some(Note {
        text: format!("{} is not offered: {capability} is off for this product.", deed.title),
        settings: Some(format!("/products/{}/settings", subject.product.id)),
    })
}
