//! Tier configurations and their requests.

use std::io::{self, Write};

use connect_model::{TierConfig, TierConfigRequest, TierConfigStatus, created_at};
use jiff::Timestamp;
use serde::Serialize;

use super::list::TableRow;
use super::request::{ShownRequest, service_level};
use super::table::{Cell, Column};
use super::time::ago;
use super::{GOOD, OPEN, colour, environment, facts, ids, named, parameters};
use crate::printer::View;

impl TableRow<6> for TierConfig {
    const COLUMNS: [Column; 6] = [
        Column::whole("TIER CONFIG"),
        Column::whole("LEVEL"),
        Column::whole("STATUS"),
        Column::text("PRODUCT").expendable(2),
        Column::text("RESELLER"),
        Column::whole("CREATED").expendable(1),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 6] {
        [
            self.id.as_str().into(),
            level(self).into(),
            status(self),
            named(self.product.as_ref()).into(),
            self.account.name.clone().into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One tier configuration, whole, and what was asked of it, newest first.
#[derive(Serialize)]
pub(crate) struct TierConfigDetails {
    #[serde(flatten)]
    pub(crate) config: TierConfig,
    pub(crate) requests: Vec<TierConfigRequest>,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for TierConfigDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let config = &self.config;
        let mut all = vec![
            ("tier config", config.id.to_string()),
            ("status", config.status.to_string()),
            ("level", level(config)),
            ("reseller", reseller(config)),
            ("product", named(config.product.as_ref())),
            ("environment", environment(config.connection.as_ref())),
            ("created", ago(self.now, created_at(&config.events))),
        ];
        all.extend(parameters(config.params.as_deref().unwrap_or_default()));
        all.extend(self.requests.iter().map(|request| {
            let (id, kind, status) = (&request.id, &request.kind, &request.status);
            ("request", format!("{id}  {kind} {status}"))
        }));
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.config.id.as_str()])
    }
}

impl TableRow<7> for TierConfigRequest {
    const COLUMNS: [Column; 7] = [
        Column::whole("REQUEST"),
        Column::whole("TYPE"),
        Column::whole("STATUS"),
        Column::text("PRODUCT").expendable(2),
        Column::whole("LEVEL").expendable(1),
        Column::text("RESELLER"),
        Column::whole("CREATED"),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 7] {
        let config = &self.configuration;
        [
            self.id.as_str().into(),
            self.kind.as_str().into(),
            Cell::styled(self.status.as_str(), colour(&self.status)),
            named(config.product.as_ref()).into(),
            level(config).into(),
            config.account.name.clone().into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One request for a tier configuration, whole.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct TierRequestDetails {
    pub(crate) request: TierConfigRequest,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for TierRequestDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let (request, config) = (&self.request, &self.request.configuration);
        let mut all = vec![
            ("request", request.id.to_string()),
            ("type", request.kind.to_string()),
            ("status", request.status.to_string()),
            ("reason", request.reason.clone().unwrap_or_default()),
            ("created", ago(self.now, created_at(&request.events))),
            ("waiting", request.sli.as_ref().map(service_level).unwrap_or_default()),
            ("assignee", request.assignee.name().to_owned()),
            ("tier config", format!("{}, {}", config.id, config.status)),
            ("level", level(config)),
            ("reseller", reseller(config)),
            ("product", named(config.product.as_ref())),
        ];
        all.extend(parameters(request.params.as_deref().unwrap_or_default()));
        let form = request.activation.as_ref().map(|form| form.link.clone());
        all.push(("form", form.unwrap_or_default()));
        all.push(("notes", request.notes.clone().unwrap_or_default()));
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.request.id.as_str()])
    }
}

impl ShownRequest for TierConfigRequest {
    fn subject(&self) -> String {
        format!("tier config {} {}", self.configuration.id, self.configuration.status)
    }
}

fn level(config: &TierConfig) -> String {
    config.tier_level.map(|level| level.to_string()).unwrap_or_default()
}

fn status(config: &TierConfig) -> Cell {
    let style = if config.status == TierConfigStatus::Active { GOOD } else { OPEN };
    Cell::styled(config.status.as_str(), style)
}

fn reseller(config: &TierConfig) -> String {
    config.account.name_or_id().to_owned()
}
