//! The lifecycle of usage files: what they accept in which status. Checking the records of a sheet
//! is the platform's own work, and takes a file from `processing` to `ready` or `invalid`.

use super::operation::Caller;
use super::rules::{By, Rule, rule, sided};
use crate::refusal::Refusal;
use crate::usage_file::UsageFileStatus as Status;

/// Declares the operations: verb, participle, and the status that each leads to.
macro_rules! operations {
    ($($(#[$meta:meta])* $name:ident: $verb:literal, $participle:literal => $next:expr;)+) => {
        /// An operation on a usage file: `PUT`, or one below its path (OpenAPI 37.0).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum UsageFileOperation {
            $($(#[$meta])* $name,)+
        }

        impl UsageFileOperation {
            /// All operations, in the order of a file's life.
            pub const ALL: [Self; [$($verb),+].len()] = [$(Self::$name),+];

            /// Returns the last segment of the operation's path; for [`Update`](Self::Update) a word
            /// of ours.
            #[must_use]
            pub fn verb(self) -> &'static str {
                match self {
                    $(Self::$name => $verb,)+
                }
            }

            /// Returns the participle: the word for it among a file's `events`, and in refusals.
            #[must_use]
            pub fn participle(self) -> &'static str {
                match self {
                    $(Self::$name => $participle,)+
                }
            }

            /// Returns the status of a file that has accepted the operation; none when it stays.
            #[must_use]
            pub fn leads_to(self) -> Option<Status> {
                match self {
                    $(Self::$name => $next,)+
                }
            }
        }
    };
}

operations! {
    /// Changes the description, the note, the period, the currency or the external id.
    Update: "update", "updated" => None;
    /// Brings a sheet with records.
    Upload: "upload", "uploaded" => Some(Status::Uploading);
    /// Has the records checked once more.
    Reprocess: "reprocess", "reprocessed" => Some(Status::Processing);
    /// Hands the file to the distributor.
    Submit: "submit", "submitted" => Some(Status::Pending);
    /// Takes the file back.
    Delete: "delete", "deleted" => Some(Status::Deleted);
    /// Takes the file over, to be billed.
    Accept: "accept", "accepted" => Some(Status::Accepted);
    /// Sends the file back to the vendor.
    Reject: "reject", "rejected" => Some(Status::Rejected);
    /// Brings a sheet that closes records.
    Reconcile: "reconciliation", "reconciled" => None;
    /// Ends the file.
    Close: "close", "closed" => Some(Status::Closed);
}

/// Everything the platform accepts. What is not here is refused. Vendors submit what is `ready`;
/// newer texts of the platform call that `uploaded`.
static RULES: &[Rule<(), UsageFileOperation, Status>] = {
    use Status::{Accepted, Draft, Invalid, Pending, Ready, Rejected, Uploaded};
    use UsageFileOperation as Op;
    const OPEN: &[Status] = &[Draft, Invalid, Ready, Rejected];
    &[
        rule(Op::Update, By::Vendor, OPEN),
        rule(Op::Upload, By::Vendor, OPEN),
        rule(Op::Reprocess, By::Vendor, &[Ready, Invalid]),
        rule(Op::Submit, By::Vendor, &[Ready, Uploaded]),
        rule(Op::Delete, By::Vendor, OPEN),
        rule(Op::Accept, By::Distributor, &[Pending]),
        rule(Op::Reject, By::Distributor, &[Pending]),
        rule(Op::Reconcile, By::Distributor, &[Accepted]),
        rule(Op::Close, By::Distributor, &[Accepted]),
    ]
};

/// The platform refuses an operation on a usage file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsageFileRefused {
    /// The operation belongs to the other side.
    #[error("You do not have permission to perform this action.")]
    Side,
    /// The file is in the wrong status.
    #[error("Usage file cannot be {} in status {status}.", .operation.participle())]
    Status {
        /// The operation.
        operation: UsageFileOperation,
        /// The status of the file.
        status: Status,
    },
}

impl UsageFileRefused {
    /// Returns the body of the error answer. Codes: `USG_001` for the status, which is the
    /// emulator's own choice, and `AUTH_004` for the wrong side.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let code = match self {
            Self::Side => "AUTH_004",
            Self::Status { .. } => "USG_001",
        };
        Refusal::new(code, self.to_string())
    }
}

/// Says whether the platform accepts an operation on a file in this status; where it leads is
/// [`UsageFileOperation::leads_to`].
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong status.
pub fn allow(
    status: &Status,
    operation: UsageFileOperation,
    caller: Caller,
) -> Result<(), UsageFileRefused> {
    let rules = sided(RULES, operation, caller);
    if rules.is_empty() {
        return Err(UsageFileRefused::Side);
    }
    match rules.iter().any(|rule| rule.from.contains(status)) {
        true => Ok(()),
        false => Err(UsageFileRefused::Status { operation, status: status.clone() }),
    }
}
