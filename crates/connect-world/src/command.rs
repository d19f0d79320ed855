//! The commands, an enum for each concept. Bodies are the JSON bodies of the platform's REST API.

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

/// Makes of the lines below the enum of commands, and the code that carries them out.
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
    /// A command on fulfillment requests.
    Request(RequestCommand),
    /// A command on products.
    Product(ProductCommand),
    /// A command on the items of products.
    Item(ItemCommand),
    /// A command on the parameters of products.
    Parameter(ParameterCommand),
    /// A command on the templates of products.
    Template(TemplateCommand),
    /// A command on tier accounts.
    TierAccount(TierAccountCommand),
    /// A command on conversations.
    Conversation(ConversationCommand),
}
