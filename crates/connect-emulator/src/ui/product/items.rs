//! Product → Items.

use askama::Template;
use connect_model::{ProductId, ProductItem};

use super::{Subject, Tab, parts};
use crate::ui::kit::Head;
use crate::ui::mark::{Mark, title};
use crate::ui::page::{Page, show};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "product_items.html")]
struct ItemsPage {
    shell: Shell,
    head: Head,
    subject: Subject,
    rows: Vec<Row>,
}

/// An item of the catalog.
struct Row {
    id: String,
    name: String,
    mpn: String,
    kind: &'static str,
    period: String,
    precision: String,
    unit: String,
    mark: Mark,
}

/// Answers `GET /products/{id}/items`.
pub(super) async fn page(visitor: &Visitor, id: &ProductId) -> Page {
    let subject = Subject::read(visitor, id, Tab::Items).await?;
    let items: Vec<ProductItem> = parts(visitor, &Collection::Items(id.clone())).await?;
    let rows = items.into_iter().map(Row::new).collect();
    Ok(show(&ItemsPage { shell: subject.shell(visitor), head: subject.head(None), subject, rows }))
}

impl Row {
    fn new(item: ProductItem) -> Self {
        Self {
            kind: if item.is_metered() { "Pay as You Go" } else { "Reservation" },
            period: title(item.period.as_str()),
            precision: title(item.precision.as_str()),
            unit: item.unit_title().to_owned(),
            mark: Mark::from(&item.status),
            id: item.id.to_string(),
            name: item.name,
            mpn: item.mpn,
        }
    }
}
