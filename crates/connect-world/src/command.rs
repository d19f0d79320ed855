//! The commands, an enum for each concept. Bodies are the JSON bodies of the platform's REST API.

use crate::actor::Actor;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::state::State;

<<<<<<< HEAD
/// Makes of the lines below what can be done, and who does it.
=======
pub use crate::conversation::commands::ConversationCommand;
pub use crate::product::edit::item::ItemCommand;
pub use crate::product::edit::parameter::ParameterCommand;
pub use crate::product::edit::product::ProductCommand;
pub use crate::product::edit::template::TemplateCommand;
pub use crate::request::commands::RequestCommand;
pub use crate::tier_account::commands::TierAccountCommand;

/// Makes of the lines below the enum of commands, and the code that carries them out.
>>>>>>> doc1
macro_rules! commands {
    ($($(#[$doc:meta])+ $name:ident => $($command:ident)::+,)+) => {
        $(pub use $($command)::+;)+

        /// Something to be done.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command {
            $($(#[$doc])+ $name($($command)::+),)+
        }

        impl CarryOut for Command {
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
<<<<<<< HEAD
    /// To fulfillment requests.
    Request => crate::request::commands::RequestCommand,
    /// To products.
    Product => crate::product::edit::product::ProductCommand,
    /// To the items of products.
    Item => crate::product::edit::item::ItemCommand,
    /// To the parameters of products.
    Parameter => crate::product::edit::parameter::ParameterCommand,
    /// To the templates of products.
    Template => crate::product::edit::template::TemplateCommand,
    /// To tier accounts.
    TierAccount => crate::tier_account::commands::TierAccountCommand,
    /// To conversations.
    Conversation => crate::conversation::commands::ConversationCommand,
=======
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
>>>>>>> doc1
}
