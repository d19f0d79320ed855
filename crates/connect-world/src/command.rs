//! What can be done, an enum for each concept. Bodies are the JSON bodies of the platform's REST
//! API.

use crate::actor::Actor;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::state::State;

pub use crate::conversation::commands::ConversationCommand;
pub use crate::product::edit::item::ItemCommand;
pub use crate::product::edit::parameter::ParameterCommand;
pub use crate::product::edit::product::ProductCommand;
pub use crate::product::edit::template::TemplateCommand;
pub use crate::request::commands::RequestCommand;
pub use crate::tier_account::commands::TierAccountCommand;

/// Makes of the lines below what can be done, and who does it.
macro_rules! commands {
    ($($(#[$doc:meta])+ $name:ident($command:ty),)+) => {
        /// Something to be done.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command {
            $($(#[$doc])+ $name($command),)+
        }

        impl CarryOut for Command {
            fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
                match self {
                    $(Self::$name(command) => command.carry_out(state, who),)+
                }
            }
        }

        $(impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$name(command)
            }
        })+
    };
}

commands! {
    /// To fulfillment requests.
    Request(RequestCommand),
    /// To products.
    Product(ProductCommand),
    /// To the items of products.
    Item(ItemCommand),
    /// To the parameters of products.
    Parameter(ParameterCommand),
    /// To the templates of products.
    Template(TemplateCommand),
    /// To tier accounts.
    TierAccount(TierAccountCommand),
    /// To conversations.
    Conversation(ConversationCommand),
}
