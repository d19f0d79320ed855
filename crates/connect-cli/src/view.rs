//! How results look to people: tables, lists of facts, ages.

mod age;
mod asset;
mod request;
mod run;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use connect_model::{Asset, RequestStatus};

pub(crate) use asset::{AssetDetails, Assets};
pub(crate) use request::{Acted, Rendered, RequestDetails, Requests};
pub(crate) use run::{RunDetails, Runs};

const HEADER: Style = Style::new().bold();
const NAME: Style = Style::new().dimmed();

/// Names and values, one pair a line, the values below each other. Empty values are left out.
pub(crate) fn facts(out: &mut dyn Write, facts: &[(&str, String)]) -> io::Result<()> {
    let known = || facts.iter().filter(|(_, value)| !value.is_empty());
    let width = known().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in known() {
        writeln!(out, "{NAME}{name:width$}{NAME:#}  {}", plain(value))?;
    }
    Ok(())
}

/// A table without lines.
fn table<const N: usize>(
    out: &mut dyn Write,
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    table.add_rows(rows.into_iter().map(|row| row.map(|cell| plain(&cell))));
    for column in 0..N {
        if let Some(column) = table.column_mut(column) {
            column.set_padding((0, 2));
        }
    }
    for (number, line) in table.lines().enumerate() {
        let style = if number == 0 { HEADER } else { Style::new() };
        writeln!(out, "{style}{}{style:#}", line.trim_end())?;
    }
    Ok(())
}

/// Text of others without what could steer a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The colour of a request's status.
pub(crate) fn colour(status: &RequestStatus) -> Style {
    match status {
        RequestStatus::Approved => AnsiColor::Green.on_default(),
        RequestStatus::Failed | RequestStatus::Revoked => AnsiColor::Red.on_default(),
        _ => AnsiColor::Yellow.on_default(),
    }
}

/// The product as people know it.
fn product(asset: &Asset) -> String {
    let product = asset.product.as_ref();
    product.map(|it| it.name.clone().unwrap_or_else(|| it.id.to_string())).unwrap_or_default()
}

fn customer(asset: &Asset) -> String {
    asset.tiers.customer.as_ref().map(|customer| customer.name.clone()).unwrap_or_default()
}

/// Items and parameters, as pairs for [`facts`].
fn contents(asset: &Asset) -> Vec<(&str, String)> {
    let items = asset.items.iter().map(|item| {
        let name = if item.display_name.is_empty() { &item.id } else { &item.display_name };
        ("item", format!("{} × {name}", item.quantity))
    });
    let params = asset.params.iter().map(|param| {
        let error = param.value_error.as_deref().filter(|error| !error.is_empty());
        let error = error.map(|error| format!("  ({error})")).unwrap_or_default();
        ("parameter", format!("{} = {}{error}", param.id, param.text().unwrap_or_default()))
    });
    items.chain(params).collect()
}
