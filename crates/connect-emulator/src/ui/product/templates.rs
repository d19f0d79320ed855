//! Product → Templates.

use askama::Template;
use connect_model::{ProductId, Template as Text, TemplateScope, TemplateType};

use super::{Subject, Tab, parts, scope_title};
use crate::ui::kit::Head;
use crate::ui::mark::title;
use crate::ui::page::{Page, show};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "product_templates.html")]
struct TemplatesPage {
    shell: Shell,
    head: Head,
    subject: Subject,
    rows: Vec<Row>,
}

/// A template in the list.
struct Row {
    id: String,
    name: String,
    about: About,
}

/// The requests a template is for, and when it is shown.
pub(super) struct About {
    pub(super) kind: String,
    pub(super) scope: String,
    pub(super) shown: &'static str,
}

/// Answers `GET /products/{id}/templates`.
pub(super) async fn page(visitor: &Visitor, id: &ProductId) -> Page {
    let subject = Subject::read(visitor, id, Tab::Templates).await?;
    let templates: Vec<Text> = parts(visitor, &Collection::Templates(id.clone())).await?;
    let rows = templates.into_iter().map(Row::new).collect();
    Ok(show(&TemplatesPage {
        shell: subject.shell(visitor),
        head: subject.head(None),
        subject,
        rows,
    }))
}

impl Row {
    fn new(template: Text) -> Self {
        let about = About::of(&template);
        Self { id: template.id.to_string(), name: template.name, about }
    }
}

impl About {
    pub(super) fn of(template: &Text) -> Self {
        Self {
            kind: title(template.turn().as_str()),
            scope: scope_title(template.scope.as_str()),
            shown: shown(template),
        }
    }
}

fn shown(template: &Text) -> &'static str {
    match template.turn() {
        TemplateType::Pending => "While the request waits for the vendor",
        TemplateType::Inquire if template.scope != TemplateScope::Asset => {
            "While the request waits for the reseller"
        }
        TemplateType::Inquire => "While the request waits for the customer",
        TemplateType::Fulfillment => "Once the request is approved",
        _ => "–",
    }
}
