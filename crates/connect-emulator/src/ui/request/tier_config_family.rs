//! Requests for tier configurations, as their pages and dialogs need them.

use connect_model::lifecycle::{Caller, Operation, tier_config_request as lifecycle};
use connect_model::{
    Assignee, Events, ParameterPhase, Product, TierConfigRequest, TierConfigRequestType,
};
use connect_world::command::TierConfigRequestCommand;
use connect_world::{Collection, Command};
use serde_json::{Value, json};

use super::family::{Family, Hindrance, WithDrafts, filled_in};
use crate::ui::kit::Facts;
use crate::ui::mark::{Mark, title};
use crate::ui::role::Role;
use crate::ui::rows::is_preview;
use crate::ui::shell::{Section, Shell};
use crate::ui::tier_config::REQUESTS;
use crate::ui::tier_config::rows::{environment, reseller};

impl Family for TierConfigRequest {
    const LISTED: Collection = Collection::TierConfigRequests;
    const ADDRESS: &'static str = "/tier-requests";
    const SECTION: Section = Section::TierConfigs;
    const ASKED: &'static str = "reseller";
    const FORM_LINK: &'static str = "activation.link";
    const HAS_INQUIRY_TEMPLATE: bool = false;

    fn facts(&self, _: &Shell) -> Facts {
        let config = &self.configuration;
        Facts::beside()
            .id("Request", &self.id, format!("{}/{}", Self::ADDRESS, self.id), None)
            .text("Type", title(self.kind.as_str()))
            .id(
                "Configuration",
                &config.id,
                format!("/tier-configs/{}", config.id),
                environment(config),
            )
            .text("Reseller", reseller(config))
            .mark("Status", Mark::from(&self.status))
    }

    fn assignee(&self) -> &Assignee {
        &self.assignee
    }

    fn events(&self) -> &Events {
        &self.events
    }

    fn caller(&self, role: Role) -> Caller {
        role.caller(is_preview(self.configuration.connection.as_ref()))
    }

    fn product_name(&self) -> &str {
        let product = self.configuration.product.as_ref();
        product.and_then(|it| it.name.as_deref()).unwrap_or_default()
    }

    fn may_write(&self, caller: Caller, phase: &ParameterPhase) -> bool {
        lifecycle::may_write(caller, phase)
    }

    fn outlook(&self, operation: Operation) -> Option<&'static str> {
        let is_set_up = self.kind == TierConfigRequestType::Setup;
        Some(match operation {
            Operation::Approve if is_set_up => {
                "The reseller is set up, and what waits for it goes on: purchases, and the request \
                 of a reseller nearer to the customer. The reseller sees the template, filled with \
                 the request’s values."
            }
            Operation::Approve => {
                "The configuration gets the request’s values. The reseller sees the template, \
                 filled with them."
            }
            Operation::Fail if is_set_up => {
                "The reseller is not set up. Everything that waits for it fails, too: purchases, \
                 and the request of a reseller nearer to the customer. All of them show your reason."
            }
            Operation::Fail => {
                "The request fails for good, and the configuration keeps its values. The \
                 distributor and the reseller read your reason."
            }
            Operation::Inquire => {
                "The request goes back to the reseller, who is asked to correct the parameters you \
                 mark, and reads what you write beside them."
            }
            Operation::Submit => {
                "The draft goes to the vendor or, when values are missing, back to the reseller."
            }
            _ => return None,
        })
    }

    fn decide(
        &self,
        product: &Product,
        operation: Operation,
        caller: Caller,
    ) -> Result<(), Hindrance> {
        let is_on = |switch| product.capabilities.is_on(switch);
        lifecycle::allow(&self.status, operation, caller)?.with(is_on)?;
        Ok(())
    }

    fn operate(id: &str, operation: Operation, body: Value, code: Option<String>) -> Command {
        TierConfigRequestCommand::Operate { id: id.into(), operation, body, code }.into()
    }

    fn approval(template: &str, since: &str) -> Value {
        let mut body = filled_in([("effective_date", since)]);
        if !template.is_empty() {
            body["template"] = json!({"id": template});
        }
        body
    }

    /// The platform picks the template itself (OpenAPI 37.0).
    fn inquiry(_: &str) -> Value {
        json!({})
    }
}

impl WithDrafts for TierConfigRequest {
    const DIRECTORY: &'static str = REQUESTS;
    const ABANDONED: &'static str = "The draft is deleted with all that was said about it, and a \
                                     configuration that is there for it alone. The platform does so \
                                     by itself when nobody writes to a draft for a day.";

    fn abandon(id: &str) -> Command {
        TierConfigRequestCommand::Abandon { id: id.into() }.into()
    }
}
