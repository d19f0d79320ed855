//! The arguments of `cnct request`.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use connect_model::lifecycle::asset_request::STATUSES;
use connect_model::rql::Rql;
use connect_model::{
    AssetId, AssetRequestType, ConnectionId, DateTime, ProductId, RequestId, RequestStatus,
};

use super::parse::{Account, ItemQuantity, Pair, id, time, word};

#[derive(Subcommand)]
pub(crate) enum RequestCommand {
    /// List requests, newest first
    List(ListRequests),
    /// Show one request
    Show {
        #[command(flatten)]
        target: Target,
        /// With the conversation about it
        #[arg(long)]
        conversation: bool,
    },
    /// Create a request; a purchase is a preview one
    Create(CreateRequest),
    /// Order a draft purchase
    Purchase(Order),
    /// Order a draft of another type
    Submit(Order),
    #[command(flatten)]
    On(OnRequest),
}

// No doc comment: clap would take it for the help of `request`.
#[derive(Subcommand)]
pub(crate) enum OnRequest {
    /// Approve a request
    Approve {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        template: Template,
        /// Since when it holds [default: now]
        #[arg(long, value_name = "TIME")]
        effective_date: Option<DateTime>,
    },
    /// Fail a request for good
    Fail {
        #[command(flatten)]
        target: Target,
        /// Why; the customer reads it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Inquire: send a request back to the customer
    Inquire {
        #[command(flatten)]
        target: Target,
        /// A parameter and what is wrong with it
        #[arg(long = "param", value_name = "KEY=ERROR", required = true)]
        params: Vec<Pair>,
        #[command(flatten)]
        template: Template,
    },
    /// Bring an inquiring or scheduled request back to pending
    Pend(Target),
    /// Give a request to a user
    Assign {
        #[command(flatten)]
        target: Target,
        /// The user's id or e-mail address
        user: String,
    },
    /// Take a request from its user
    Unassign(Target),
    /// Schedule a request for a later day
    Schedule {
        #[command(flatten)]
        target: Target,
        /// The day
        #[arg(long, value_name = "TIME")]
        date: DateTime,
    },
    /// Ask to take a scheduled request back
    Revoke {
        #[command(flatten)]
        target: Target,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Confirm that a revoking request was taken back
    Confirm(Target),
    /// Have a draft checked by the vendor
    Validate(Target),
    /// Print the text that the request's template shows now
    Render(Target),
    /// Write parameters of a request
    Set {
        #[command(flatten)]
        target: Target,
        /// A parameter and its value
        #[arg(value_name = "KEY=VALUE", required = true)]
        params: Vec<Pair>,
    },
}

/// Which request.
#[derive(Args)]
pub(crate) struct Target {
    /// The request
    #[arg(value_parser = id::<RequestId>)]
    pub(crate) request: RequestId,
}

/// Which draft to order.
#[derive(Args)]
pub(crate) struct Order {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Wait until it is decided [default time: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "30s")]
    pub(crate) wait: Option<Duration>,
}

// No doc comment: clap would take it for the help of what flattens it.
#[derive(Args)]
pub(crate) struct Rows {
    /// Only in this status; several may be given
    #[arg(long, value_name = "STATUS", value_parser = word::<RequestStatus>(STATUSES))]
    pub(crate) status: Vec<RequestStatus>,
    /// Only of this product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: Option<ProductId>,
    /// Only those that match, such as `gt(created,2024-01-31T00:00:00)`
    #[arg(long, value_name = "EXPR")]
    pub(crate) rql: Option<Rql>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct ListRequests {
    /// Only of this type; several may be given
    #[arg(long = "type", value_name = "TYPE")]
    #[arg(value_parser = word::<AssetRequestType>(AssetRequestType::KNOWN))]
    pub(crate) kind: Vec<AssetRequestType>,
    /// Only of this subscription
    #[arg(long, value_parser = id::<AssetId>)]
    pub(crate) asset: Option<AssetId>,
    #[command(flatten)]
    pub(crate) rows: Rows,
}

/// What can be created from the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NewKind {
    Purchase,
    Change,
    Suspend,
    Resume,
    Cancel,
    Adjustment,
    Renew,
    Transfer,
}

#[derive(Args)]
pub(crate) struct CreateRequest {
    /// What is asked
    #[arg(value_name = "TYPE")]
    pub(crate) kind: NewKind,
    /// The subscription
    #[arg(long, value_parser = id::<AssetId>, conflicts_with = "product")]
    #[arg(required_if_eq_any = [
        ("kind", "change"),
        ("kind", "suspend"),
        ("kind", "resume"),
        ("kind", "cancel"),
        ("kind", "adjustment"),
        ("kind", "renew"),
        ("kind", "transfer"),
    ])]
    pub(crate) asset: Option<AssetId>,
    /// The product of a purchase
    #[arg(long, value_parser = id::<ProductId>, required_if_eq("kind", "purchase"))]
    pub(crate) product: Option<ProductId>,
    /// The connection of the product to a hub that a purchase is sold through, as its distributor
    /// [default: none, a preview]
    #[arg(long, value_parser = id::<ConnectionId>, requires = "product")]
    pub(crate) connection: Option<ConnectionId>,
    /// The customer of a purchase or transfer, by id or `new` for an invented one [default: new]
    #[arg(long, value_name = "TIER_ACCOUNT")]
    pub(crate) customer: Option<Account>,
    /// The reseller that sells to the customer [default: the one of all trials]
    #[arg(long, value_name = "TIER_ACCOUNT")]
    pub(crate) tier1: Option<Account>,
    /// The reseller that sells to that one [default: none]
    #[arg(long, value_name = "TIER_ACCOUNT")]
    pub(crate) tier2: Option<Account>,
    /// An item, by id or part number, and how much of it; several may be given
    #[arg(long = "item", value_name = "ITEM=QUANTITY")]
    pub(crate) items: Vec<ItemQuantity>,
    /// A parameter and its value; several may be given
    #[arg(long = "param", value_name = "KEY=VALUE")]
    pub(crate) params: Vec<Pair>,
    /// As a draft, to be validated before it is ordered
    #[arg(long, conflicts_with = "wait")]
    pub(crate) draft: bool,
    /// The day it is planned for
    #[arg(long, value_name = "TIME")]
    pub(crate) planned: Option<DateTime>,
    /// Wait until it is decided [default time: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "30s")]
    pub(crate) wait: Option<Duration>,
}

/// Which template to show.
#[derive(Args)]
pub(crate) struct Template {
    /// A template of the product, by id or name
    #[arg(long, value_name = "TL|NAME", conflicts_with = "tile")]
    pub(crate) template: Option<String>,
    /// Markdown in place of a template
    #[arg(long, value_name = "MARKDOWN")]
    pub(crate) tile: Option<String>,
}
