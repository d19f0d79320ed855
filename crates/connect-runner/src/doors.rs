//! What others may call of one account, beside asking how it gets on: webhooks, questions, links of
//! actions, callbacks.

use std::sync::Arc;

use axum::Router;
use connect_clock::SystemClock;
use connect_processor::Processor;
use tracing::warn;

use crate::action::Actions;
use crate::callback::{self, CallbackDoor};
use crate::settings::{AccountName, Settings};
use crate::validation::Validation;
use crate::webhook::{self, Webhook};

/// The places where others may call.
#[derive(Default)]
pub(crate) struct Doors {
    pub(crate) webhook: Option<Webhook>,
    pub(crate) validation: Option<Validation>,
    pub(crate) actions: Option<Actions>,
    pub(crate) callback: Option<CallbackDoor>,
}

impl Doors {
    /// Has a processor hear of the calls of webhooks and of callbacks, and answer what Connect asks,
    /// where there are keys for it.
    pub(crate) fn open<S: Send + Sync + 'static>(
        processor: Processor<S>,
        settings: &Settings,
        account: Option<&AccountName>,
    ) -> (Processor<S>, Self) {
        let clock = || Arc::new(SystemClock);
        let questions = processor.questions();
        if processor.only_answers()
            && settings.webhook_secret.is_none()
            && settings.action_secret.is_none()
        {
            warn!(
                "there are no handlers of requests, and nobody can ask: --listen and --webhook-secret have \
                 validations served"
            );
        }
        let actions = settings.action_secret.as_ref().filter(|_| questions.has_actions());
        let actions = actions.map(|secret| Actions::open(secret, clock(), questions.clone()));
        let (processor, callback) = with_callbacks(processor, settings, account);
        let Some(secret) = &settings.webhook_secret else {
            return (processor, Self { actions, callback, ..Self::default() });
        };
        let validates = questions.validates();
        let validation = validates.then(|| Validation::open(secret, clock(), questions));
        let (webhook, source) = webhook::open(secret, clock());
        (processor.source(source), Self { webhook: Some(webhook), validation, actions, callback })
    }

    /// Returns what they answer, each at a path of its own; those of an account end in its name.
    pub(crate) fn routes(self, account: Option<&AccountName>) -> Router {
        let called = [
            self.webhook.map(|webhook| ("/webhook", webhook.calls())),
            self.validation.map(|validation| ("/validate", validation.calls())),
            self.actions.map(|actions| ("/action", actions.calls())),
            self.callback.map(|door| (callback::PATH, door.calls())),
        ];
        let called = called.into_iter().flatten();
        called.fold(Router::new(), |routes, (path, calls)| {
            routes.route(&of_account(path, account), calls)
        })
    }
}

/// Has handlers hand out links by which the vendor's system calls back, when there is a key for
/// them.
fn with_callbacks<S: Send + Sync + 'static>(
    processor: Processor<S>,
    settings: &Settings,
    account: Option<&AccountName>,
) -> (Processor<S>, Option<CallbackDoor>) {
    let Some((url, secret)) = &settings.callback else { return (processor, None) };
    let (url, clock) = (of_account(url.trim_end_matches('/'), account), Arc::new(SystemClock));
    let (processor, door) = callback::open(processor, url, secret, clock);
    (processor, Some(door))
}

/// Returns the address of an account's own under another one.
fn of_account(address: &str, account: Option<&AccountName>) -> String {
    match account {
        Some(account) => format!("{address}/{account}"),
        None => address.to_owned(),
    }
}
