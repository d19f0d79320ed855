//! One attempt at a request.

use std::sync::Arc;

use connect_client::Client;

use crate::callback_maker::CallbackMaker;
use crate::lease::Lease;
use crate::messages::Messages;
use crate::telling::Telling;
use crate::undos::Undos;

/// The means of one attempt: what a handler works with, and what tells its outcome.
pub(crate) struct Attempt {
    pub(crate) lease: Arc<Lease>,
    pub(crate) client: Client,
    pub(crate) messages: Messages,
    pub(crate) callback: CallbackMaker,
    /// What undoes steps, as far as the handler has said.
    pub(crate) undos: Undos,
    /// How the platform is told, and what it was told before the handler came to its end.
    pub(crate) telling: Telling,
}

impl Attempt {
    pub(crate) fn new(lease: &Arc<Lease>, client: &Client, callback: CallbackMaker) -> Arc<Self> {
        let messages = Messages::new(client.clone(), Arc::clone(lease));
        let (lease, client) = (Arc::clone(lease), client.clone());
        let (undos, telling) = (Undos::default(), Telling::default());
        Arc::new(Self { lease, client, messages, callback, undos, telling })
    }
}
