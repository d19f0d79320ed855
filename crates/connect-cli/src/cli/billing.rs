//! The arguments of `cnct billing`.

use clap::{Args, Subcommand};
use connect_model::{AssetId, BillingPeriod, BillingRequestId, BillingRequestType, DateTime};
use jiff::civil::Date;

use super::parse::{ItemQuantity, Pair, id, month, word};

#[derive(Subcommand)]
pub(crate) enum BillingCommand {
    /// List billing requests, newest first
    List(ListBillingRequests),
    /// Show one billing request
    Show(BillingTarget),
    /// Record what was billed for a subscription
    Create(CreateBillingRequest),
    /// Note something of a billing request, such as the number of an invoice
    Set(SetBillingAttributes),
    /// Show when a subscription is billed, and how often it was
    Dates {
        /// The subscription
        #[arg(value_parser = id::<AssetId>)]
        asset: AssetId,
    },
}

/// Which billing request.
#[derive(Args)]
pub(crate) struct BillingTarget {
    /// The billing request
    #[arg(value_parser = id::<BillingRequestId>)]
    pub(crate) billing_request: BillingRequestId,
}

#[derive(Args)]
pub(crate) struct ListBillingRequests {
    /// Only of this side
    #[arg(long = "type", value_name = "SIDE")]
    #[arg(value_parser = word::<BillingRequestType>(BillingRequestType::KNOWN))]
    pub(crate) kind: Option<BillingRequestType>,
    /// Only for this subscription
    #[arg(long, value_parser = id::<AssetId>)]
    pub(crate) asset: Option<AssetId>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

/// The side that the key is of.
#[derive(Args)]
pub(crate) struct OwnSide {
    /// The side that bills: the one that the key is of
    #[arg(long = "type", value_name = "SIDE", default_value = "vendor")]
    #[arg(value_parser = word::<BillingRequestType>(BillingRequestType::KNOWN))]
    pub(crate) kind: BillingRequestType,
}

#[derive(Args)]
pub(crate) struct CreateBillingRequest {
    /// The subscription
    #[arg(value_parser = id::<AssetId>)]
    pub(crate) asset: AssetId,
    #[command(flatten)]
    pub(crate) side: OwnSide,
    /// An item, by id or part number, and how much of it [default: all that the subscription has]
    #[arg(long = "item", value_name = "ITEM=QUANTITY")]
    pub(crate) items: Vec<ItemQuantity>,
    /// The month that is billed, YYYY-MM [default: the last one]
    #[arg(long, value_parser = month, conflicts_with_all = ["from", "to", "uom"])]
    pub(crate) month: Option<Date>,
    /// The moment from which on is billed
    #[arg(long, value_name = "TIME", requires = "to")]
    pub(crate) from: Option<DateTime>,
    /// The moment until which is billed
    #[arg(long, value_name = "TIME", requires = "from")]
    pub(crate) to: Option<DateTime>,
    /// The unit of the period
    #[arg(long, value_name = "UNIT", default_value = "monthly")]
    #[arg(value_parser = word::<BillingPeriod>(BillingPeriod::RECURRING))]
    pub(crate) uom: BillingPeriod,
    /// Something to note, such as invoice=N-17
    #[arg(long = "set", value_name = "KEY=TEXT")]
    pub(crate) attributes: Vec<Pair>,
}

#[derive(Args)]
pub(crate) struct SetBillingAttributes {
    #[command(flatten)]
    pub(crate) target: BillingTarget,
    #[command(flatten)]
    pub(crate) side: OwnSide,
    /// What to note; what was noted under other names stays
    #[arg(value_name = "KEY=TEXT", required = true)]
    pub(crate) attributes: Vec<Pair>,
}
