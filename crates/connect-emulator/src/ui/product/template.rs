//! One template: its source, and what people see of it.

use askama::Template;
use axum::extract::Path;
use connect_model::rql::{Query, Rql, field};
use connect_model::{AssetRequest, ProductId, Template as Text, TemplateScope, TierConfigRequest};

use super::templates::About;
use super::{Subject, Tab};
use crate::ui::kit::Head;
use crate::ui::markdown;
use crate::ui::page::{ErrorPage, Page, show};
use crate::ui::request::Family;
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
    example: Option<Example>,
    /// The text as HTML.
    preview: String,
}

/// A request that the template is for.
struct Example {
    id: String,
    address: String,
    /// The template with its values, as Markdown.
    text: String,
}

/// Answers `GET /products/{id}/templates/{template}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, template)): Path<(ProductId, String)>,
) -> Page {
    let subject = Subject::read(&visitor, &id, Tab::Templates).await?;
    let template: Text = visitor.read(&Collection::Templates(id.clone()), &template).await?;
    let example = example(&visitor, &id, &template).await?;
    let text = example.as_ref().map_or(&template.body, |example| &example.text);
    Ok(show(&TemplatePage {
        shell: subject.shell(&visitor),
        head: subject.head(Some(&template.name)),
        about: About::of(&template),
        preview: markdown::html(text),
        example,
        template,
        subject,
    }))
}

/// Returns the latest request that a template of a product is for.
async fn example(
    visitor: &Visitor,
    product: &ProductId,
    template: &Text,
) -> Result<Option<Example>, ErrorPage> {
    let of_product = |path: &str| field(path).eq(product.as_str());
    let of_tier = |tier: &str| {
        of_product("configuration.product.id") & field("configuration.tier_level").eq(tier)
    };
    match template.scope {
        TemplateScope::Tier1 => latest::<TierConfigRequest>(visitor, template, of_tier("1")).await,
        TemplateScope::Tier2 => latest::<TierConfigRequest>(visitor, template, of_tier("2")).await,
        _ => latest::<AssetRequest>(visitor, template, of_product("asset.product.id")).await,
    }
}

async fn latest<F: Family>(
    visitor: &Visitor,
    template: &Text,
    filter: Rql,
) -> Result<Option<Example>, ErrorPage> {
    let query = Query { filter: Some(filter), limit: Some(1), ..Query::default() };
    let found = visitor.list::<F>(&F::LISTED, &query).await?;
    let Some(request) = found.rows.first() else { return Ok(None) };
    let id = request.id();
    let text = visitor.text_with(&template.id, id, &[]).await;
    let text = masked(text, id, request.params(), visitor);
    Ok(Some(Example { id: id.to_owned(), address: format!("{}/{id}", F::ADDRESS), text }))
}
