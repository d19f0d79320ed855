//! Product → Settings: the capability switches. Each is applied at once.

use askama::Template;
use axum::extract::Path;
use connect_model::{Capability, ProductId};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Subject, Tab};
use crate::ui::fields::Fields;
use crate::ui::kit::Head;
use crate::ui::page::{ErrorPage, Page, go, reason, show, show_with};
use crate::ui::role::Role;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Denial;
use connect_world::command::ProductCommand;

#[derive(Template)]
#[template(path = "product_settings.html")]
struct SettingsPage {
    shell: Shell,
    head: Head,
    subject: Subject,
    may_turn: bool,
    /// The reason why a switch was not turned.
    wrong: Option<String>,
}

/// Switches that belong together.
struct Group {
    title: &'static str,
    switches: &'static [Switch],
}

/// A capability that is on or off.
struct Switch {
    /// The capability, which the API has at a dotted path.
    flag: Capability,
    label: &'static str,
    /// The effect when it is on.
    effect: &'static str,
}

impl Switch {
    const fn new(flag: Capability, label: &'static str, effect: &'static str) -> Self {
        Self { flag, label, effect }
    }

    /// Returns the path of its flag in pieces, between which a narrow page may break it.
    fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.flag.path().split_inclusive(['.', '_'])
    }

    /// Returns its id on the page.
    fn anchor(&self) -> String {
        self.flag.path().replace('.', "-")
    }
}

/// The levels of resellers that have to be configured before they sell: what forms call it, and
/// its title.
const LEVELS: [(&str, &str); 3] = [("0", "Off"), ("1", "Tier 1"), ("2", "Tier 2")];
/// Where the page has them.
const LEVELS_ANCHOR: &str = "tiers-configs-level";

/// The renewal schemas, and their titles.
const SCHEMAS: [(&str, &str); 2] = [("evergreen", "Auto-renewal"), ("explicit", "Explicit")];
/// Where the page has them.
const SCHEMA_ANCHOR: &str = "subscription-schema";

/// The switches in Connect's words, with those of a new product all there.
const GROUPS: [Group; 7] = [
    Group {
        title: "Subscriptions",
        switches: &[
            Switch::new(
                Capability::Hold,
                "Administrative Hold",
                "Subscriptions can be suspended and resumed. While it is off, such requests fail \
                 as soon as they are created.",
            ),
            Switch::new(
                Capability::ReservationConsumption,
                "Consumption Reporting for Reservation Items",
                "Usage is reported for items that are paid for up front.",
            ),
        ],
    },
    Group {
        title: "Change Requests",
        switches: &[
            Switch::new(
                Capability::EditableOrdering,
                "Editable Ordering Parameters",
                "A change may bring other values of ordering parameters.",
            ),
            Switch::new(
                Capability::EditableFulfillment,
                "Editable Fulfillment Parameters",
                "A change may bring other values of fulfillment parameters.",
            ),
            Switch::new(
                Capability::ChangeValidation,
                "Validation of Draft Change Requests",
                "A change may begin as a draft, to be validated.",
            ),
            Switch::new(
                Capability::ChangeInquiringValidation,
                "Validation of the Inquiring Form for Changes",
                "What a customer corrects in a change is validated.",
            ),
            Switch::new(
                Capability::SimultaneousAdjustment,
                "Simultaneous Adjustment",
                "The vendor may adjust a subscription while a change of it is open.",
            ),
        ],
    },
    Group {
        title: "Renew Requests",
        switches: &[
            Switch::new(
                Capability::Renew,
                "Renewals",
                "Subscriptions with explicit renewal can be renewed before they expire.",
            ),
            Switch::new(
                Capability::RenewEditableOrdering,
                "Editable Ordering Parameters in Renewals",
                "A renewal may bring other values of ordering parameters.",
            ),
            Switch::new(
                Capability::RenewEditableFulfillment,
                "Editable Fulfillment Parameters in Renewals",
                "A renewal may bring other values of fulfillment parameters.",
            ),
            Switch::new(
                Capability::RenewValidation,
                "Validation of Draft Renewals",
                "A renewal may begin as a draft, to be validated.",
            ),
            Switch::new(
                Capability::RenewInquiringValidation,
                "Validation of the Inquiring Form for Renewals",
                "What a customer corrects in a renewal is validated.",
            ),
        ],
    },
    Group {
        title: "Transfer Requests",
        switches: &[
            Switch::new(
                Capability::Transfer,
                "Transfers",
                "Subscriptions can go to another customer or reseller.",
            ),
            Switch::new(
                Capability::TransferAutoapprove,
                "Automatic Approval of Transfers",
                "A transfer is approved at once, unless a value is missing that the vendor owes.",
            ),
            Switch::new(
                Capability::TransferEditableOrdering,
                "Editable Ordering Parameters in Transfers",
                "A transfer may bring other values of ordering parameters.",
            ),
            Switch::new(
                Capability::TransferEditableFulfillment,
                "Editable Fulfillment Parameters in Transfers",
                "A transfer may bring other values of fulfillment parameters.",
            ),
            Switch::new(
                Capability::TransferValidation,
                "Validation of Draft Transfers",
                "A transfer may begin as a draft, to be validated.",
            ),
            Switch::new(
                Capability::TransferInquiringValidation,
                "Validation of the Inquiring Form for Transfers",
                "What a customer corrects in a transfer is validated.",
            ),
        ],
    },
    Group {
        title: "Dynamic Validation",
        switches: &[
            Switch::new(
                Capability::CartValidation,
                "Draft Requests",
                "A purchase may begin as a draft, to be validated.",
            ),
            Switch::new(
                Capability::InquiringValidation,
                "Inquiring Form",
                "What a customer corrects is validated, and inquiring requests can be updated.",
            ),
            Switch::new(
                Capability::TiersValidation,
                "Tier Requests",
                "A request for a reseller's configuration may begin as a draft, to be validated.",
            ),
        ],
    },
    Group {
        title: "Delayed Activation",
        switches: &[
            Switch::new(
                Capability::PurchaseScheduling,
                "Purchase",
                "The vendor may schedule purchases for another day.",
            ),
            Switch::new(
                Capability::ChangeScheduling,
                "Change",
                "The vendor may schedule changes for another day.",
            ),
            Switch::new(
                Capability::SuspendScheduling,
                "Suspend",
                "The vendor may schedule suspensions for another day.",
            ),
            Switch::new(
                Capability::ResumeScheduling,
                "Resume",
                "The vendor may schedule resumptions for another day.",
            ),
            Switch::new(
                Capability::CancelScheduling,
                "Cancel",
                "The vendor may schedule cancellations for another day.",
            ),
            Switch::new(
                Capability::RenewScheduling,
                "Renew",
                "The vendor may schedule renewals for another day.",
            ),
        ],
    },
    Group {
        title: "Tiers",
        switches: &[Switch::new(
            Capability::TiersUpdates,
            "Tier Accounts Sync",
            "The vendor is asked about changes of customers' and resellers' accounts.",
        )],
    },
];

