//! The templates of a product.

use bytes::Bytes;
use connect_model::{ProductId, Rest, Template, TemplateId, TemplateScope, TemplateType};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::edit::product::placed;
use crate::product::edit::{bounded, choice, edit_product, own_product, touch};
use crate::read::json;
use crate::state::State;

/// A command on the templates of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateCommand {
    /// `POST /products/{product}/templates`.
    Create {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/templates/{id}`.
    Update {
        /// The product.
        product: ProductId,
        /// The template.
        id: TemplateId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/templates/{id}`.
    Delete {
        /// The product.
        product: ProductId,
        /// The template.
        id: TemplateId,
    },
}

impl CarryOut for TemplateCommand {
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
        }
    }
}

fn create(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    body: &Value,
) -> Result<Bytes, Denial> {
    let place = own_product(state, who, product)?.templates.len();
    let mut template = new_template(body)?;
    template.id = TemplateId::from_number(state.numbers.issue());
    template.rest = placed(place, state.now);
    edit_product(state, who, product, |record, _| {
        let shown = json(&template);
        record.templates.push(template);
        shown
    })
}

/// Changes the name and the text; nothing else of a template can be changed.
fn update(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &TemplateId,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        let template = record.template_mut(id)?;
        if body.get("name").is_some() {
            template.name = bounded(body, "name", 255)?;
        }
        if body.get("body").is_some() {
            template.body = body::required(body, "body")?;
        }
        touch(&mut template.rest, now);
        json(template)
    })
}

/// Deletes a template, but not the last of its scope and type. Requests keep showing it.
fn delete(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &TemplateId,
) -> Result<(), Denial> {
    const LAST: &str = "The last template of its scope and type cannot be deleted.";
    edit_product(state, who, product, |record, _| {
        let template = record.template_mut(id)?.clone();
        let same = |it: &&Template| it.scope == template.scope && it.kind == template.kind;
        if record.templates.iter().filter(same).count() == 1 {
            return Err(Denial::invalid(LAST));
        }
        record.templates.retain(|template| template.id != *id);
        record.deleted_templates.push(template);
        Ok(())
    })
}

/// Returns the template a body describes, before it has an id.
fn new_template(body: &Value) -> Result<Template, Denial> {
    let name = bounded(body, "name", 255)?;
    Ok(Template {
        id: TemplateId::default(),
        title: Some(body::filled(body, "title").unwrap_or_else(|| name.clone())),
        name,
        body: body::required(body, "body")?,
        scope: TemplateScope::from(choice(body, "scope", TemplateScope::KNOWN)?),
        kind: Some(TemplateType::from(choice(body, "type", TemplateType::KNOWN)?)),
        rest: Rest::new(),
    })
}
