//! The arguments of `cnct webhook`.

use clap::{Args, Subcommand};
use connect_model::{ProductId, WebhookId, WebhookObjectClass};

use super::parse::{Pair, id, word};

#[derive(Subcommand)]
pub(crate) enum WebhookCommand {
    /// List webhooks, newest first
    List(ListWebhooks),
    /// Show one webhook, and how its calls went
    Show(WebhookTarget),
    /// Have an address called when a queue changes
    Create(CreateWebhook),
    /// Have a webhook called now
    Trigger(WebhookTarget),
    /// Delete a webhook
    Delete(WebhookTarget),
}

/// Which webhook.
#[derive(Args)]
pub(crate) struct WebhookTarget {
    /// The webhook
    #[arg(value_parser = id::<WebhookId>)]
    pub(crate) webhook: WebhookId,
}

#[derive(Args)]
pub(crate) struct ListWebhooks {
    /// Only for this product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: Option<ProductId>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct CreateWebhook {
    /// The address to call
    pub(crate) url: String,
    /// The product whose queue it is
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: ProductId,
    /// The queue
    #[arg(long, value_name = "CLASS", default_value = "fulfillment_request")]
    #[arg(value_parser = word::<WebhookObjectClass>(WebhookObjectClass::KNOWN))]
    pub(crate) object_class: WebhookObjectClass,
    /// A name for people [default: the queue]
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
    /// The key that signs the calls, shared with whoever is called
    #[arg(long, env = "CONNECT_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(crate) secret: String,
    /// A header that each call has besides; several may be given
    #[arg(long = "header", value_name = "NAME=VALUE")]
    pub(crate) headers: Vec<Pair>,
    /// Keep it, and do not call it yet
    #[arg(long)]
    pub(crate) inactive: bool,
}
