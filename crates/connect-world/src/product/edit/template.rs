//! The templates of a product.

use bytes::Bytes;
use connect_model::{ProductId, Rest, Template, TemplateId, TemplateScope, TemplateType};
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::edit::product::placed;
use crate::product::edit::{bounded, choice, edit_product, own_product, touch};
use crate::read::json as to_json;
use crate::state::State;
use crate::unwritten::must_stay_except;

/// The most characters of a name or title (OpenAPI 37.0).
const LONGEST_NAME: usize = 255;

/// Fields that a `PUT` may differ in.
const CHANGEABLE: &[&str] = &["name", "title", "body", "events"];

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
    if let Some(position) = position(body)? {
        template.rest.insert("position".to_owned(), position.into());
    }
    edit_product(state, who, product, |record, _| {
        let shown = to_json(&template);
        record.templates.push(template);
        shown
    })
}

/// Changes the names and the text; nothing else of a template can be changed. The official command
/// line tool writes the title, too.
fn update(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &TemplateId,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        let template = record.template_mut(id)?;
        must_stay_except(CHANGEABLE, &json!(template), body)?;
        if body.get("name").is_some() {
            template.name = bounded(body, "name", LONGEST_NAME)?;
        }
        if let Some(title) = body::filled_within(body, "title", LONGEST_NAME)? {
            template.title = Some(title);
        }
        if body.get("body").is_some() {
            template.body = body::required(body, "body")?;
        }
        touch(&mut template.rest, now);
        to_json(template)
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
        let same = |it: &&Template| it.scope == template.scope && it.turn() == template.turn();
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
    let name = bounded(body, "name", LONGEST_NAME)?;
    let title = body::filled_within(body, "title", LONGEST_NAME)?;
    let scope = TemplateScope::from(choice(body, "scope", TemplateScope::KNOWN)?);
    Ok(Template {
        id: TemplateId::default(),
        title: Some(title.unwrap_or_else(|| name.clone())),
        name,
        body: body::required(body, "body")?,
        kind: kind(&scope, body)?,
        scope,
        rest: Rest::new(),
    })
}

/// Returns the type that a body gives a template. The official command line tool gives those of
/// resellers none.
fn kind(scope: &TemplateScope, body: &Value) -> Result<Option<TemplateType>, Denial> {
    if *scope != TemplateScope::Asset && body::at(body, "type").is_null() {
        return Ok(None);
    }
    choice(body, "type", TemplateType::KNOWN).map(|word| Some(TemplateType::from(word)))
}

/// Returns the place among its like that a body gives a template.
fn position(body: &Value) -> Result<Option<u64>, Denial> {
    let given = body::at(body, "position");
    match given.as_u64() {
        None if !given.is_null() => Err(Denial::invalid("position: A valid integer is required.")),
        position => Ok(position),
    }
}
