//! `/conversations` and their messages.

use std::sync::{Arc, LazyLock};

use connect_model::MessageType;
use serde::Serialize;
use serde_json::Value;

use crate::conversation::about::{About, visible_conversation};
use crate::conversation::record::ConversationRecord;
use crate::conversation::view::{ConversationView, MessageView};
use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, schema, searched, shown, texts, times};
use crate::table::Place;

/// Conversations about what the caller may see.
pub(crate) struct Conversations;

/// A conversation as lists see it.
pub(crate) struct ConversationRow(Arc<ConversationRecord>);

impl Listed for Conversations {
    type Parent = ();
    type Row = ConversationRow;

    fn schema() -> &'static Schema<ConversationRow> {
        &CONVERSATIONS
    }

    fn rows<'w>(
        Look { state, token, .. }: Look<'w>,
        (): &(),
        query: &ListQuery<ConversationRow>,
    ) -> Result<Rows<'w, ConversationRow>, Denial> {
        let candidates = match query.compiled.exact("instance_id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| {
                state.conversations.place(About::find(state, id)?.conversation().as_str())
            })),
            None => Candidates::Below(state.conversations.len() as Place),
        };
        let row = |place| {
            let conversation = state.conversations.at(place)?;
            let about = About::find(state, &conversation.about)?;
            about.is_seen_by(state, token).then(|| ConversationRow(Arc::clone(conversation)))
        };
        Ok(Rows::Placed(candidates, Box::new(row)))
    }

    /// Finds a conversation by its own id or its object's.
    fn find(
        Look { state, who, .. }: Look<'_>,
        (): &(),
        id: &str,
    ) -> Result<ConversationRow, Denial> {
        visible_conversation(state, who, id).map(|record| ConversationRow(Arc::clone(record)))
    }

    fn show<'r>(
        Look { state, token, .. }: Look<'r>,
        row: &'r ConversationRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        Ok(match form.is_alone {
            true => ConversationView::with_messages(state, &row.0, &token.account),
            false => ConversationView::new(state, &row.0),
        })
    }
}

type Filter = Field<ConversationRow>;

static CONVERSATIONS: LazyLock<Schema<ConversationRow>> = LazyLock::new(|| {
    Schema::new([
        Filter::text("id", |row| row.0.id.as_str().into()),
        Filter::text("instance_id", |row| (*row.0.about).into()),
        Filter::choice("status", &["open", "closed"], |row| {
            if row.0.closed { "closed" } else { "open" }.into()
        }),
        Filter::time("created", |row| row.0.created.into())
            .aliases(&["events.created.at"])
            .orderable(),
        Filter::time("events.updated.at", |row| row.0.updated.into()).orderable(),
    ])
});

/// The messages of a conversation that the caller may read.
pub(crate) struct Messages;

impl Shown for Messages {
    type Parent = String;

    fn schema() -> &'static Schema<Value> {
        &MESSAGES
    }

    fn all(Look { state, who, token, .. }: Look<'_>, id: &String) -> Result<Vec<Value>, Denial> {
        let conversation = visible_conversation(state, who, id)?;
        let readable = conversation.messages.iter().filter(|it| it.is_for(&token.account));
        Ok(shown(readable.map(|it| MessageView::new(state, conversation, it))))
    }
}

static MESSAGES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["text"]),
        texts!["id" "account.id" "creator.id" "events.created.by.id"],
        choices!["type": MessageType::KNOWN],
        vec![
            shown::Filter::time("created", |row| shown::time(row, "created"))
                .aliases(&["events.created.at"]),
        ],
        times!["events.updated.at"],
    ])
});
