//! Assets, which people call subscriptions.

use std::io::{self, Write};

use connect_model::{Asset, AssetRequest, DateTime};
use jiff::Timestamp;
use serde::Serialize;

use super::age::ago;
use super::{contents, customer, facts, product, table};
use crate::printer::View;

/// A list of assets.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Assets {
    pub(crate) rows: Vec<Asset>,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for Assets {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let header = ["SUBSCRIPTION", "STATUS", "PRODUCT", "ENVIRONMENT", "CUSTOMER", "CREATED"];
        let rows = self.rows.iter().map(|asset| {
            [
                asset.id.to_string(),
                asset.status.to_string(),
                product(asset),
                environment(asset),
                customer(asset),
                ago(self.now, created(asset)),
            ]
        });
        table(out, header, rows)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        self.rows.iter().try_for_each(|asset| writeln!(out, "{}", asset.id))
    }
}

/// One asset, whole, and what was asked of it, newest first.
#[derive(Serialize)]
pub(crate) struct AssetDetails {
    #[serde(flatten)]
    pub(crate) asset: Asset,
    pub(crate) requests: Vec<AssetRequest>,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for AssetDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let asset = &self.asset;
        let mut all = vec![
            ("subscription", asset.id.to_string()),
            ("status", asset.status.to_string()),
            ("created", ago(self.now, created(asset))),
            ("product", product(asset)),
            ("environment", environment(asset)),
            ("customer", customer(asset)),
        ];
        all.extend(contents(asset));
        let requests = self.requests.iter().map(|request| {
            let (id, kind, status) = (&request.id, &request.kind, &request.status);
            ("request", format!("{id}  {kind} {status}"))
        });
        all.extend(requests);
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.asset.id)
    }
}

fn environment(asset: &Asset) -> String {
    asset.connection.as_ref().map(|connection| connection.kind.to_string()).unwrap_or_default()
}

fn created(asset: &Asset) -> Option<DateTime> {
    asset.events.get("created").and_then(|created| created.at)
}
