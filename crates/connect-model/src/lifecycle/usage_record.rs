//! The lifecycle of records of usage: what the distributor makes of them, while their file waits for
//! it or is accepted. The rules are the emulator's own choice.

use super::operation::Caller;
use super::rules::{By, Rule, rule, sided};
use crate::refusal::Refusal;
use crate::usage_file::{UsageFileStatus, UsageRecordStatus as Status};

/// An operation on a record: `PUT` with a status, or `POST …/close` (OpenAPI 37.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UsageRecordOperation {
    /// Takes the record over, to be billed.
    Approve,
    /// Sends the record back.
    Reject,
    /// Ends the record, with the bill.
    Close,
}

impl UsageRecordOperation {
    /// All operations.
    pub const ALL: [Self; 3] = [Self::Approve, Self::Reject, Self::Close];

    /// Returns the word for it in addresses: the verb.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Close => "close",
        }
    }

    /// Returns the status of a record that has accepted the operation.
    #[must_use]
    pub fn leads_to(self) -> Status {
        match self {
            Self::Approve => Status::Approved,
            Self::Reject => Status::Rejected,
            Self::Close => Status::Closed,
        }
    }

    /// Returns the statuses of files whose records accept the operation.
    #[must_use]
    pub fn files(self) -> &'static [UsageFileStatus] {
        match self {
            Self::Approve | Self::Reject => &[UsageFileStatus::Pending, UsageFileStatus::Accepted],
            Self::Close => &[UsageFileStatus::Accepted],
        }
    }
}

static RULES: &[Rule<(), UsageRecordOperation, Status>] = {
    use Status::{Approved, Rejected, Valid};
    use UsageRecordOperation as Op;
    &[
        rule(Op::Approve, By::Distributor, &[Valid, Rejected, Approved]),
        rule(Op::Reject, By::Distributor, &[Valid, Approved, Rejected]),
        rule(Op::Close, By::Distributor, &[Approved]),
    ]
};

/// The platform refuses an operation on records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsageRecordRefused {
    /// The operation belongs to the other side.
    #[error("You do not have permission to perform this action.")]
    Side,
    /// Their file is in the wrong status.
    #[error("Usage records cannot be {} while their file is {status}.", .operation.leads_to())]
    File {
        /// The operation.
        operation: UsageRecordOperation,
        /// The status of the file.
        status: UsageFileStatus,
    },
    /// The record is in the wrong status.
    #[error("Usage record cannot be {} in status {status}.", .operation.leads_to())]
    Status {
        /// The operation.
        operation: UsageRecordOperation,
        /// The status of the record.
        status: Status,
    },
}

impl UsageRecordRefused {
    /// Returns the body of the error answer. Codes: `USG_001` for the file's status and `USG_002` for
    /// the record's, which are the emulator's own choice, and `AUTH_004` for the wrong side.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let code = match self {
            Self::Side => "AUTH_004",
            Self::File { .. } => "USG_001",
            Self::Status { .. } => "USG_002",
        };
        Refusal::new(code, self.to_string())
    }
}

/// Says whether records of a file in this status accept an operation.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong status of the file.
pub fn allow_in(
    file: &UsageFileStatus,
    operation: UsageRecordOperation,
    caller: Caller,
) -> Result<(), UsageRecordRefused> {
    if sided(RULES, operation, caller).is_empty() {
        return Err(UsageRecordRefused::Side);
    }
    match operation.files().contains(file) {
        true => Ok(()),
        false => Err(UsageRecordRefused::File { operation, status: file.clone() }),
    }
}

/// Says whether a record in this status, of a file in its own, accepts an operation.
///
/// # Errors
///
/// As [`allow_in`], and at last the wrong status of the record.
pub fn allow(
    file: &UsageFileStatus,
    record: &Status,
    operation: UsageRecordOperation,
    caller: Caller,
) -> Result<(), UsageRecordRefused> {
    allow_in(file, operation, caller)?;
    match sided(RULES, operation, caller).iter().any(|rule| rule.from.contains(record)) {
        true => Ok(()),
        false => Err(UsageRecordRefused::Status { operation, status: record.clone() }),
    }
}
