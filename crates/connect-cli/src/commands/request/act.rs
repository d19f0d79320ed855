//! Actions, and what became of them when no answer came.

use connect_client::{Client, ReadAfter, SettleError, Settlement};
use connect_model::{Action, AssetRequest, RequestId};

use crate::exit::Error;
use crate::printer::Printer;
use crate::view::ActionResult;

/// A request to act on, and the means.
pub(super) struct Act<'a> {
    pub(super) client: &'a Client,
    pub(super) printer: &'a Printer,
    pub(super) request: RequestId,
}

impl Act<'_> {
    /// Carries out an action and shows the request after it.
    pub(super) async fn act(self, action: &impl Action<AssetRequest>) -> Result<(), Error> {
        let after = self.carry_out(action).await?;
        self.printer.show(&ActionResult(after))
    }

    /// Carries out an action; the request after it. Where the request cannot be read after a lost
    /// answer, nobody knows what became of it, and that is what the lost answer's error says.
    pub(super) async fn carry_out(
        &self,
        action: &impl Action<AssetRequest>,
    ) -> Result<AssetRequest, Error> {
        let settling = self.client.settle(self.request.as_str(), action, ReadAfter::Doubt).await;
        let Settlement { answer, doubt, .. } = settling.map_err(|unsettled| match unsettled {
            SettleError::NotHappened { error: source, status } => {
                Error::NotSettled { request: self.request.clone(), status, source }
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
