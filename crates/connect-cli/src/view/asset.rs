//! Assets, which people call subscriptions.

use std::io::{self, Write};

use connect_model::{Asset, AssetRequest, created_at};
use jiff::Timestamp;
use serde::Serialize;

use super::list::TableRow;
use super::table::{Cell, Column};
use super::time::ago;
use super::{colour_of_asset, contents, customer, environment, facts, ids, product};
use crate::printer::View;

impl TableRow<6> for Asset {
    const COLUMNS: [Column; 6] = [
        Column::whole("SUBSCRIPTION"),
        Column::whole("STATUS"),
        Column::text("PRODUCT").expendable(2),
        Column::whole("ENVIRONMENT").expendable(1),
        Column::text("CUSTOMER"),
        Column::whole("CREATED"),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 6] {
        [
            self.id.as_str().into(),
            Cell::styled(self.status.as_str(), colour_of_asset(&self.status)),
            product(self).into(),
            environment(self.connection.as_ref()).into(),
            customer(self).into(),
            ago(now, created_at(&self.events)).into(),
        ]
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
            ("created", ago(self.now, created_at(&asset.events))),
            ("product", product(asset)),
            ("environment", environment(asset.connection.as_ref())),
            ("customer", customer(asset)),
            ("expires", asset.renewal_expiration_date.map(|at| at.to_string()).unwrap_or_default()),
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
        ids(out, [self.asset.id.as_str()])
    }
}
