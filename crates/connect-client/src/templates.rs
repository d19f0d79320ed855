//! The search for a template by the name people know it by, or by its id.

use connect_model::{ProductId, Template, TemplateId, TemplateScope, TemplateType};
use futures::StreamExt;

use crate::client::Client;
use crate::error::Error;

/// The reason why a template was not found.
#[derive(Debug, thiserror::Error)]
pub enum NoTemplate {
    /// The product has no such template.
    #[error("the product has no such template; it has: {present}")]
    Missing {
        /// The names of those it has, or `none`.
        present: String,
    },
    /// The templates, or one that may be it, cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Error),
}

impl Client {
    /// Finds the template of a product that has the wanted name or id, among those of a scope that
    /// are shown at a turn. Templates that name no turn are for approvals: those of tiers have none.
    ///
    /// # Errors
    /// [`NoTemplate`] names the templates that there are.
    pub async fn find_template(
        &self,
        product: &ProductId,
        scope: &TemplateScope,
        turn: &TemplateType,
        wanted: &str,
    ) -> Result<TemplateId, NoTemplate> {
        let fits = |template: &Template| template.scope == *scope && template.turn() == turn;
        let (mut names, mut unreadable) = (Vec::new(), None);
        let mut rows = self.list_at::<Template>(&format!("products/{product}/templates")).stream();
        while let Some(row) = rows.next().await {
            match row {
                Ok(template) if !fits(&template) => {}
                Ok(found) if found.name == wanted || found.id == wanted => return Ok(found.id),
                Ok(other) => names.push(other.name),
                // It may be the wanted one, or another may.
                Err(error) if error.is_about_one_row() => unreadable = unreadable.or(Some(error)),
                Err(error) => return Err(error.into()),
            }
        }
        match unreadable {
            Some(error) => Err(error.into()),
            None if names.is_empty() => Err(NoTemplate::Missing { present: "none".to_owned() }),
            None => Err(NoTemplate::Missing { present: names.join(", ") }),
        }
    }
}
