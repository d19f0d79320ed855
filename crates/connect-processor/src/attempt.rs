//! One attempt at a request.

use std::sync::Arc;

use connect_client::Client;

use crate::callback_maker::CallbackMaker;
use crate::lease::Lease;
use crate::messages::Messages;
use crate::undos::Undos;

/// The means of one attempt: what a handler works with, and what tells its outcome.
pub(crate) struct Attempt {
    pub(crate) lease: Arc<Lease>,
    pub(crate) client: Client,
    pub(crate) messages: Messages,
    pub(crate) callback: CallbackMaker,
    /// What undoes steps, as far as the handler has said.
    pub(crate) undos: Undos,
}

impl Attempt {
    pub(crate) fn new(lease: &Arc<Lease>, client: &Client, callback: CallbackMaker) -> Arc<Self> {
        let messages = Messages::new(client.clone(), Arc::clone(lease));
        let (lease, client, undos) = (Arc::clone(lease), client.clone(), Undos::default());
        Arc::new(Self { lease, client, messages, callback, undos })
    }
}
