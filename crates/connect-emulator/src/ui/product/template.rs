//! One template: its source, and what people see of it.

use askama::Template;
use axum::extract::Path;
use connect_model::{ProductId, Template as Text};

use super::templates::About;
use super::{Subject, Tab};
use crate::ui::kit::Head;
use crate::ui::markdown;
use crate::ui::page::{Page, show};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "product_template.html")]
struct TemplatePage {
    shell: Shell,
    head: Head,
    subject: Subject,
    template: Text,
    about: About,
    /// The text as HTML; the places for values stay visible, as there is no request to fill them.
    preview: String,
}

/// Answers `GET /products/{id}/templates/{template}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, template)): Path<(ProductId, String)>,
) -> Page {
    let subject = Subject::read(&visitor, &id, Tab::Templates).await?;
    let template: Text = visitor.read(&Collection::Templates(id), &template).await?;
    Ok(show(&TemplatePage {
        shell: subject.shell(&visitor),
        head: subject.head(Some(template.id.as_str())),
        about: About::of(&template),
        preview: markdown::html(&template.body),
        template,
        subject,
    }))
}
