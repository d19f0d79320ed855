//! `cnct product`.

use connect_client::Client;
use connect_model::rql::field;
use connect_model::{Product, ProductId, ProductStatus};

use super::Session;
use super::listing::{ListRow, Listing, newest};
use crate::cli::{ListProducts, ProductCommand};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ListView, ProductDetails};

/// Carries out a product command.
pub(super) async fn run(command: ProductCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    match command {
        ProductCommand::List(wanted) => signals.unless_told(list(wanted, client, printer)).await,
        ProductCommand::Show { product } => {
            signals.unless_told(show(&product, client, printer)).await
        }
    }
}

async fn list(wanted: ListProducts, client: &Client, printer: &Printer) -> Result<(), Error> {
    let list = client.list::<Product>();
    let list = match wanted.status.as_slice() {
        [] => list,
        some => list.filter(field("status").in_(some.iter().map(ProductStatus::as_str))),
    };
    let (rows, all) = newest(list, wanted.limit, "products", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

async fn show(id: &ProductId, client: &Client, printer: &Printer) -> Result<(), Error> {
    let product = client.get(id.as_str()).await?;
    let (items, all_items) = below(id, "items", client, printer).await?;
    let (parameters, all_parameters) = below(id, "parameters", client, printer).await?;
    let (templates, all_templates) = below(id, "templates", client, printer).await?;
    printer.show(&ProductDetails { product, items, parameters, templates })?;
    all_items.and(all_parameters).and(all_templates)
}

/// All rows of a list that belongs to a product.
async fn below<T: ListRow>(
    id: &ProductId,
    what: &str,
    client: &Client,
    printer: &Printer,
) -> Result<(Vec<T>, Result<(), Error>), Error> {
    let list = client.list_at(&format!("products/{id}/{what}"));
    Ok(Listing::take(list, usize::MAX, printer).await?.parts())
}
