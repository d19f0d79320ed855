//! Product → Parameters.

use askama::Template;
use connect_model::{ProductId, ProductParameter};

use super::{Subject, Tab, parts, scope_title, text_in};
use crate::ui::kit::Head;
use crate::ui::mark::title;
use crate::ui::page::{Page, show};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "product_parameters.html")]
struct ParametersPage {
    shell: Shell,
    head: Head,
    subject: Subject,
    rows: Vec<Row>,
}

/// A parameter as the product declares it.
struct Row {
    key: String,
    title: String,
    description: String,
    phase: String,
    scope: String,
    kind: String,
    /// Its constraints that are on.
    tags: Vec<&'static str>,
}

/// The constraints that are shown, and their tags.
const CONSTRAINTS: [(&str, &str); 3] =
    [("required", "Required"), ("hidden", "Hidden"), ("unique", "Unique")];

/// Answers `GET /products/{id}/parameters`.
pub(super) async fn page(visitor: &Visitor, id: &ProductId) -> Page {
    let subject = Subject::read(visitor, id, Tab::Parameters).await?;
    let parameters: Vec<ProductParameter> =
        parts(visitor, &Collection::Parameters(id.clone())).await?;
    let rows = parameters.into_iter().map(Row::new).collect();
    Ok(show(&ParametersPage {
        shell: subject.shell(visitor),
        head: subject.head(None),
        subject,
        rows,
    }))
}

impl Row {
    fn new(parameter: ProductParameter) -> Self {
        let on = CONSTRAINTS.iter().filter(|(name, _)| parameter.flag(name));
        Self {
            tags: on.map(|(_, tag)| *tag).collect(),
            description: text_in(&parameter.rest, "description").to_owned(),
            phase: title(parameter.phase.as_str()),
            scope: scope_title(&parameter.scope),
            kind: title(parameter.kind.as_str()),
            title: parameter.title,
            key: parameter.name,
        }
    }
}
