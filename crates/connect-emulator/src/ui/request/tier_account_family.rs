//! Requests about tier accounts, as their pages and dialogs need them.

use connect_model::lifecycle::{Caller, Operation, tier_account_request as lifecycle};
use connect_model::{Assignee, Events, ParameterPhase, Product, TierAccountRequest};
use connect_world::command::TierAccountRequestCommand;
use connect_world::{Collection, Command};
use serde_json::Value;

use super::family::{Family, Hindrance};
use crate::ui::customer;
use crate::ui::customer::rows::{environment, is_preview, product};
use crate::ui::kit::Facts;
use crate::ui::mark::Mark;
use crate::ui::role::Role;
use crate::ui::shell::{Section, Shell};

impl Family for TierAccountRequest {
    const LISTED: Collection = Collection::TierAccountRequests;
    const ADDRESS: &'static str = customer::REQUESTS;
    const SECTION: Section = Section::Customers;
    /// Nobody is: such requests have neither inquiries nor forms.
    const ASKED: &'static str = "customer";
    const FORM_LINK: &'static str = "";
    const HAS_INQUIRY_TEMPLATE: bool = false;

    fn facts(&self, _: &Shell) -> Facts {
        let account = &self.account;
        Facts::beside()
            .id("Request", &self.id, format!("{}/{}", Self::ADDRESS, self.id), None)
            .id("Account", &account.id, customer::address(&account.id), environment(account))
            .text("Name", &account.name)
            .text("Product", product(self))
            .mark("Status", Mark::from(&self.status))
    }

    fn assignee(&self) -> &Assignee {
        &Assignee::Nobody
    }

    fn events(&self) -> &Events {
        &self.events
    }

    fn caller(&self, role: Role) -> Caller {
        role.caller(is_preview(&self.account))
    }

    fn product_name(&self) -> &str {
        product(self)
    }

    fn may_write(&self, _: Caller, _: &ParameterPhase) -> bool {
        false
    }

    fn decide(&self, _: &Product, operation: Operation, caller: Caller) -> Result<(), Hindrance> {
        lifecycle::allow(&self.status, operation, caller)?;
        Ok(())
    }

    fn operate(id: &str, operation: Operation, body: Value, _: Option<String>) -> Command {
        TierAccountRequestCommand::Operate { id: id.into(), operation, body }.into()
    }

    fn approval(_: &str, _: &str) -> Value {
        Value::Null
    }

    fn inquiry(_: &str) -> Value {
        Value::Null
    }
}
