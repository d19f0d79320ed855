//! Notes: what was said about a request, and saying more.

use connect_model::{Message, MessageType};
use serde::Deserialize;
use serde_json::json;

use super::fields::Fields;
use super::page::ErrorPage;
use super::shell::Shell;
use super::visitor::Visitor;
use super::when::When;
use connect_world::Collection;
use connect_world::command::ConversationCommand;

/// Messages shown at most, the newest of them.
const SHOWN: usize = 200;

/// The conversation about a request, oldest first.
pub(super) struct ConversationCard {
    pub(super) is_closed: bool,
    /// Messages before those shown.
    pub(super) earlier: usize,
    pub(super) notes: Vec<Note>,
}

/// A message.
pub(super) struct Note {
    /// Whether the platform itself says that the request took a turn.
    pub(super) is_turn: bool,
    pub(super) is_private: bool,
    pub(super) author: String,
    /// The account the author writes for.
    pub(super) account: String,
    pub(super) when: Option<When>,
    pub(super) text: String,
}

/// A message being written.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) is_private: bool,
    /// The reason why it could not be sent.
    pub(super) refused: Option<String>,
}

/// A conversation as the platform shows it alone: with its messages.
#[derive(Deserialize)]
struct FullConversation {
    status: String,
    messages: Vec<Message>,
}

impl ConversationCard {
    pub(super) async fn read(
        visitor: &Visitor,
        request: &str,
        shell: &Shell,
    ) -> Result<Self, ErrorPage> {
        let whole: FullConversation = visitor.read(&Collection::Conversations, request).await?;
        let earlier = whole.messages.len().saturating_sub(SHOWN);
        let shown = whole.messages.into_iter().skip(earlier);
        Ok(Self {
            is_closed: whole.status == "closed",
            earlier,
            notes: shown.map(|message| Note::new(message, shell)).collect(),
        })
    }
}

impl Note {
    fn new(message: Message, shell: &Shell) -> Self {
        Self {
            is_turn: message.kind == MessageType::StateChange,
            is_private: message.kind == MessageType::Private,
            author: message.creator.and_then(|it| it.name).unwrap_or_default(),
            account: message.account.and_then(|it| it.name).unwrap_or_default(),
            when: shell.when(message.created),
            text: message.text,
        }
    }
}

impl Draft {
    pub(super) fn of(fields: &Fields) -> Self {
        let text = fields.text("text").replace("\r\n", "\n");
        Self { text, is_private: fields.has("private"), refused: None }
    }

    /// Returns the command that sends it.
    pub(super) fn command(&self, request: &str) -> ConversationCommand {
        let kind = if self.is_private { MessageType::Private } else { MessageType::Message };
        ConversationCommand::Say {
            conversation: request.to_string(),
            body: json!({"text": self.text, "type": kind}),
        }
    }
}
