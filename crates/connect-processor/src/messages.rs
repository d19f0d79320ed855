//! Messages in the conversation about a request, each said once.
//!
//! A message is a step of the journal: what was said is not said again, and where nobody wrote down
//! whether it was, the conversation is looked at first. It stands apart from the steps of handlers,
//! because it is nothing that stands at the vendor.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use connect_client::{Client, Error as ClientError, escape_segment};
use connect_journal::{StepName, StepResult, StepState};
use connect_model::{Conversation, Message, MessageType, Resource, rql};
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use tracing::{debug, warn};

use crate::failure::{Failure, chain};
use crate::identity;
use crate::lease::Lease;
use crate::step::{Step, check_name};

/// The longest text, in characters: CloudBlue's SDK cuts texts to it.
const LONGEST: usize = 540;

/// The number of times that one message is sent in one attempt.
const SENDINGS: u32 = 3;

/// The most messages of one conversation that are looked through.
const MOST_MESSAGES: usize = 10_000;

/// The beginning of the names of these steps. No handler can take a step of such a name.
pub(crate) const PREFIX: &str = "@say";

/// The conversation about one request, in one attempt.
pub(crate) struct Messages {
    client: Client,
    lease: Arc<Lease>,
    conversation: OnceCell<String>,
    /// The ids of what this attempt has said.
    said: Mutex<HashSet<String>>,
}

#[derive(Serialize)]
struct NewMessage<'a> {
    text: &'a str,
    #[serde(rename = "type")]
    kind: MessageType,
}

/// The proof that a message was said.
#[derive(Deserialize)]
struct SaidMessage {
    id: String,
    #[serde(rename = "text")]
    _text: String,
}

/// The reasons for which a message is not known to be said.
enum Unsaid {
    /// There is no conversation, or not yet.
    NoConversation,
    /// The platform will not have it.
    Refused(ClientError),
    /// Nobody knows, or the platform could not be asked.
    Platform(ClientError),
    /// The run must not go on.
    Run(Failure),
}

impl From<Failure> for Unsaid {
    fn from(failure: Failure) -> Self {
        Self::Run(failure)
    }
}

impl From<ClientError> for Unsaid {
    fn from(error: ClientError) -> Self {
        Self::Platform(error)
    }
}

impl Messages {
    pub(crate) fn new(client: Client, lease: Arc<Lease>) -> Self {
        Self { client, lease, conversation: OnceCell::new(), said: Mutex::default() }
    }

    /// Says what a handler has to say, once under its name.
    pub(crate) async fn say(
        &self,
        name: &str,
        text: &str,
        kind: MessageType,
    ) -> Result<(), Failure> {
        check_name(&StepName::from(name))?;
        if self.lease.rejects().is_some() {
            // The handler is only called for what it says of undoing.
            return Ok(());
        }
        self.say_as(&format!("{PREFIX}.{name}"), text, kind).await
    }

    /// Says what goes with an outcome that was told in this attempt.
    pub(crate) async fn say_outcome(&self, text: Option<&str>) -> Result<(), Failure> {
        let Some(text) = text else { return Ok(()) };
        let name = format!("{PREFIX}-outcome.{}", self.lease.claim.attempt);
        self.say_as(&name, text, MessageType::Message).await
    }

    /// Says that the request is parked, once in its life.
    pub(crate) async fn say_parked(&self, text: &str) -> Result<(), Failure> {
        self.say_as(&format!("{PREFIX}-parked"), text, MessageType::Message).await
    }

    /// Says it unless it was said. What keeps it from being said is logged, and stops nothing.
    async fn say_as(&self, name: &str, text: &str, kind: MessageType) -> Result<(), Failure> {
        let text = shortened(text);
        if text.is_empty() {
            warn!(run = %self.lease.claim.run, name, "a message without a text is not said");
            return Ok(());
        }
        let step = Step::new(&self.lease, name);
        match step.recorded::<String>() {
            Ok(None) => {}
            Ok(Some(_)) | Err(Failure::GiveUp { .. }) => return Ok(()),
            Err(failure) => return Err(failure),
        }
        let run = &self.lease.claim.run;
        match self.deliver(&step, &NewMessage { text: &text, kind }).await {
            Ok(id) => {
                step.record_value(&id).await?;
                self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
            }
            Err(Unsaid::NoConversation) => debug!(%run, name, "the request has no conversation"),
            Err(Unsaid::Refused(error)) => {
                warn!(%run, name, code = error.code(), %error, "the message is not said");
                step.record(StepResult::GaveUp(chain(&error))).await?;
            }
            Err(Unsaid::Platform(error)) => {
                warn!(%run, name, code = error.code(), %error, "the message is not said in this attempt");
            }
            Err(Unsaid::Run(failure)) => return Err(failure),
        }
        Ok(())
    }

