//! The templates of a product.

use bytes::Bytes;
use connect_model::{ProductId, Rest, Template, TemplateId, TemplateScope, TemplateType};
use serde_json::Value;

use super::product::placed;
use super::{bounded, choice, touch};
use crate::world::read::json;
use crate::world::{Actor, Denied, World, body};

impl World {
    pub(in crate::world) fn create_template(
        &mut self,
        who: &Actor,
        product: &ProductId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        let place = self.own_product(who, product)?.templates.len();
        let mut template = new_template(body)?;
        template.id = TemplateId::from_number(self.numbers.issue());
        template.rest = placed(place, self.now);
        self.edit_product(who, product, |record, _| {
            let shown = json(&template);
            record.templates.push(template);
            shown
        })
    }

    /// Only the name and the text can be changed.
    pub(in crate::world) fn update_template(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &TemplateId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        self.edit_product(who, product, |record, now| {
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

    /// The last template of its scope and type stays, and requests keep showing those that go.
    pub(in crate::world) fn delete_template(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &TemplateId,
    ) -> Result<(), Denied> {
        const LAST: &str = "The last template of its scope and type cannot be deleted.";
        self.edit_product(who, product, |record, _| {
            let template = record.template_mut(id)?.clone();
            let same = |it: &&Template| it.scope == template.scope && it.kind == template.kind;
            if record.templates.iter().filter(same).count() == 1 {
                return Err(Denied::invalid(LAST));
            }
            record.templates.retain(|template| template.id != *id);
            record.deleted_templates.push(template);
            Ok(())
        })
    }
}

/// The template a body describes, before it has an id.
fn new_template(body: &Value) -> Result<Template, Denied> {
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
