//! One template: its source, and what people see of it.

use askama::Template;
use axum::extract::Path;
use connect_model::rql::{Query, field};
use connect_model::{AssetRequest, ProductId, RequestId, Template as Text};

use super::templates::About;
use super::{Subject, Tab};
use crate::ui::kit::Head;
use crate::ui::markdown;
use crate::ui::page::{ErrorPage, Page, show};
use crate::ui::secrets::masked;
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
    /// The request whose values fill the preview; none: the places for values stay visible.
    example: Option<RequestId>,
    /// The text as HTML.
    preview: String,
}

/// Answers `GET /products/{id}/templates/{template}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, template)): Path<(ProductId, String)>,
) -> Page {
    let subject = Subject::read(&visitor, &id, Tab::Templates).await?;
    let template: Text = visitor.read(&Collection::Templates(id.clone()), &template).await?;
    let latest = latest(&visitor, &id).await?;
    let preview = match &latest {
        Some(request) => {
            let id = request.id.as_str();
            let text = visitor.text_with(&template.id, id, &[]).await;
            masked(text, id, &request.asset.params, &visitor)
        }
        None => template.body.clone(),
    };
    Ok(show(&TemplatePage {
        shell: subject.shell(&visitor),
        head: subject.head(Some(template.id.as_str())),
        about: About::of(&template),
        preview: markdown::html(&preview),
        example: latest.map(|request| request.id),
        template,
        subject,
    }))
}

/// Returns the latest request for a product, as an example.
async fn latest(visitor: &Visitor, product: &ProductId) -> Result<Option<AssetRequest>, ErrorPage> {
    let filter = Some(field("asset.product.id").eq(product.as_str()));
    let query = Query { filter, limit: Some(1), ..Query::default() };
    Ok(visitor.list(&Collection::Requests, &query).await?.rows.into_iter().next())
}
