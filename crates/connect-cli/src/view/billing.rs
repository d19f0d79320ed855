//! Billing requests, and the dates that subscriptions are billed on.

use std::io::{self, Write};

use connect_model::{
    Asset, AssetStatus, Billed, BilledPeriod, Billing, BillingRequest, DateTime, created_at,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::list::TableRow;
use super::table::{Cell, Column};
use super::time::ago;
use super::{customer, facts, ids, product};
use crate::printer::View;

impl TableRow<7> for BillingRequest {
    const COLUMNS: [Column; 7] = [
        Column::whole("BILLING REQUEST"),
        Column::whole("TYPE"),
        Column::whole("SUBSCRIPTION"),
        Column::whole("PERIOD"),
        Column::whole("ITEMS").expendable(3),
        Column::text("PRODUCT").expendable(2),
        Column::whole("CREATED").expendable(1),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 7] {
        [
            self.id.as_str().into(),
            self.kind.as_str().into(),
            self.asset.id.as_str().into(),
            days(&self.period).into(),
            self.items.len().to_string().into(),
            product(&self.asset).into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One billing request.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct BillingRequestDetails {
    request: BillingRequest,
    #[serde(skip)]
    now: Timestamp,
}

impl BillingRequestDetails {
    pub(crate) fn of(request: BillingRequest) -> Self {
        Self { request, now: Timestamp::now() }
    }
}

impl View for BillingRequestDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let request = &self.request;
        let mut all = vec![
            ("billing request", request.id.to_string()),
            ("type", request.kind.to_string()),
            ("created", ago(self.now, created_at(&request.events))),
            ("subscription", request.asset.id.to_string()),
            ("product", product(&request.asset)),
            ("customer", customer(&request.asset)),
            ("period", period(&request.period)),
        ];
        all.extend(request.items.iter().map(|item| {
            let name = if item.display_name.is_empty() { &item.id } else { &item.display_name };
            let number = item.billing.cycle_number;
            let number = number.map(|number| format!("  (bill {number})")).unwrap_or_default();
            ("item", format!("{} × {name}{number}", item.quantity))
        }));
        all.extend(noted("vendor", &request.attributes.vendor));
        all.extend(noted("provider", &request.attributes.provider));
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.request.id.as_str()])
    }
}

/// When a subscription is billed, and how often it was.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct BillingDates {
    asset: Asset,
    #[serde(skip)]
    now: Timestamp,
}

impl BillingDates {
    pub(crate) fn of(asset: Asset) -> Self {
        Self { asset, now: Timestamp::now() }
    }
}

impl View for BillingDates {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let nothing = Billing::default();
        let billing = self.asset.billing.as_ref().unwrap_or(&nothing);
        let next = billing.next_date.filter(|_| self.asset.status != AssetStatus::Terminated);
        let next = next.map(|next| format!("{} ({})", day(next), ago(self.now, Some(next))));
        let all = [
            ("subscription", self.asset.id.to_string()),
            ("status", self.asset.status.to_string()),
            ("period", billing.period.as_ref().map(|it| it.uom.to_string()).unwrap_or_default()),
            ("next bill", next.unwrap_or_default()),
            ("billed by the vendor", times(billing.stats.vendor.as_ref())),
            ("billed by the provider", times(billing.stats.provider.as_ref())),
        ];
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.asset.id.as_str()])
    }
}

fn times(billed: Option<&Billed>) -> String {
    let Some(Billed { count, last_request }) = billed else { return String::new() };
    let last = last_request.as_ref().map(|last| format!(", last {}", last.id));
    format!("{count}{}", last.unwrap_or_default())
}

fn noted<'r>(
    side: &'r str,
    attributes: &'r Map<String, Value>,
) -> impl Iterator<Item = (&'r str, String)> {
    attributes.iter().map(move |(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (side, format!("{name} = {text}"))
    })
}

fn period(period: &BilledPeriod) -> String {
    let delta = period.delta.as_ref().map(|delta| format!("{delta} × ")).unwrap_or_default();
    format!("{}, {delta}{}", days(period), period.uom)
}

fn days(period: &BilledPeriod) -> String {
    let day = |at: Option<DateTime>| at.map(day).unwrap_or_default();
    format!("{} to {}", day(period.from), day(period.to))
}

/// Returns the day of a moment, as it is written.
fn day(at: DateTime) -> String {
    let mut text = at.to_string();
    text.truncate("2024-06-01".len());
    text
}
