//! The switches of a product.

use std::fmt;

/// Declares the switches with their paths.
macro_rules! capabilities {
    ($($(#[$meta:meta])+ $name:ident = $path:literal;)+) => {
        /// A switch of a product, by its place among the product's capabilities (OpenAPI 37.0).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[$meta])+ $name,)+
        }

        impl Capability {
            /// Returns the place of the switch, as a dotted path.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }
        }
    };
}

capabilities! {
    /// Administrative Hold: suspend and resume requests reach the vendor.
    Hold = "subscription.hold";
    /// Usage is reported for items that are paid for up front.
    ReservationConsumption = "reservation.consumption";
    /// Usage may be reported for items that the product does not have.
    UsageDynamic = "ppu.dynamic";
    /// Usage may be reported that comes after the period of its file.
    UsageFuture = "ppu.future";
    /// Usage may be reported that was before the period of its file.
    UsageLate = "ppu.late";
    /// Draft purchase requests can be validated, and so created.
    CartValidation = "cart.validation";
    /// The inquiring form is validated; inquiring requests can be updated.
    InquiringValidation = "inquiring.validation";
    /// Draft change requests can be created.
    ChangeValidation = "subscription.change.validation";
    /// Corrections that a customer makes in a change are validated.
    ChangeInquiringValidation = "subscription.change.inquiring_validation";
    /// A change request may carry ordering parameters.
    EditableOrdering = "subscription.change.editable_ordering_parameters";
    /// A change request may carry fulfillment parameters.
    EditableFulfillment = "subscription.change.editable_fulfillment_parameters";
    /// An adjustment may stand beside an open change.
    SimultaneousAdjustment = "subscription.change.simultaneous_adjustment";
    /// Renewals can be requested.
    Renew = "subscription.renew.enable_renew";
    /// Draft renewals can be created.
    RenewValidation = "subscription.renew.validation";
    /// Corrections that a customer makes in a renewal are validated.
    RenewInquiringValidation = "subscription.renew.inquiring_validation";
    /// A renewal may carry ordering parameters.
    RenewEditableOrdering = "subscription.renew.editable_ordering_parameters";
    /// A renewal may carry fulfillment parameters.
    RenewEditableFulfillment = "subscription.renew.editable_fulfillment_parameters";
    /// Transfers can be requested.
    Transfer = "subscription.transfer.enable_transfer";
    /// Transfers are approved as soon as they are created.
    TransferAutoapprove = "subscription.transfer.transfer_autoapprove";
    /// Draft transfers can be created.
    TransferValidation = "subscription.transfer.validation";
    /// Corrections that a customer makes in a transfer are validated.
    TransferInquiringValidation = "subscription.transfer.inquiring_validation";
    /// A transfer may carry ordering parameters.
    TransferEditableOrdering = "subscription.transfer.editable_ordering_parameters";
    /// A transfer may carry fulfillment parameters.
    TransferEditableFulfillment = "subscription.transfer.editable_fulfillment_parameters";
    /// The vendor may schedule purchases for another day.
    PurchaseScheduling = "subscription.purchase.scheduling";
    /// The vendor may schedule changes for another day.
    ChangeScheduling = "subscription.change.scheduling";
    /// The vendor may schedule suspensions for another day.
    SuspendScheduling = "subscription.suspend.scheduling";
    /// The vendor may schedule resumptions for another day.
    ResumeScheduling = "subscription.resume.scheduling";
    /// The vendor may schedule cancellations for another day.
    CancelScheduling = "subscription.cancel.scheduling";
    /// The vendor may schedule renewals for another day.
    RenewScheduling = "subscription.renew.scheduling";
    /// Requests of resellers' configurations are validated.
    TiersValidation = "tiers.validation";
    /// Corrections that a reseller makes in a set-up are validated.
    SetupInquiringValidation = "tiers.configs.setup.inquiring_validation";
    /// Drafts of updates of resellers' configurations are validated.
    UpdateValidation = "tiers.configs.update.validation";
    /// Corrections that a reseller makes in an update are validated.
    UpdateInquiringValidation = "tiers.configs.update.inquiring_validation";
    /// The vendor is asked about changes of customers' and resellers' accounts.
    TiersUpdates = "tiers.updates";
}

/// The path.
impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.path())
    }
}
