//! Products: what can be ordered.

use std::io::{self, Write};

use connect_model::{Product, ProductItem, ProductParameter, Template, created_at};
use jiff::Timestamp;
use serde::Serialize;

use super::list::TableRow;
use super::table::{Cell, Column, table};
use super::time::ago;
use super::{facts, ids, named};
use crate::printer::View;

impl TableRow<5> for Product {
    const COLUMNS: [Column; 5] = [
        Column::whole("PRODUCT"),
        Column::text("NAME"),
        Column::whole("STATUS"),
        Column::text("VENDOR").expendable(1),
        Column::whole("CREATED"),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 5] {
        [
            self.id.as_str().into(),
            self.name.as_str().into(),
            self.status.as_str().into(),
            named(self.owner.as_ref()).into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One product, with what it takes to order it.
#[derive(Serialize)]
pub(crate) struct ProductDetails {
    #[serde(flatten)]
    pub(crate) product: Product,
    pub(crate) items: Vec<ProductItem>,
    pub(crate) parameters: Vec<ProductParameter>,
    pub(crate) templates: Vec<Template>,
}

impl View for ProductDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let product = &self.product;
        let known = [
            ("product", product.id.to_string()),
            ("name", product.name.clone()),
            ("status", product.status.to_string()),
            ("vendor", named(product.owner.as_ref())),
        ];
        facts(out, &known)?;
        self.items(out)?;
        self.parameters(out)?;
        self.templates(out)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.product.id.as_str()])
    }
}

impl ProductDetails {
    fn items(&self, out: &mut dyn Write) -> io::Result<()> {
        const COLUMNS: [Column; 4] = [
            Column::whole("ITEM"),
            Column::text("NAME"),
            Column::whole("TYPE"),
            Column::whole("ID").expendable(1),
        ];
        if self.items.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let rows = self.items.iter().map(|item| {
            let name = if item.mpn.is_empty() { item.id.as_str() } else { &item.mpn };
            let cells = [name, &item.name, item.kind.as_str(), item.id.as_str()];
            cells.map(Into::into)
        });
        table(out, COLUMNS, rows)
    }

    fn parameters(&self, out: &mut dyn Write) -> io::Result<()> {
        const COLUMNS: [Column; 6] = [
            Column::whole("PARAMETER"),
            Column::whole("SCOPE"),
            Column::whole("PHASE"),
            Column::whole("TYPE"),
            Column::whole("REQUIRED"),
            Column::text("TITLE").expendable(1),
        ];
        if self.parameters.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let rows = self.parameters.iter().map(|parameter| {
            let required = if parameter.flag("required") { "yes" } else { "" };
            let (scope, phase) = (parameter.scope.as_str(), parameter.phase.as_str());
            let kind = parameter.kind.as_str();
            let cells = [&*parameter.name, scope, phase, kind, required, &parameter.title];
            cells.map(Into::into)
        });
        table(out, COLUMNS, rows)
    }

    fn templates(&self, out: &mut dyn Write) -> io::Result<()> {
        const COLUMNS: [Column; 4] = [
            Column::whole("TEMPLATE"),
            Column::text("NAME"),
            Column::whole("TYPE"),
            Column::whole("SCOPE").expendable(1),
        ];
        if self.templates.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let rows = self.templates.iter().map(|template| {
            let (turn, scope) = (template.turn().as_str(), template.scope.as_str());
            [template.id.as_str(), &template.name, turn, scope].map(Into::into)
        });
        table(out, COLUMNS, rows)
    }
}
