//! Orders of products that validate them: a draft first, then the vendor's word on it, then the order.

use connect_model::lifecycle::Operation;
use connect_model::{AssetRequest, AssetRequestType, Parameter, RequestStatus};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Denial};
use serde_json::{Value, json};

use super::draft::{self, REQUEST};
use super::order;
use crate::ui::catalog::Catalog;
use crate::ui::fields::Fields;
use crate::ui::page::ErrorPage;
use crate::ui::visitor::{Visitor, decode};

/// An order that waits for its buyer, because of what became of its validation.
pub(super) struct Held {
    /// The choices with what the vendor made of them.
    pub(super) fields: Fields,
    pub(super) reason: Reason,
}

/// Why an order waits.
pub(super) enum Reason {
    /// The vendor finds values wrong: its words for each.
    Wrong(Vec<String>),
    /// The vendor has put other values in place.
    Changed(Vec<String>),
    /// There was no answer.
    Unanswered(Denial),
}

/// What an order came to.
pub(super) enum Order {
    Placed(Box<AssetRequest>),
    Held(Box<Held>),
}

/// Whether the vendor is asked about purchases of the product that was chosen.
pub(super) fn is_asked(visitor: &Visitor, fields: &Fields) -> bool {
    let (kind, status) = (AssetRequestType::Purchase, RequestStatus::Draft);
    let asked = |offer: draft::Offer| {
        visitor.ui.platform.with_world(|world| world.has_validator(&offer.product, &kind, &status))
    };
    draft::offer(fields).is_some_and(asked)
}

/// Orders what was chosen, once the vendor has found nothing wrong; without asking, where the buyer
/// wants it so because there was no answer.
pub(super) async fn place(
    visitor: &Visitor,
    fields: &Fields,
    is_unasked: bool,
) -> Result<Order, Denial> {
    let draft = kept(visitor, fields).await?;
    let fields = noted(fields, &draft);
    if !is_unasked {
        let validated = match operate(visitor, &draft, Operation::Validate).await {
            Ok(validated) => validated,
            Err(denied) => {
                let reason = Reason::Unanswered(denied);
                return Ok(Order::Held(Box::new(Held { fields, reason })));
            }
        };
        let offer = draft::offer(&fields).ok_or_else(Denial::not_found)?;
        let catalog = Catalog::of(visitor, &offer.product).await.map_err(ErrorPage::denied)?;
        let wrong = wrong(validated.asset.params.as_deref().unwrap_or_default());
        let (fields, changed) = catalog.overlaid(fields.clone(), &validated.asset);
        let reason = match (wrong.is_empty(), changed.is_empty()) {
            (false, _) => Some(Reason::Wrong(wrong)),
            (true, false) => Some(Reason::Changed(changed)),
            (true, true) => None,
        };
        if let Some(reason) = reason {
            return Ok(Order::Held(Box::new(Held { fields, reason })));
        }
    }
    let placed = operate(visitor, &draft, Operation::Purchase).await?;
    Ok(Order::Placed(Box::new(placed)))
}

/// Returns the draft of the order with what was chosen: the one that there is, or a new one.
async fn kept(visitor: &Visitor, fields: &Fields) -> Result<AssetRequest, Denial> {
    if let Some(draft) = draft_of(visitor, fields).await {
        let body = order::update(visitor, fields, &draft.asset).await?;
        let command = RequestCommand::update(draft.id.clone(), body);
        return decode(&visitor.apply(command).await?.body);
    }
    let mut body = order::body(visitor, fields).await?;
    body["status"] = json!("draft");
    decode(&visitor.apply(RequestCommand::Create { body }).await?.body)
}

/// Returns the choices with the draft that they have, and with its customer, who is known by now.
fn noted(fields: &Fields, draft: &AssetRequest) -> Fields {
    let customer = draft.asset.tiers.customer.as_ref().map_or("", |it| it.id.as_str());
    let noted = Fields::of_pairs([(REQUEST, draft.id.as_str()), ("customer", customer)]);
    fields.clone().overlaid(&noted)
}

async fn operate(
    visitor: &Visitor,
    draft: &AssetRequest,
    operation: Operation,
) -> Result<AssetRequest, Denial> {
    let id = draft.id.clone();
    let command = RequestCommand::Operate { id, operation, body: Value::Null, code: None };
    decode(&visitor.apply(command).await?.body)
}

/// Returns the vendor's words for what is wrong, with the titles of the parameters.
fn wrong(params: &[Parameter]) -> Vec<String> {
    let words = |it: &Parameter| {
        let error = it.value_error.as_deref().filter(|error| !error.is_empty())?;
        Some(format!("{}: {error}", it.title.as_deref().unwrap_or(&it.id)))
    };
    params.iter().filter_map(words).collect()
}

/// Returns the draft that an order has already, while it is one of what was chosen.
pub(super) async fn draft_of(visitor: &Visitor, fields: &Fields) -> Option<AssetRequest> {
    let id = fields.text(REQUEST);
    if id.is_empty() {
        return None;
    }
    let request: AssetRequest = visitor.read(&Collection::Requests, id).await.ok()?;
    let product = request.asset.product.as_ref().map(|it| &it.id);
    let is_chosen = draft::offer(fields).is_some_and(|offer| Some(&offer.product) == product);
    (request.status == RequestStatus::Draft && is_chosen).then_some(request)
}
