//! Actions, and what became of them when no answer came.

use connect_client::{Client, ReadAfter, SettleError, Settlement};
use connect_model::Action;

use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ActionResult, ShownRequest};

/// A request to act on, and the means.
pub(in crate::commands) struct Act<'a> {
    pub(in crate::commands) client: &'a Client,
    pub(in crate::commands) printer: &'a Printer,
    pub(in crate::commands) request: &'a str,
}

impl Act<'_> {
    /// Carries out an action and shows the request after it.
    pub(in crate::commands) async fn act<R: ShownRequest>(
        self,
        action: &impl Action<R>,
    ) -> Result<(), Error> {
        let after = self.carry_out(action).await?;
        self.printer.show(&ActionResult(after))
    }

    /// Carries out an action; the request after it. Where the request cannot be read after a lost
    /// answer, nobody knows what became of it, and that is what the lost answer's error says.
    pub(in crate::commands) async fn carry_out<R: ShownRequest>(
        &self,
        action: &impl Action<R>,
    ) -> Result<R, Error> {
        let settling = self.client.settle(self.request, action, ReadAfter::Doubt).await;
        let Settlement { answer, doubt, .. } = settling.map_err(|unsettled| match unsettled {
            SettleError::NotHappened { error: source, status } => {
                Error::NotSettled { request: self.request.to_owned(), status, source }
            }
            SettleError::Unread { error, .. } => Error::Platform(*error),
            SettleError::Failed(error) => Error::Platform(error),
        })?;
        if doubt.is_some() {
            self.printer
                .say("the answer was lost, but it has happened: the request was read again");
        }
        Ok(answer.json()?)
    }
}
