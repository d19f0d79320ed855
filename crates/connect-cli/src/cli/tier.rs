//! The arguments of `cnct tier`.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use connect_model::{
    DateTime, ProductId, TierConfigId, TierConfigRequestId, TierConfigRequestType, TierConfigStatus,
};

use super::parse::{Account, Pair, id, time, word};
use super::request::{Rows, Template};

#[derive(Subcommand)]
pub(crate) enum TierCommand {
    /// List the configurations of resellers, newest first
    List(ListTierConfigs),
    /// Show one configuration, and what was asked of it
    Show {
        /// The configuration
        #[arg(value_parser = id::<TierConfigId>)]
        tier_config: TierConfigId,
    },
    /// Look at requests for configurations and decide them
    #[command(subcommand)]
    Request(TierRequestCommand),
}

#[derive(Subcommand)]
pub(crate) enum TierRequestCommand {
    /// List requests, newest first
    List(ListTierRequests),
    /// Show one request
    Show(TierTarget),
    /// Create a request; a set-up is a preview one, which purchases also make by themselves
    Create(CreateTierRequest),
    #[command(flatten)]
    On(OnTierRequest),
}

// No doc comment: clap would take it for the help of `request`.
#[derive(Subcommand)]
pub(crate) enum OnTierRequest {
    /// Approve a request
    Approve {
        #[command(flatten)]
        target: TierTarget,
        #[command(flatten)]
        template: Template,
        /// Since when it holds [default: now]
        #[arg(long, value_name = "TIME")]
        effective_date: Option<DateTime>,
    },
    /// Fail a request for good, and the purchases that wait for it
    Fail {
        #[command(flatten)]
        target: TierTarget,
        /// Why; the reseller reads it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Inquire: send a request back to the reseller
    Inquire {
        #[command(flatten)]
        target: TierTarget,
        /// A parameter and what is wrong with it
        #[arg(long = "param", value_name = "KEY=ERROR", required = true)]
        params: Vec<Pair>,
    },
    /// Bring an inquiring request back to pending
    Pend(TierTarget),
    /// Give a request to a user
    Assign {
        #[command(flatten)]
        target: TierTarget,
        /// The user's id or e-mail address
        user: String,
    },
    /// Take a request from its user
    Unassign(TierTarget),
    /// Order a draft
    Submit(TierTarget),
    /// Have a draft checked by the vendor
    Validate(TierTarget),
    /// Print the text that the request's template shows now
    Render(TierTarget),
    /// Write parameters of a request
    Set {
        #[command(flatten)]
        target: TierTarget,
        /// A parameter and its value
        #[arg(value_name = "KEY=VALUE", required = true)]
        params: Vec<Pair>,
    },
}

/// Which request.
#[derive(Args)]
pub(crate) struct TierTarget {
    /// The request
    #[arg(value_parser = id::<TierConfigRequestId>)]
    pub(crate) request: TierConfigRequestId,
}

#[derive(Args)]
pub(crate) struct ListTierConfigs {
    /// Only in this status; several may be given
    #[arg(long, value_name = "STATUS")]
    #[arg(value_parser = word::<TierConfigStatus>(TierConfigStatus::KNOWN))]
    pub(crate) status: Vec<TierConfigStatus>,
    /// Only of resellers at this level
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(crate) level: Option<u8>,
    /// Only for this product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: Option<ProductId>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct ListTierRequests {
    /// Only of this type; several may be given
    #[arg(long = "type", value_name = "TYPE")]
    #[arg(value_parser = word::<TierConfigRequestType>(TierConfigRequestType::KNOWN))]
    pub(crate) kind: Vec<TierConfigRequestType>,
    /// Only of this configuration
    #[arg(long, value_parser = id::<TierConfigId>)]
    pub(crate) tier_config: Option<TierConfigId>,
    #[command(flatten)]
    pub(crate) rows: Rows,
}

/// What can be created from the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NewTierKind {
    Setup,
    Update,
    Adjustment,
}

#[derive(Args)]
pub(crate) struct CreateTierRequest {
    /// What is asked
    #[arg(value_name = "TYPE")]
    pub(crate) kind: NewTierKind,
    /// The configuration
    #[arg(long, value_parser = id::<TierConfigId>, conflicts_with_all = ["product", "level", "account"])]
    #[arg(required_if_eq_any = [("kind", "update"), ("kind", "adjustment")])]
    pub(crate) tier_config: Option<TierConfigId>,
    /// The product of a set-up
    #[arg(long, value_parser = id::<ProductId>, required_if_eq("kind", "setup"))]
    pub(crate) product: Option<ProductId>,
    /// The level of the reseller of a set-up
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=2))]
    #[arg(required_if_eq("kind", "setup"))]
    pub(crate) level: Option<u8>,
    /// The reseller of a set-up, by id or `new` for an invented one
    #[arg(long, value_name = "TIER_ACCOUNT", required_if_eq("kind", "setup"))]
    pub(crate) account: Option<Account>,
    /// A parameter and its value; several may be given
    #[arg(long = "param", value_name = "KEY=VALUE")]
    pub(crate) params: Vec<Pair>,
    /// Wait until it is decided [default time: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "30s")]
    pub(crate) wait: Option<Duration>,
}
