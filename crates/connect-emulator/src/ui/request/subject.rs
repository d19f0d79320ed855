//! A request with the product it is about: what all its pages look at.

use connect_model::lifecycle::Operation;
use connect_model::{Product, RequestStatus};

use super::family::{Family, Hindrance};
use crate::ui::page::ErrorPage;
use crate::ui::role::Role;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::{Collection, CommandResult, Denial};

/// The request of a page.
pub(in crate::ui) struct Subject<F> {
    pub(in crate::ui) request: F,
    pub(in crate::ui) product: Product,
}

impl<F: Family> Subject<F> {
    pub(in crate::ui) async fn read(visitor: &Visitor, id: &str) -> Result<Self, ErrorPage> {
        let request: F = visitor.read(&F::LISTED, id).await?;
        let product = request.product().map(ToString::to_string).unwrap_or_default();
        let product: Product = visitor.read(&Collection::Products, &product).await?;
        Ok(Self { request, product })
    }

    /// Returns the frame of a dialog about the request, which follows what becomes of it.
    pub(in crate::ui) fn shell(&self, visitor: &Visitor, title: &str) -> Shell {
        let id = self.request.id();
        visitor.shell(F::SECTION, format!("{title} {id}")).live(&[id])
    }

    /// Returns where a dialog leads.
    pub(in crate::ui) fn address(&self) -> String {
        format!("{}/{}", F::ADDRESS, self.request.id())
    }

    /// Returns why the platform would refuse an operation to a role now; nothing when it would not.
    pub(in crate::ui) fn hindrance(&self, role: Role, operation: Operation) -> Option<Hindrance> {
        let caller = self.request.caller(role);
        self.request.decide(&self.product, operation, caller).err()
    }

    /// Whether it is a draft that a role could order, and so may delete.
    pub(in crate::ui) fn can_be_deleted(&self, role: Role) -> bool {
        let orders = [Operation::Purchase, Operation::Submit];
        *self.request.status() == RequestStatus::Draft
            && orders.into_iter().any(|order| self.hindrance(role, order).is_none())
    }

    /// Has an operation carried out on the request.
    pub(in crate::ui) async fn operate(
        &self,
        visitor: &Visitor,
        operation: Operation,
        body: serde_json::Value,
    ) -> Result<CommandResult, Denial> {
        visitor.apply(F::operate(self.request.id(), operation, body, None)).await
    }
}
