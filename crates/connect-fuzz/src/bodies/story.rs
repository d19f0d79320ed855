//! What has happened before the calls of most inputs: a subscription that was sold and billed, a report of
//! its usage that was accepted, a reseller to set up, a draft, a webhook, a trial that waits for approval.

use connect_model::{UsageRow, UsageSheet};
use connect_world::API_PATH;
use serde_json::Value;

use super::body::{self, Payload};
use super::call::{Call, Who};
use super::value::Ids;

/// Returns the calls of the story: who, route and body. A body that is missing is a workbook.
pub(super) fn steps() -> Vec<(String, String, Value)> {
    serde_json::from_str(include_str!("story.json")).expect("story.json is JSON")
}

/// Returns the call of a step, with the most recent ids that begin as it says.
pub(super) fn call((who, route, body): &(String, String, Value), ids: &Ids) -> Call {
    let (method, path) = route.split_once(' ').expect("a route is method and path");
    let who = if who == "Vendor" { Who::Vendor } else { Who::Distributor };
    let segment = |part: &str| match part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        Some(start) => ids.latest(start),
        None => part.to_owned(),
    };
    let path: Vec<String> = path.split('/').map(segment).collect();
    let payload = match body {
        Value::Null => body::form("usage_file", &sheet(&ids.latest("AS-"))),
        body => Payload::json(body),
    };
    let method = method.parse().expect("a method");
    Call::Http { who, method, path: format!("{API_PATH}{}", path.join("/")), payload }
}

fn sheet(asset: &str) -> Vec<u8> {
    let row = |id: &str| {
        let row = UsageRow::new(id).item("MPN-HOURS").asset(asset).quantity("12");
        row.between("2024-05-01 00:00:00", "2024-06-01 00:00:00")
    };
    let sheet = UsageSheet { records: ["r0", "r1", "r2"].map(row).into(), ..UsageSheet::default() };
    usage_sheet::write(&sheet).unwrap_or_default()
}
