//! Requests.

use std::io::{self, Write};

use connect_model::{
    Asset, AssetRequest, Message, Request, RequestStatus, RequestType, ServiceLevel,
    TierConfigRequest,
};
use jiff::Timestamp;
use serde::Serialize;

use super::list::TableRow;
use super::table::{Cell, Column};
use super::time::ago;
use super::{colour, contents, customer, facts, ids, product};
use crate::printer::View;

impl TableRow<7> for AssetRequest {
    const COLUMNS: [Column; 7] = [
        Column::whole("REQUEST"),
        Column::whole("TYPE"),
        Column::whole("STATUS"),
        Column::text("PRODUCT").expendable(2),
        Column::whole("SUBSCRIPTION").expendable(1),
        Column::text("CUSTOMER"),
        Column::whole("CREATED"),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 7] {
        [
            self.id.as_str().into(),
            self.kind.as_str().into(),
            Cell::styled(self.status.as_str(), colour(&self.status)),
            product(&self.asset).into(),
            self.asset.id.as_str().into(),
            customer(&self.asset).into(),
            ago(now, self.created).into(),
        ]
    }
}

/// One request, whole.
#[derive(Serialize)]
pub(crate) struct RequestDetails {
    #[serde(flatten)]
    pub(crate) request: AssetRequest,
    /// The open set-ups of its resellers, while it waits for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) waits_for: Vec<TierConfigRequest>,
    #[serde(rename = "messages", skip_serializing_if = "Option::is_none")]
    pub(crate) conversation: Option<Vec<Message>>,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for RequestDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let (request, asset) = (&self.request, &self.request.asset);
        let mut all = vec![
            ("request", request.id.to_string()),
            ("type", request.kind.to_string()),
            ("status", request.status.to_string()),
            ("reason", request.reason.clone()),
        ];
        all.extend(self.waits_for.iter().map(|set_up| ("waits for", one_line(set_up))));
        all.extend([
            ("created", ago(self.now, request.created)),
            ("waiting", request.sli.as_ref().map(service_level).unwrap_or_default()),
            ("assignee", request.assignee.name().to_owned()),
            ("subscription", subscription(asset)),
            ("product", product(asset)),
            ("customer", customer(asset)),
        ]);
        all.extend(contents(asset));
        all.push(("planned", request.planned_date.map(|at| at.to_string()).unwrap_or_default()));
        all.push(("form", request.params_form_url.clone()));
        all.push(("note", request.note.clone()));
        facts(out, &all)?;
        match &self.conversation {
            Some(messages) => talk(out, messages, self.now),
            None => Ok(()),
        }
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.request.id.as_str()])
    }
}

fn one_line(set_up: &TierConfigRequest) -> String {
    let TierConfigRequest { id, kind, status, configuration, .. } = set_up;
    let account = configuration.account.name_or_id();
    let level = configuration.tier_level.map(|level| format!(", tier {level}"));
    format!("{id}  {kind} {status}, {account}{}", level.unwrap_or_default())
}

/// Returns how long a request has waited, and its zone.
pub(crate) fn service_level(sli: &ServiceLevel) -> String {
    let days = sli.days.map(|days| if days == 1 { "1 day".into() } else { format!("{days} days") });
    let zone = sli.zone.map(|zone| format!("zone {zone}"));
    days.into_iter().chain(zone).collect::<Vec<String>>().join(", ")
}

fn subscription(asset: &Asset) -> String {
    match asset.status.is_unsaid() {
        true => asset.id.to_string(),
        false => format!("{}, {}", asset.id, asset.status),
    }
}

fn talk(out: &mut dyn Write, messages: &[Message], now: Timestamp) -> io::Result<()> {
    writeln!(out)?;
    for message in messages {
        let creator = message.creator.as_ref().and_then(|creator| creator.name.as_deref());
        let (by, when) = (creator.unwrap_or("Connect"), ago(now, message.created));
        writeln!(out, "{when:>12}  {}: {}", plain::text(by), plain::text(&message.text))?;
    }
    Ok(())
}

/// A request that can be shown after something was done about it.
pub(crate) trait ShownRequest: Request {
    /// Returns what it changes, and how that is now.
    fn subject(&self) -> String;
}

impl ShownRequest for AssetRequest {
    fn subject(&self) -> String {
        format!("subscription {} {}", self.asset.id, self.asset.status)
    }
}

/// Returns what is wrong with the values of a request that waits for its buyer.
pub(crate) fn findings(request: &impl Request) -> impl Iterator<Item = String> {
    let waits = matches!(request.status(), RequestStatus::Draft | RequestStatus::Inquiring);
    let params = waits.then(|| request.params());
    params.into_iter().flatten().filter_map(|param| {
        let error = param.value_error.as_deref().filter(|error| !error.is_empty())?;
        Some(format!("{}: {error}", param.id))
    })
}

/// A request after something was done about it.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct ActionResult<R>(pub(crate) R);

impl<R: ShownRequest> View for ActionResult<R> {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self(request) = self;
        let (status, style) = (request.status(), colour(request.status()));
        let first = format!("{}  {}", request.id(), request.kind().as_str());
        let status = plain::text(status.as_str());
        write!(out, "{} {style}{status}{style:#}", plain::text(&first))?;
        writeln!(out, "   {}", plain::text(&request.subject()))?;
        findings(request).try_for_each(|it| writeln!(out, "  {}", plain::text(&it)))
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.0.id()])
    }
}

/// The text that a request's template shows.
#[derive(Serialize)]
pub(crate) struct TemplateText {
    pub(crate) request: String,
    /// Markdown.
    pub(crate) text: String,
}

impl View for TemplateText {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        self.text.lines().try_for_each(|line| writeln!(out, "{}", plain::text(line)))
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.request)
    }
}
