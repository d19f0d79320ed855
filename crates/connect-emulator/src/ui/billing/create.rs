//! The dialog that records a bill for a subscription.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::billing_request::is_billed;
use connect_model::{
    Asset, AssetId, BillingPeriod, BillingRequest, BillingRequestId, Product, Quantity,
    Subscription,
};
use connect_world::command::BillingRequestCommand;
use connect_world::{Collection, Denial};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde_json::{Value, json};

use super::address;
use super::attributes::{AttributesField, noted};
use super::rows::rhythm;
use crate::ui::fields::Fields;
use crate::ui::kit::{Choice, Dialog, DialogButton, Html};
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::request_wizard::facts;
use crate::ui::role::Role;
use crate::ui::rows::product_of;
use crate::ui::shell::Section;
use crate::ui::visitor::{Visitor, decode};

const TITLE: &str = "Create Billing Request";
/// What the fields of items begin with.
const ITEM: &str = "item_";

#[derive(Template)]
#[template(path = "billing/new_request.html")]
struct Form<'a> {
    items: Vec<ItemField>,
    from: &'a str,
    to: &'a str,
    delta: &'a str,
    units: Vec<Choice>,
}

struct ItemField {
    field: String,
    name: String,
    unit: String,
    mpn: String,
    held: String,
    typed: String,
}

/// The subscription that is billed.
struct Subject {
    asset: Asset,
    product: Product,
}

impl Subject {
    async fn of(visitor: &Visitor, id: &AssetId) -> Result<Self, ErrorPage> {
        let Subscription(asset) = visitor.read(&Collection::Subscriptions, id.as_str()).await?;
        let product = visitor.read(&Collection::Products, &product_of(&asset)).await?;
        Ok(Self { asset, product })
    }

    fn page(&self) -> String {
        format!("/subscriptions/{}/billing", self.asset.id)
    }

    /// Returns the fields of a form that nobody filled in yet: all items, and the time until the
    /// next date.
    fn blank(&self, visitor: &Visitor) -> Fields {
        let (from, to, uom) = self.period(visitor);
        let items = self.asset.items.iter().flatten().map(|item| {
            let quantity = match item.quantity {
                Quantity::Of(_) => item.quantity.to_string(),
                _ => String::new(),
            };
            (format!("{ITEM}{}", item.global_id), quantity)
        });
        let others = [
            ("from".to_owned(), from.to_string()),
            ("to".to_owned(), to.to_string()),
            ("delta".to_owned(), "1".to_owned()),
            ("uom".to_owned(), uom.to_string()),
        ];
        let all: Vec<_> = items.chain(others).collect();
        Fields::of_pairs(all.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Returns the time that is billed for next; of what has no dates, the month before.
    fn period(&self, visitor: &Visitor) -> (Date, Date, BillingPeriod) {
        let billing = self.asset.billing.as_ref();
        let uom = billing.and_then(|it| it.period.as_ref()).map(|period| period.uom.clone());
        let next = billing.and_then(|billing| billing.next_date);
        match (next, uom.as_ref().and_then(BillingPeriod::months), uom) {
            (Some(next), Some(months), Some(uom)) => {
                let to = TimeZone::UTC.to_datetime(next.timestamp()).date();
                (to.saturating_sub(Span::new().months(months)), to, uom)
            }
            _ => {
                let today = visitor.ui.clock.now().to_zoned(TimeZone::UTC).date();
                let to = today.first_of_month();
                (to.saturating_sub(1.month()), to, BillingPeriod::Monthly)
            }
        }
    }

    fn body(&self, visitor: &Visitor, fields: &Fields) -> Result<Value, Denial> {
        let items = fields.starting(ITEM).filter(|(_, quantity)| !quantity.is_empty());
        let items = items.map(|(id, quantity)| json!({"id": id, "quantity": quantity}));
        let moment = |name| match fields.text(name) {
            "" => String::new(),
            day => format!("{day}T00:00:00Z"),
        };
        Ok(json!({
            "asset": {"id": self.asset.id},
            "items": items.collect::<Vec<_>>(),
            "period": {
                "from": moment("from"), "to": moment("to"),
                "delta": fields.text("delta"), "uom": fields.text("uom"),
            },
            "attributes": noted(visitor, &fields.lines("attributes"))?,
        }))
    }

    fn form(&self, fields: &Fields) -> Html {
        let items = self.asset.items.iter().flatten().map(|item| {
            let field = format!("{ITEM}{}", item.global_id);
            ItemField {
                typed: fields.text(&field).to_owned(),
                field,
                name: item.display_name.clone(),
                unit: item.unit.clone(),
                mpn: item.mpn.clone(),
                held: item.quantity.to_string(),
            }
        });
        let chosen = fields.text("uom");
        let unit = |word: &&str| Choice {
            value: (*word).to_owned(),
            title: rhythm(&BillingPeriod::from(*word)),
            chosen: *word == chosen,
        };
        let form = Form {
            items: items.collect(),
            from: fields.text("from"),
            to: fields.text("to"),
            delta: fields.text("delta"),
            units: BillingPeriod::RECURRING.iter().map(unit).collect(),
        };
        let attributes = fields.lines("attributes");
        Html::of(&form).and(&Html::of(&AttributesField { attributes: &attributes }))
    }

    fn dialog(&self, visitor: &Visitor, fields: &Fields) -> Dialog {
        let overview = match visitor.role {
            Role::Vendor => {
                "This records what you bill the distributor for the subscription. Nobody approves \
                 it, and it stays."
            }
            Role::Distributor => {
                "This records what you bill on for the subscription. Nobody approves it, and it \
                 stays; the vendor does not see it."
            }
        };
        let address = format!("/subscriptions/{}/bill", self.asset.id);
        Dialog {
            facts: Some(facts(&self.asset, &self.product)),
            overview: overview.to_owned(),
            closed: hindrance(&self.asset).map(|why| Html::text(&why)),
            fields: self.form(fields),
            buttons: vec![
                DialogButton::leave("Close", self.page()),
                DialogButton::send("Create", "primary"),
            ],
            ..Dialog::new(visitor.shell(Section::Subscriptions, TITLE), TITLE, address)
        }
    }
}

/// Returns the reason why a subscription cannot be billed now.
pub(in crate::ui) fn hindrance(asset: &Asset) -> Option<String> {
    let why = "Only subscriptions that are active or suspended are billed.";
    (!is_billed(&asset.status)).then(|| why.to_owned())
}

/// Answers `GET /subscriptions/{id}/bill`.
pub(super) async fn page(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    let subject = Subject::of(&visitor, &id).await?;
    let blank = subject.blank(&visitor);
    Ok(subject.dialog(&visitor, &blank).show())
}

/// Answers `POST /subscriptions/{id}/bill`.
pub(super) async fn send(visitor: Visitor, Path(id): Path<AssetId>, fields: Fields) -> Page {
    let subject = Subject::of(&visitor, &id).await?;
    match created(&visitor, &subject, &fields).await {
        Ok(id) => Ok(go(&address(&id))),
        Err(denied) => Ok(subject.dialog(&visitor, &fields).refuse(denied.refusal.errors)),
    }
}

async fn created(
    visitor: &Visitor,
    subject: &Subject,
    fields: &Fields,
) -> Result<BillingRequestId, Denial> {
    let body = subject.body(visitor, fields)?;
    let created = visitor.apply(BillingRequestCommand::Create { body }).await?;
    Ok(decode::<BillingRequest>(&created.body)?.id)
}
