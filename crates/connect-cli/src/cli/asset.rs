//! The arguments of `cnct asset`.

use std::time::Duration;

use clap::{Args, Subcommand};
use connect_model::{AssetId, AssetStatus, ProductId};

use super::parse::{id, time, word};

#[derive(Subcommand)]
pub(crate) enum AssetCommand {
    /// List subscriptions, newest first
    List(ListAssets),
    /// Show one subscription
    Show {
        /// The subscription
        #[arg(value_parser = id::<AssetId>)]
        asset: AssetId,
    },
    /// Suspend: create a request to put a subscription on hold
    Suspend(NewOnAsset),
    /// Resume: create a request to take a subscription off hold
    Resume(NewOnAsset),
    /// Cancel: create a request to end a subscription
    Cancel(NewOnAsset),
}

#[derive(Args)]
pub(crate) struct ListAssets {
    /// Only in this status; several may be given
    #[arg(long, value_name = "STATUS", value_parser = word::<AssetStatus>(AssetStatus::KNOWN))]
    pub(crate) status: Vec<AssetStatus>,
    /// Only of this product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: Option<ProductId>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct NewOnAsset {
    /// The subscription
    #[arg(value_parser = id::<AssetId>)]
    pub(crate) asset: AssetId,
    /// Wait until the request is decided [default time: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "30s")]
    pub(crate) wait: Option<Duration>,
}
