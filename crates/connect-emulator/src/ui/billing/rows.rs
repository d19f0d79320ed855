//! What several pages show of bills.

use connect_model::{
    Asset, AssetStatus, Billed, BilledPeriod, Billing, BillingPeriod, BillingRequest, DateTime,
    created_at,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::address;
use crate::ui::kit::Facts;
use crate::ui::mark::title;
use crate::ui::rows::environment;
use crate::ui::shell::Shell;
use crate::ui::when::When;

/// A billing request in a list.
pub(in crate::ui) struct BillRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) kind: String,
    pub(in crate::ui) asset: String,
    pub(in crate::ui) environment: Option<String>,
    pub(in crate::ui) product: String,
    pub(in crate::ui) customer: String,
    pub(in crate::ui) period: String,
    pub(in crate::ui) rhythm: String,
    pub(in crate::ui) items: usize,
    pub(in crate::ui) created: Option<When>,
}

impl BillRow {
    pub(in crate::ui) fn new(request: &BillingRequest, shell: &Shell) -> Self {
        let asset = &request.asset;
        let name = |name: Option<&String>| name.cloned().unwrap_or_default();
        Self {
            id: request.id.to_string(),
            kind: title(request.kind.as_str()),
            asset: asset.id.to_string(),
            environment: environment(asset),
            product: name(asset.product.as_ref().and_then(|it| it.name.as_ref())),
            customer: name(asset.tiers.customer.as_ref().map(|it| &it.name)),
            period: days(&request.period),
            rhythm: rhythm(&request.period.uom),
            items: request.items.len(),
            created: shell.when(created_at(&request.events)),
        }
    }
}

/// Returns when a subscription is billed, and how often it was.
pub(in crate::ui) fn dates(asset: &Asset, shell: &Shell) -> Facts {
    let nothing = Billing::default();
    let billing = asset.billing.as_ref().unwrap_or(&nothing);
    let period = billing.period.as_ref().map(|period| rhythm(&period.uom)).unwrap_or_default();
    let facts = Facts::below().text("Period", period).at("billing-period");
    let next = billing.next_date.filter(|_| asset.status != AssetStatus::Terminated);
    let facts = match next {
        Some(next) => facts.exactly("Next date", shell.when(Some(next))).at("next-date"),
        None => facts.text("Next date", ""),
    };
    let facts = facts.text("Anniversary", anniversary(billing));
    let facts = billed(facts, "Billed by the vendor", billing.stats.vendor.as_ref());
    billed(facts, "Billed by the distributor", billing.stats.provider.as_ref())
}

fn anniversary(billing: &Billing) -> String {
    let Some(anniversary) = &billing.anniversary else { return String::new() };
    let day = anniversary.day.unwrap_or_default();
    let month = anniversary.month.and_then(|month| Date::new(2000, month.try_into().ok()?, 1).ok());
    match month {
        Some(month) => format!("{day} {}", month.strftime("%B")),
        None => format!("Day {day} of the month"),
    }
}

/// Adds how often a side billed, with a link to the last time.
fn billed(facts: Facts, name: &'static str, billed: Option<&Billed>) -> Facts {
    let Some(Billed { count, last_request }) = billed else { return facts };
    match last_request {
        Some(last) => {
            let times = match count {
                1 => "once".to_owned(),
                count => format!("{count} times"),
            };
            facts.id(name, &last.id, address(&last.id), Some(times))
        }
        None => facts.text(name, count),
    }
}

/// Returns the first and the last day of a period as people write them.
pub(in crate::ui) fn days(period: &BilledPeriod) -> String {
    let day = |at: Option<DateTime>| at.map(day).unwrap_or_default();
    format!("{} – {}", day(period.from), day(period.to))
}

pub(in crate::ui) fn day(at: DateTime) -> String {
    TimeZone::UTC.to_datetime(at.timestamp()).date().to_string()
}

/// Returns how often something is billed, as people say it.
pub(in crate::ui) fn rhythm(period: &BillingPeriod) -> String {
    match period.months() {
        Some(months) if months > 12 => format!("Every {} years", months / 12),
        _ => title(period.as_str()),
    }
}