/// Returns a capability as the page names it: `Delayed Activation → Purchase`.
pub(in crate::ui) fn name_of(capability: Capability) -> String {
    let named = GROUPS.iter().find_map(|group| {
        let switch = group.switches.iter().find(|switch| switch.flag == capability)?;
        Some(format!("{} → {}", group.title, switch.label))
    });
    named.unwrap_or_else(|| capability.to_string())
}

impl SettingsPage {
    fn groups(&self) -> &'static [Group] {
        &GROUPS
    }

    /// Returns the levels of Reseller Authorization, and whether each is the one that is chosen.
    fn levels(&self) -> [(&'static str, &'static str, bool); LEVELS.len()] {
        let chosen = self.subject.product.capabilities.tier_config_levels().to_string();
        LEVELS.map(|(level, title)| (level, title, level == chosen))
    }

    /// Returns the renewal schemas, and whether each is the one that is chosen.
    fn schemas(&self) -> [(&'static str, &'static str, bool); SCHEMAS.len()] {
        let chosen = self.subject.product.capabilities.renewal_schema();
        SCHEMAS.map(|(schema, title)| (schema, title, chosen.as_str() == schema))
    }

    fn is_on(&self, switch: &Switch) -> bool {
        self.subject.product.capabilities.is_on(switch.flag)
    }
}

async fn settings(
    visitor: &Visitor,
    id: &ProductId,
    wrong: Option<String>,
) -> Result<SettingsPage, ErrorPage> {
    let subject = Subject::read(visitor, id, Tab::Settings).await?;
    let may_turn = visitor.role == Role::Vendor;
    let (shell, head) = (subject.shell(visitor), subject.head(None));
    Ok(SettingsPage { shell, head, subject, may_turn, wrong })
}

/// Answers `GET /products/{id}/settings`.
pub(super) async fn page(visitor: &Visitor, id: &ProductId) -> Page {
    Ok(show(&settings(visitor, id, None).await?))
}

/// Answers `POST /products/{id}/settings`: turns the switch named `on` on, or the one named `off`
/// off, or sets the `level` of Reseller Authorization. A page that is no longer true so never turns
/// a switch the wrong way.
pub(in crate::ui) async fn turn(
    visitor: Visitor,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Page {
    match turned(&visitor, &id, &fields).await {
        Ok(anchor) => Ok(go(&format!("/products/{id}/settings#{anchor}"))),
        Err(denied) => {
            let page = settings(&visitor, &id, Some(reason(&denied))).await?;
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Has the product changed, and returns where the page shows what is changed.
async fn turned(visitor: &Visitor, id: &ProductId, fields: &Fields) -> Result<String, Denial> {
    let (capabilities, anchor) = if fields.has("level") {
        (level(fields.text("level"))?, LEVELS_ANCHOR.to_owned())
    } else if fields.has("schema") {
        let schema = at_path("subscription.schema", fields.text("schema").into());
        (schema, SCHEMA_ANCHOR.to_owned())
    } else {
        switched(fields)?
    };
    let body = json!({"capabilities": capabilities});
    visitor.apply(ProductCommand::Update { id: id.clone(), body }).await?;
    Ok(anchor)
}

fn switched(fields: &Fields) -> Result<(Value, String), Denial> {
    let on = fields.has("on");
    let flag = fields.text(if on { "on" } else { "off" });
    let mut switches = GROUPS.iter().flat_map(|group| group.switches);
    let found = switches.find(|switch| switch.flag.path() == flag);
    let switch = found.ok_or_else(|| Denial::invalid("There is no such switch."))?;
    Ok((at_path(flag, on.into()), switch.anchor()))
}

/// Returns the capability of Reseller Authorization; off is `null`.
fn level(level: &str) -> Result<Value, Denial> {
    let configs = match level {
        "0" => Value::Null,
        "1" => json!({"level": 1}),
        "2" => json!({"level": 2}),
        _ => return Err(Denial::invalid("There is no such level.")),
    };
    Ok(at_path("tiers.configs", configs))
}

/// Returns a value inside the objects of a dotted path.
fn at_path(path: &str, value: Value) -> Value {
    path.rsplit('.').fold(value, |inside, name| json!({ name: inside }))
}
