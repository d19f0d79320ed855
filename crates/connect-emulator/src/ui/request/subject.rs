//! A request with the product it is about: what all its pages look at.

use connect_model::Product;
use connect_model::lifecycle::Operation;

use super::family::{Family, Hindrance};
use crate::ui::page::ErrorPage;
use crate::ui::role::Role;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::{Collection, CommandResult, Denial};

/// The request of a page.
pub(super) struct Subject<F> {
    pub(super) request: F,
    pub(super) product: Product,
}

impl<F: Family> Subject<F> {
    pub(super) async fn read(visitor: &Visitor, id: &str) -> Result<Self, ErrorPage> {
        let request: F = visitor.read(&F::LISTED, id).await?;
        let product = request.product().map(ToString::to_string).unwrap_or_default();
        let product: Product = visitor.read(&Collection::Products, &product).await?;
        Ok(Self { request, product })
    }

    /// Returns the frame of a dialog about the request, which follows what becomes of it.
    pub(super) fn shell(&self, visitor: &Visitor, title: &str) -> Shell {
        let id = self.request.id();
        visitor.shell(Section::Subscriptions, format!("{title} {id}")).live(&[id])
    }

    /// Returns where a dialog leads.
    pub(super) fn address(&self) -> String {
        format!("{}/{}", F::ADDRESS, self.request.id())
    }

    /// Returns why the platform would refuse an operation to a role now; nothing when it would not.
    pub(super) fn hindrance(&self, role: Role, operation: Operation) -> Option<Hindrance> {
        let caller = self.request.caller(role);
        self.request.decide(&self.product, operation, caller).err()
    }

    /// Has an operation carried out on the request.
    pub(super) async fn operate(
        &self,
        visitor: &Visitor,
        operation: Operation,
        body: serde_json::Value,
    ) -> Result<CommandResult, Denial> {
        visitor.apply(F::operate(self.request.id(), operation, body)).await
    }
}
