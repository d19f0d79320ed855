//! Product → Parameters.

use askama::Template;
use axum::extract::Path;
use connect_model::{ProductId, ProductParameter};

use super::{Head, Tab, parts, scope_title, text_in};
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
pub(in crate::ui) async fn page(visitor: Visitor, Path(id): Path<ProductId>) -> Page {
    let head = Head::of(&visitor, &id, Tab::Parameters).await?;
    let parameters: Vec<ProductParameter> = parts(&visitor, &Collection::Parameters(id)).await?;
    let rows = parameters.into_iter().map(Row::new).collect();
    Ok(show(&ParametersPage { shell: head.shell(&visitor), head, rows }))
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
