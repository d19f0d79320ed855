//! The actions of a product, and the key that signs their links.

use bytes::Bytes;
use connect_model::{ActionId, ProductAction, ProductId, TemplateScope};
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::action_secret::ActionSecret;
use crate::product::edit::{born, bounded, choice, edit_product, own_product, touch};
use crate::product::record::ProductRecord;
use crate::read::json as to_json;
use crate::state::State;
use crate::unwritten::must_stay;

/// The most characters of a key, name or title (OpenAPI 37.0).
const LONGEST_NAME: usize = 100;
/// The most characters of a description (OpenAPI 37.0).
const LONGEST_DESCRIPTION: usize = 300;
/// The most actions of a product.
const MOST: usize = 100;

/// A command on the actions of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionCommand {
    /// `POST /products/{product}/actions`.
    Create {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/actions/{id}`.
    Update {
        /// The product.
        product: ProductId,
        /// The action.
        id: ActionId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/actions/{id}`.
    Delete {
        /// The product.
        product: ProductId,
        /// The action.
        id: ActionId,
    },
    /// `POST /products/{product}/actions/regeneratesecret`.
    RegenerateSecret {
        /// The product.
        product: ProductId,
    },
}

impl CarryOut for ActionCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body, .. } | Self::Update { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { product, body } => {
                create(state, who, &product, &body).map(ObjectChange::created)
            }
            Self::Update { product, id, body } => {
                update(state, who, &product, &id, &body).map(ObjectChange::changed)
            }
            Self::Delete { product, id } => {
                delete(state, who, &product, &id).map(ObjectChange::deleted)
            }
            Self::RegenerateSecret { product } => {
                regenerate(state, who, &product).map(ObjectChange::changed)
            }
        }
    }
}

fn create(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    body: &Value,
) -> Result<Bytes, Denial> {
    let record = own_product(state, who, product)?;
    let mut action = described(body)?;
    record.must_have_room(&action)?;
    action.id = ActionId::from_number(state.numbers.issue());
    action.rest.insert("events".to_owned(), born(state.now));
    edit_product(state, who, product, |record, _| {
        let shown = to_json(&action);
        record.actions.push(action);
        shown
    })
}

fn update(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &ActionId,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        let held = record.action(id)?.clone();
        must_stay("id", &json!(held), body)?;
        // What is left out stays.
        let mut whole = json!(held);
        if let (Some(whole), Some(body)) = (whole.as_object_mut(), body.as_object()) {
            whole.extend(body.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let mut action = ProductAction { id: held.id, rest: held.rest, ..described(&whole)? };
        touch(&mut action.rest, now);
        record.must_have_room(&action)?;
        let shown = to_json(&action);
        record.actions.iter_mut().filter(|it| it.id == *id).for_each(|it| *it = action.clone());
        shown
    })
}

fn delete(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &ActionId,
) -> Result<(), Denial> {
    edit_product(state, who, product, |record, _| {
        record.action(id)?;
        record.actions.retain(|action| action.id != *id);
        Ok(())
    })
}

/// Gives the product another key: links that were made before open nothing any more.
fn regenerate(state: &mut State, who: &Actor, product: &ProductId) -> Result<Bytes, Denial> {
    own_product(state, who, product)?;
    let secret = ActionSecret::invented(&mut state.numbers.random());
    edit_product(state, who, product, |record, _| {
        let shown = to_json(&json!({"jwt_secret": secret.reveal()}));
        record.action_secret = Some(secret);
        shown
    })
}

/// Returns the action a body describes, before it has an id.
fn described(body: &Value) -> Result<ProductAction, Denial> {
    let description = body::text_within(body, "description", LONGEST_DESCRIPTION)?;
    Ok(ProductAction {
        id: ActionId::default(),
        action: bounded(body, "action", LONGEST_NAME)?,
        name: bounded(body, "name", LONGEST_NAME)?,
        title: body::text_within(body, "title", LONGEST_NAME)?,
        kind: choice(body, "type", &["button"])?.to_owned(),
        scope: TemplateScope::from(choice(body, "scope", TemplateScope::KNOWN)?),
        description: description.ok_or_else(|| Denial::absent("description"))?,
        rest: connect_model::Rest::new(),
    })
}

impl ProductRecord {
    fn action(&self, id: &ActionId) -> Result<&ProductAction, Denial> {
        self.actions.iter().find(|action| action.id == *id).ok_or_else(Denial::not_found)
    }

    /// Refuses a second action with a key and scope, and more than a product has.
    fn must_have_room(&self, new: &ProductAction) -> Result<(), Denial> {
        let mut others = self.actions.iter().filter(|it| it.id != new.id);
        if others.any(|it| it.action == new.action && it.scope == new.scope) {
            let text = format!("action: The product has an action {} already.", new.action);
            return Err(Denial::invalid(text));
        }
        if self.actions.len() >= MOST && new.id == ActionId::default() {
            return Err(Denial::invalid(format!("A product has {MOST} actions at most.")));
        }
        Ok(())
    }
}
