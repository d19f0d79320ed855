//! The templates of a product.

use bytes::Bytes;
use connect_model::{ProductId, Template, TemplateId, TemplateScope, TemplateType};
use serde_json::Value;

use super::product::placed;
use super::{bounded, choice};
use crate::world::read::json;
use crate::world::{Actor, Denied, World, body};

impl World {
    pub(in crate::world) fn create_template(
        &mut self,
        who: &Actor,
        product: &ProductId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        let mut record = self.own_product(who, product)?;
        let name = bounded(body, "name", 255)?;
        let text = body::required(body, "body")?;
        let scope = TemplateScope::from(choice(body, "scope", TemplateScope::KNOWN)?);
        let kind = TemplateType::from(choice(body, "type", TemplateType::KNOWN)?);
        let template = Template {
            id: TemplateId::from_number(self.numbers.issue()),
            title: Some(body::filled(body, "title").unwrap_or_else(|| name.clone())),
            name,
            body: text,
            scope,
            kind: Some(kind),
            rest: placed(record.templates.len(), self.now),
        };
        let shown = json(&template);
        record.templates.push(template);
        self.keep_product(record);
        shown
    }

    /// Only the name and the text can be changed.
    pub(in crate::world) fn update_template(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &TemplateId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        let mut record = self.own_product(who, product)?;
        let template = record.templates.iter_mut().find(|template| template.id == *id);
        let template = template.ok_or_else(Denied::not_found)?;
        if body.get("name").is_some() {
            template.name = bounded(body, "name", 255)?;
        }
        if body.get("body").is_some() {
            template.body = body::required(body, "body")?;
        }
        let shown = json(template);
        self.keep_product(record);
        shown
    }

    /// The last template of its scope and type stays.
    pub(in crate::world) fn delete_template(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &TemplateId,
    ) -> Result<(), Denied> {
        let mut record = self.own_product(who, product)?;
        let template = record.template(id).ok_or_else(Denied::not_found)?;
        let same = |it: &&Template| it.scope == template.scope && it.kind == template.kind;
        if record.templates.iter().filter(same).count() == 1 {
            return Err(Denied::invalid(
                "The last template of its scope and type cannot be deleted.",
            ));
        }
        record.templates.retain(|template| template.id != *id);
        self.keep_product(record);
        Ok(())
    }
}
