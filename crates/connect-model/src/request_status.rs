//! The statuses of requests.

use crate::open_enum::open_enum;

open_enum! {
    /// The status of a request (OpenAPI 37.0).
    RequestStatus {
        /// Not ordered yet; there to be validated.
        Draft = "draft",
        /// Waits for the configuration of a reseller.
        TiersSetup = "tiers_setup",
        /// Waits for the vendor.
        Pending = "pending",
        /// Waits for the customer.
        Inquiring = "inquiring",
        /// Done. Final.
        Approved = "approved",
        /// Refused. Final.
        Failed = "failed",
        /// Accepted for a later day.
        Scheduled = "scheduled",
        /// To be taken back; waits for the vendor to confirm.
        Revoking = "revoking",
        /// Taken back. Final.
        Revoked = "revoked",
        /// Taken over by the vendor, of a changed account. Final.
        Accepted = "accepted",
        /// Not taken over by the vendor, of a changed account. Final.
        Ignored = "ignored",
        /// Not asked, because the product does not hear of changed accounts. Final.
        Unsupported = "unsupported",
    }
}

impl RequestStatus {
    /// Whether the request is over and will never change again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Approved
                | Self::Failed
                | Self::Revoked
                | Self::Accepted
                | Self::Ignored
                | Self::Unsupported
        )
    }

    /// Whether the vendor has done what was asked.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        matches!(self, Self::Approved | Self::Accepted)
    }

    /// Whether the request keeps other requests of its asset out. Drafts do not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.is_final() && *self != Self::Draft
    }
}
