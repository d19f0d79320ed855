//! Actions, and what became of them when no answer came.

use connect_client::{Client, Error as ClientError};
use connect_model::lifecycle::Operation;
use connect_model::{Action, AssetRequest, Assignee, RequestId, RequestStatus};

use crate::exit::Error;
use crate::printer::Printer;
use crate::view::Acted;

/// Where and about what to act.
pub(super) struct Act<'a> {
    pub(super) client: &'a Client,
    pub(super) printer: &'a Printer,
    pub(super) request: RequestId,
}

impl Act<'_> {
    /// Carries out an action and shows the request after it.
    pub(super) async fn act<A>(self, operation: Operation, action: &A) -> Result<(), Error>
    where
        A: Action<AssetRequest, Output = AssetRequest>,
    {
        let after = self.carry_out(operation, action).await?;
        self.printer.show(&Acted(after))
    }

    /// Carries out an action; the request after it.
    pub(super) async fn carry_out<A>(
        &self,
        operation: Operation,
        action: &A,
    ) -> Result<AssetRequest, Error>
    where
        A: Action<AssetRequest, Output = AssetRequest>,
    {
        match self.client.act(self.request.as_str(), action).await {
            Ok(after) => Ok(after),
            Err(error) if error.may_have_happened() => self.settle(operation, error).await,
            Err(error) => Err(error.into()),
        }
    }

    /// A lost answer is neither a yes nor a no: the request itself knows. Where it cannot be read
    /// either, nobody does, and that is what the lost answer's error says.
    async fn settle(&self, operation: Operation, lost: ClientError) -> Result<AssetRequest, Error> {
        let read = self.client.get::<AssetRequest>(self.request.as_str()).await;
        let Ok(request) = read else { return Err(lost.into()) };
        if has_happened(operation, &request) {
            self.printer
                .say("the answer was lost, but it has happened: the request was read again");
            return Ok(request);
        }
        let (id, status) = (request.id, request.status);
        Err(Error::NotSettled { request: id, status, source: Box::new(lost) })
    }
}

/// Whether a request looks as it does after an operation.
fn has_happened(operation: Operation, request: &AssetRequest) -> bool {
    use RequestStatus as Status;
    match operation {
        Operation::Approve => request.status == Status::Approved,
        Operation::Fail => request.status == Status::Failed,
        Operation::Inquire => request.status == Status::Inquiring,
        Operation::Pend => request.status == Status::Pending,
        Operation::Schedule => request.status == Status::Scheduled,
        Operation::Revoke => request.status == Status::Revoking,
        Operation::Confirm => request.status == Status::Revoked,
        Operation::Purchase | Operation::Submit => request.status != Status::Draft,
        Operation::Unassign => request.assignee == Assignee::Nobody,
        // They leave no trace of their own: somebody may have been assigned before.
        Operation::Assign | Operation::Update | Operation::Validate | Operation::Render => false,
    }
}
