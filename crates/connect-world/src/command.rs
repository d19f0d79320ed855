//! The commands, an enum for each concept. Bodies are the JSON bodies of the platform's REST API.

use serde_json::Value;

use crate::actor::Actor;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::state::State;

/// Makes of the lines below the enum of commands, and the code that carries them out.
macro_rules! commands {
    ($($(#[$doc:meta])+ $name:ident => $($command:ident)::+,)+) => {
        $(pub use $($command)::+;)+

        /// Something to be done.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command {
            $($(#[$doc])+ $name($($command)::+),)+
        }

        impl CarryOut for Command {
            fn body(&self) -> Option<&Value> {
                match self {
                    $(Self::$name(command) => command.body(),)+
                }
            }

            fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
                match self {
                    $(Self::$name(command) => command.carry_out(state, who),)+
                }
            }
        }

        $(impl From<$($command)::+> for Command {
            fn from(command: $($command)::+) -> Self {
                Self::$name(command)
            }
        })+
    };
}

commands! {
    /// For fulfillment requests.
    Request => crate::request::commands::RequestCommand,
    /// For billing requests.
    BillingRequest => crate::billing_request::commands::BillingRequestCommand,
    /// For products.
    Product => crate::product::edit::product::ProductCommand,
    /// For the items of products.
    Item => crate::product::edit::item::ItemCommand,
    /// For the parameters of products.
    Parameter => crate::product::edit::parameter::ParameterCommand,
    /// For the configuration of products.
    Configuration => crate::product::edit::configuration::ConfigurationCommand,
    /// For the actions of products.
    Action => crate::product::edit::action::ActionCommand,
    /// For the templates of products.
    Template => crate::product::edit::template::TemplateCommand,
    /// For tier accounts.
    TierAccount => crate::tier_account::commands::TierAccountCommand,
    /// For requests about tier accounts.
    TierAccountRequest => crate::tier_account_request::commands::TierAccountRequestCommand,
    /// For requests for tier configurations.
    TierConfigRequest => crate::tier_config_request::commands::TierConfigRequestCommand,
    /// For usage files.
    UsageFile => crate::usage_file::commands::UsageFileCommand,
    /// For records of usage.
    UsageRecord => crate::usage_record::commands::UsageRecordCommand,
    /// For chunks of usage files.
    UsageChunk => crate::usage_chunk::commands::UsageChunkCommand,
    /// For reconciliations of usage.
    UsageReconciliation => crate::usage_reconciliation::commands::UsageReconciliationCommand,
    /// For usage rules.
    UsageRule => crate::usage_rule::commands::UsageRuleCommand,
    /// For conversations.
    Conversation => crate::conversation::commands::ConversationCommand,
    /// For webhooks.
    Webhook => crate::webhook::commands::WebhookCommand,
}
