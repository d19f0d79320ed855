//! The arguments of `cnct product`.

use clap::{Args, Subcommand};
use connect_model::{ProductId, ProductStatus};

use super::parse::{id, word};

#[derive(Subcommand)]
pub(crate) enum ProductCommand {
    /// List products, newest first
    List(ListProducts),
    /// Show one product: its items, parameters and templates
    Show {
        /// The product
        #[arg(value_parser = id::<ProductId>)]
        product: ProductId,
    },
}

#[derive(Args)]
pub(crate) struct ListProducts {
    /// Only in this status; several may be given
    #[arg(long, value_name = "STATUS", value_parser = word::<ProductStatus>(ProductStatus::KNOWN))]
    pub(crate) status: Vec<ProductStatus>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}
