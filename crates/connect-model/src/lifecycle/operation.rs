//! Operations on requests, whatever their family.

use crate::request_status::RequestStatus as Status;

/// One row of the table below.
struct Row {
    verb: &'static str,
    participle: &'static str,
    title: &'static str,
    leads_to: Next,
}

/// Declares the operations: verb, participle, title, and where each leads.
macro_rules! operations {
    ($($(#[$meta:meta])* $name:ident:
        $verb:literal, $participle:literal, $title:literal => $next:expr;)+
    ) => {
        /// An operation on a request: `PUT`, or one below its path (OpenAPI 37.0).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $($(#[$meta])* $name,)+
        }

        impl Operation {
            /// All operations, in the order of the platform's document.
            pub const ALL: [Self; [$($verb),+].len()] = [$(Self::$name),+];

            fn row(self) -> &'static Row {
                match self {
                    $(Self::$name => {
                        static ROW: Row = Row {
                            verb: $verb,
                            participle: $participle,
                            title: $title,
                            leads_to: $next,
                        };
                        &ROW
                    })+
                }
            }
        }
    };
}

operations! {
    /// `PUT /{collection}/{id}`: writes parameters or the note.
    Update: "update", "updated", "Edit" => Next::Stay;
    /// Grants it.
    Approve: "approve", "approved", "Approve" => Next::To(Status::Approved);
    /// Refuses it for good.
    Fail: "fail", "failed", "Reject" => Next::To(Status::Failed);
    /// Sends it back to the customer.
    Inquire: "inquire", "moved to inquiring status", "Inquire" => Next::To(Status::Inquiring);
    /// Brings it back to the vendor.
    Pend: "pend", "moved to pending status", "Set to Pending" => Next::To(Status::Pending);
    /// Gives it to a user.
    Assign: "assign", "assigned", "Assign" => Next::Stay;
    /// Takes it from its user.
    Unassign: "unassign", "unassigned", "Unassign" => Next::Stay;
    /// Accepts it for a later day.
    Schedule: "schedule", "scheduled", "Schedule" => Next::To(Status::Scheduled);
    /// Asks to take it back.
    Revoke: "revoke", "revoked", "Revoke" => Next::To(Status::Revoking);
    /// Confirms that it was taken back.
    Confirm: "confirm", "confirmed", "Confirm Revocation" => Next::To(Status::Revoked);
    /// Orders a draft purchase.
    Purchase: "purchase", "purchased", "Purchase" => Next::First;
    /// Orders a draft of another type.
    Submit: "submit", "submitted", "Submit" => Next::First;
    /// Takes the change of an account over.
    Accept: "accept", "accepted", "Accept" => Next::To(Status::Accepted);
    /// Does not take the change of an account over.
    Ignore: "ignore", "ignored", "Ignore" => Next::To(Status::Ignored);
    /// Has a draft checked.
    Validate: "validate", "validated", "Validate" => Next::Stay;
    /// Shows its template.
    Render: "render", "rendered", "Render" => Next::Stay;
}

impl Operation {
    /// Returns the last segment of the operation's path; for [`Update`](Self::Update) a word of ours.
    #[must_use]
    pub fn verb(self) -> &'static str {
        self.row().verb
    }

    /// Returns the participle: what is done to the request, in the words of the platform's
    /// refusals.
    pub(crate) fn participle(self) -> &'static str {
        self.row().participle
    }

    /// Returns the words on the portal's buttons.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// Returns the place the operation takes a request to that accepts it.
    #[must_use]
    pub fn leads_to(self) -> &'static Next {
        &self.row().leads_to
    }

    /// Whether a request in this status shows that the operation has happened. One that leaves
    /// requests where they are shows in no status.
    #[must_use]
    pub fn shows_in(self, status: &Status) -> bool {
        match self.leads_to() {
            Next::Stay => false,
            Next::To(next) => next == status,
            Next::First => *status != Status::Draft,
        }
    }
}

/// The place an accepted operation takes the request to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The status it has.
    Stay,
    /// This status.
    To(Status),
    /// The first status of its family, as if it were created now.
    First,
}

/// The side that asks for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The vendor's token. On preview subscriptions the vendor also plays the distributor.
    Vendor {
        /// Whether the request is on a preview connection.
        preview: bool,
    },
    /// A distributor's token.
    Distributor,
    /// The customer, through the link of the inquiring form.
    Customer,
}
