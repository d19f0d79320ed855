//! Product → Actions.

use askama::Template;
use connect_model::{ProductAction, ProductId};

use super::{Subject, Tab, parts, scope_title};
use crate::ui::kit::Head;
use crate::ui::page::{Page, show};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "product_actions.html")]
struct ActionsPage {
    shell: Shell,
    head: Head,
    subject: Subject,
    /// The address that their links lead to; empty while the product says none.
    url: String,
    rows: Vec<Row>,
}

/// An action in the list.
struct Row {
    id: String,
    label: String,
    key: String,
    scope: String,
    description: String,
}

/// Answers `GET /products/{id}/actions`.
pub(super) async fn page(visitor: &Visitor, id: &ProductId) -> Page {
    let subject = Subject::read(visitor, id, Tab::Actions).await?;
    let actions: Vec<ProductAction> = parts(visitor, &Collection::Actions(id.clone())).await?;
    let settings = subject.product.rest.get("customer_ui_settings");
    let url = settings.and_then(|settings| settings.pointer("/action/url")?.as_str());
    Ok(show(&ActionsPage {
        shell: subject.shell(visitor),
        head: subject.head(None),
        url: url.unwrap_or_default().to_owned(),
        subject,
        rows: actions.into_iter().map(Row::new).collect(),
    }))
}

impl Row {
    fn new(action: ProductAction) -> Self {
        Self {
            label: action.label().to_owned(),
            id: action.id.to_string(),
            key: action.action,
            scope: scope_title(action.scope.as_str()),
            description: action.description,
        }
    }
}
