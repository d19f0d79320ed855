//! A request with the product it is about: what all its pages look at.

use connect_model::lifecycle::asset_request::allow;
use connect_model::lifecycle::{Caller, Operation, Refused};
use connect_model::{AssetRequest, Product, RequestId};

use crate::ui::actions::is_preview;
use crate::ui::page::ErrorPage;
use crate::ui::request_wizard::product_of;
use crate::ui::role::Role;
use crate::ui::rows::RequestRow;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

/// The request of a page.
pub(super) struct Subject {
    pub(super) request: AssetRequest,
    pub(super) product: Product,
}

impl Subject {
    pub(super) async fn read(visitor: &Visitor, id: &RequestId) -> Result<Self, ErrorPage> {
        let request: AssetRequest = visitor.read(&Collection::Requests, id.as_str()).await?;
        let product = product_of(&request.asset);
        let product: Product = visitor.read(&Collection::Products, &product).await?;
        Ok(Self { request, product })
    }

    /// Returns the frame of a dialog about the request.
    pub(super) fn shell(&self, visitor: &Visitor, title: &str) -> Shell {
        visitor.shell(Section::Subscriptions, format!("{title} {}", self.request.id))
    }

    pub(super) fn row(&self, shell: &Shell) -> RequestRow {
        RequestRow::new(&self.request, shell)
    }

    /// Returns where a dialog leads.
    pub(super) fn address(&self) -> String {
        format!("/requests/{}", self.request.id)
    }

    /// Returns why the platform would refuse an operation to a role now; nothing when it would not.
    pub(super) fn refusal(&self, role: Role, operation: Operation) -> Option<Refused> {
        let request = &self.request;
        let caller = match role {
            Role::Vendor => Caller::Vendor { preview: is_preview(&request.asset) },
            Role::Distributor => Caller::Distributor,
        };
        let switches = &self.product.capabilities;
        let allowed = allow(&request.kind, &request.status, operation, caller);
        allowed.and_then(|allowed| allowed.with(|switch| switches.is_on(switch))).err()
    }

    /// Returns the same in words.
    pub(super) fn hindrance(&self, role: Role, operation: Operation) -> Option<String> {
        self.refusal(role, operation).map(|refused| refused.to_string())
    }
}
