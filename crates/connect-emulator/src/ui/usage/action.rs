//! What can be done to a usage file: a row each for its button and its dialog.

use connect_model::lifecycle::usage_file::{
    UsageFileOperation as Operation, UsageFileRefused, allow,
};
use connect_model::lifecycle::usage_record::{UsageRecordOperation, UsageRecordRefused, allow_in};
use connect_model::{ConnectionType, UsageFile};

use crate::ui::role::Role;

/// Something that can be done to a file.
pub(super) struct Action {
    /// Its name in addresses.
    pub(super) verb: &'static str,
    pub(super) title: &'static str,
    /// A class of `ui.css` for the button.
    pub(super) tone: &'static str,
    /// The text that says what will happen.
    pub(super) overview: &'static str,
    pub(super) form: Form,
    pub(super) deed: Deed,
}

/// What its dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Nothing,
    /// A note, in a field of the body.
    Note(&'static str),
    /// A workbook, in a field of the form.
    Sheet(&'static str),
}

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Operate(Operation),
    /// Approves all valid records.
    ApproveAll,
}

const fn operation(
    operation: Operation,
    verb: &'static str,
    title: &'static str,
    tone: &'static str,
    form: Form,
    overview: &'static str,
) -> Action {
    Action { verb, title, tone, overview, form, deed: Deed::Operate(operation) }
}

/// All of them, in the order of their buttons.
static ACTIONS: [Action; 9] = [
    operation(
        Operation::Submit,
        "submit",
        "Submit",
        "primary",
        Form::Nothing,
        "The file goes to the distributor, who accepts it or sends it back.",
    ),
    operation(
        Operation::Upload,
        "upload",
        "Upload",
        "",
        Form::Sheet("usage_file"),
        "The records of the workbook take the place of those the file has, and are checked. The file \
         is ready when all are right, and invalid otherwise.",
    ),
    operation(
        Operation::Reprocess,
        "reprocess",
        "Reprocess",
        "",
        Form::Nothing,
        "The records are checked once more: subscriptions and items may have changed.",
    ),
    operation(
        Operation::Accept,
        "accept",
        "Accept",
        "primary",
        Form::Note("acceptance_note"),
        "The file is taken over to be billed, and its valid records are approved.",
    ),
    operation(
        Operation::Reject,
        "reject",
        "Reject",
        "danger",
        Form::Note("rejection_note"),
        "The file goes back to the vendor, who reads your note, and may upload another workbook.",
    ),
    Action {
        verb: "approve-all",
        title: "Approve All",
        tone: "",
        overview: "All valid records are approved. The file stays where it is.",
        form: Form::Nothing,
        deed: Deed::ApproveAll,
    },
    operation(
        Operation::Close,
        "close",
        "Close File",
        "primary",
        Form::Nothing,
        "The file ends for good, and its approved records are closed without a bill.",
    ),
    operation(
        Operation::Reconcile,
        "reconciliation",
        "Reconcile",
        "",
        Form::Sheet("recon_file"),
        "The records that the workbook names are closed, with the bills it gives them. It has a tab \
         records with the columns record_id, external_billing_id and external_billing_note.",
    ),
    operation(
        Operation::Delete,
        "delete",
        "Delete",
        "danger",
        Form::Nothing,
        "The file is taken back for good. It stays in the list, as deleted.",
    ),
];

/// The buttons of a file.
pub(super) struct Buttons {
    pub(super) offered: Vec<&'static Action>,
    /// What only the other side can do; empty when there is nothing.
    pub(super) note: String,
}

impl Action {
    pub(super) fn named(verb: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|action| action.verb == verb)
    }

    /// Returns the reason why a role cannot do it now.
    pub(super) fn hindrance(&self, role: Role, file: &UsageFile) -> Option<String> {
        let caller = role.caller(file.environment == ConnectionType::Preview);
        let refused = match self.deed {
            Deed::Operate(operation) => match allow(&file.status, operation, caller) {
                Ok(()) => return None,
                Err(UsageFileRefused::Side) => None,
                Err(other) => Some(other.to_string()),
            },
            Deed::ApproveAll => {
                match allow_in(&file.status, UsageRecordOperation::Approve, caller) {
                    Ok(()) => return None,
                    Err(UsageRecordRefused::Side) => None,
                    Err(other) => Some(other.to_string()),
                }
            }
        };
        Some(refused.unwrap_or_else(|| format!("Only the {} can.", role.other().word())))
    }

    /// Whether the page shows it where it can be done: nobody approves what is approved.
    fn is_shown(&self, file: &UsageFile) -> bool {
        self.deed != Deed::ApproveAll || file.stats.pending > 0
    }
}

impl Buttons {
    /// Returns the buttons for a role.
    pub(super) fn of(role: Role, file: &UsageFile) -> Self {
        let shown = || ACTIONS.iter().filter(|action| action.is_shown(file));
        let can = |role, action: &Action| action.hindrance(role, file).is_none();
        let offered: Vec<_> = shown().filter(|action| can(role, action)).collect();
        let theirs = shown().filter(|action| can(role.other(), action) && !can(role, action));
        let titles: Vec<&str> = theirs.map(|action| action.title).collect();
        let note = match titles.is_empty() {
            true => String::new(),
            false => format!(
                "Only the {} can: {}. “Acting as” above changes sides.",
                role.other().word(),
                titles.join(", ")
            ),
        };
        Self { offered, note }
    }
}
