//! The templates that a request's dialogs offer.

use connect_model::rql::{Query, field};
use connect_model::{Template, TemplateType};
use connect_world::{Collection, MAX_LIMIT};

use super::family::Family;
use super::subject::Subject;
use crate::ui::kit::Choice;
use crate::ui::page::ErrorPage;
use crate::ui::visitor::Visitor;

/// Returns the product's templates for a turn of its requests, the default first.
pub(super) async fn of_product<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    turn: &TemplateType,
) -> Result<Vec<Template>, ErrorPage> {
    let Some(scope) = subject.request.template_scope() else { return Ok(Vec::new()) };
    let collection = Collection::Templates(subject.product.id.clone());
    let filter = Some(field("scope").eq(scope.as_str()));
    let query = Query { filter, limit: Some(MAX_LIMIT), ..Query::default() };
    let mut texts = visitor.list::<Template>(&collection, &query).await?.rows;
    texts.retain(|text| text.turn() == turn);
    // Lists begin with what is newest, and the default is the oldest.
    texts.reverse();
    Ok(texts)
}

/// Returns templates as the entries of a selection.
pub(super) fn choices(texts: &[Template], chosen: Option<&Template>) -> Vec<Choice> {
    let choice = |text: &Template| Choice {
        value: text.id.to_string(),
        title: text.name.clone(),
        chosen: chosen.is_some_and(|it| it.id == text.id),
    };
    texts.iter().map(choice).collect()
}