    /// Sends a message, and looks before it sends it again. Returns its id.
    async fn deliver(&self, step: &Step<'_>, message: &NewMessage<'_>) -> Result<String, Unsaid> {
        let conversation = self.conversation.get_or_try_init(|| self.find_conversation()).await?;
        let path = format!("{}/{conversation}/messages", Conversation::COLLECTION);
        if step.is_in_doubt()
            && let Some(id) = self.find(&path, message).await?
        {
            return Ok(id);
        }
        step.intend().await?;
        let mut sent = 0;
        loop {
            let sending = self.client.create_at::<SaidMessage>(&path, message);
            let error = match self.lease.guard(sending).await? {
                Ok(said) => return Ok(said.id),
                Err(error) if error.refusal().is_some() => return Err(Unsaid::Refused(error)),
                Err(error) => error,
            };
            sent += 1;
            if !error.may_have_happened() {
                return Err(error.into());
            }
            if let Some(id) = self.find(&path, message).await? {
                return Ok(id);
            }
            if sent == SENDINGS {
                return Err(error.into());
            }
        }
    }

    /// The segment of the address of the request's conversation.
    async fn find_conversation(&self) -> Result<String, Unsaid> {
        let about = rql::field("instance_id").eq(self.lease.claim.run.as_str());
        let list = self.client.list::<Conversation>().filter(about).page_size(10);
        let page = self.lease.guard(list.page(0)).await??;
        for conversation in page.items {
            let conversation = conversation?;
            if conversation.rest.get("type").is_none_or(|kind| kind != "notes") {
                return Ok(escape_segment(conversation.id.as_str()));
            }
        }
        Err(Unsaid::NoConversation)
    }

    /// Looks for a message of the own account's that says this and was not said under another name.
    async fn find(&self, path: &str, message: &NewMessage<'_>) -> Result<Option<String>, Unsaid> {
        let own = self.lease.guard(identity::own_account(&self.client)).await??;
        let others = self.others();
        let is_it = |shown: &Message| {
            let by_us = match (&own, &shown.account) {
                (Some(own), Some(account)) => account.id.as_str() == own,
                _ => true,
            };
            by_us && shown.text.trim() == message.text && !others.contains(shown.id.as_str())
        };
        let of_kind = rql::field("type").eq(message.kind.as_str());
        let rows = self.client.list_at::<Message>(path).filter(of_kind).page_size(1000).stream();
        let mut rows = rows.take(MOST_MESSAGES);
        while let Some(shown) = self.lease.guard(rows.try_next()).await?? {
            if is_it(&shown) {
                return Ok(Some(shown.id.to_string()));
            }
        }
        Ok(None)
    }

    /// The ids of the messages that are known to be said.
    fn others(&self) -> HashSet<String> {
        let steps = self.lease.claim.steps.iter();
        let earlier = steps.filter(|record| record.step.as_str().starts_with(PREFIX));
        let ids = earlier.filter_map(|record| match &record.state {
            StepState::Done(id) => serde_json::from_slice(id).ok(),
            StepState::Intended | StepState::GaveUp(_) => None,
        });
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        ids.chain(said.iter().cloned()).collect()
    }
}

/// Returns a text without blanks around it, and no longer than a message may be.
fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        let longest = "ä".repeat(LONGEST);
        assert_eq!(shortened(&format!(" {longest}\n")), longest);
        let cut = shortened(&format!("{longest}b"));
        assert_eq!((cut.chars().count(), cut.chars().last()), (LONGEST, Some('…')));
    }
}
