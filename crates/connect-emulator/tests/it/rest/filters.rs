//! Every filter, lookup, choice, order, searched field and select that the document has for a list,
//! asked of the emulator.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use connect_contract::{Contract, Filter};
use connect_emulator::Config;
use serde_json::Value;

use super::configurations::configure;
use super::stage::{Caller, Stage};
use super::usage::report_usage;
use super::webhooks::webhook;

/// What is documented of one list, and what of it is not served.
#[derive(Default)]
struct Tally {
    filters: usize,
    lookups: usize,
    choices: usize,
    orders: usize,
    searched: usize,
    selects: usize,
    missing: Vec<String>,
}

impl Tally {
    fn judge(&mut self, is_served: bool, what: impl Into<String>) {
        if !is_served {
            self.missing.push(what.into());
        }
    }
}

/// A value that such a filter takes.
fn example(filter: &Filter) -> &str {
    match (filter.words.first(), filter.kind.as_str()) {
        (Some(word), _) => word,
        (None, "date-time") => "2024-06-11T07:30:00Z",
        (None, "integer") => "1",
        // Some of the document's texts are dates, and some are switches.
        (None, _) if filter.name.ends_with(".at") => "2024-06-11T07:30:00Z",
        (None, _) => "true",
    }
}

fn asked(filter: &Filter, lookup: &str) -> String {
    let (name, value) = (&filter.name, example(filter));
    match lookup {
        // Names of the older dialect come with their lookup.
        "eq" if name.contains("__") => format!("{name}={value}"),
        "null" => format!("eq({name},null())"),
        "in" | "out" => format!("{lookup}({name},({value}))"),
        "like" | "ilike" => format!("{lookup}({name},*x*)"),
        _ => format!("{lookup}({name},{value})"),
    }
}

async fn is_taken(caller: &Caller, path: &str, query: &str) -> bool {
    caller.get(&format!("{path}?{query}&limit=1")).await.status == 200
}

/// The text that a row shows under a filter's name.
fn shown<'v>(row: &'v Value, name: &str) -> Option<&'v str> {
    let value = name.split('.').try_fold(row, |value, part| value.get(part))?;
    // What stands for nothing is nothing in the platform's books.
    const NOTHING: [&str; 6] =
        ["", "None", "MP-00000", "HB-0000-0000", "CRD-00000-00000-00000", "CT-0000-0000-0000"];
    value.as_str().filter(|text| !NOTHING.contains(text))
}

/// Whether a search for what a row shows finds the row; nobody knows when no row shows anything.
async fn is_searched(caller: &Caller, path: &str, rows: &[Value], name: &str) -> bool {
    let Some((row, text)) = rows.iter().find_map(|row| Some((row, shown(row, name)?))) else {
        return true;
    };
    let term: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { '*' }).collect();
    let found = caller.get(&format!("{path}?search={term}&limit=1000")).await;
    found.status == 200 && found.json().as_array().is_some_and(|rows| rows.contains(row))
}

async fn check(caller: &Caller, path: &str, filters: &[Filter]) -> Tally {
    let mut tally = Tally::default();
    let rows = caller.get(&format!("{path}?limit=1000")).await.json();
    let rows = rows.as_array().cloned().unwrap_or_default();
    for filter in filters {
        let name = &filter.name;
        tally.filters += usize::from(!filter.lookups.is_empty());
        for lookup in &filter.lookups {
            tally.lookups += 1;
            let query = asked(filter, lookup);
            tally.judge(is_taken(caller, path, &query).await, query);
        }
        for word in &filter.words {
            tally.choices += 1;
            let query = format!("eq({name},\"{word}\")");
            tally.judge(is_taken(caller, path, &query).await, query);
        }
        if !filter.words.is_empty() {
            let query = format!("eq({name},no-such-word)");
            tally.judge(!is_taken(caller, path, &query).await, format!("{query} is taken"));
        }
        if filter.is_orderable {
            tally.orders += 1;
            let query = format!("ordering({name})");
            tally.judge(is_taken(caller, path, &query).await, query);
        }
        if filter.is_searched {
            tally.searched += 1;
            let found = is_searched(caller, path, &rows, name).await;
            tally.judge(found, format!("search in {name}"));
        }
        if filter.is_selected {
            tally.selects += 1;
            let query = format!("select(-{name})");
            tally.judge(is_taken(caller, path, &query).await, query);
        }
    }
    tally
}

pub(super) async fn lists(stage: &Stage) -> Vec<String> {
    let vendor = stage.vendor();
    let order = stage.subscription().await;
    stage.set_up().await;
    let first = async |path: &str| vendor.get(path).await.column("id").remove(0);
    let (account, talk) = (first("/tier/accounts").await, first("/conversations").await);
    let product = stage.emulator.product();
    configure(stage).await;
    report_usage(stage).await;
    vendor.post("/notifications/webhooks", webhook(stage)).await.expect(201);
    let mut paths: Vec<String> =
        ["accounts", "assets", "contracts", "conversations", "hubs", "listings", "marketplaces"]
            .into_iter()
            .chain(["products", "requests", "subscriptions/assets", "subscriptions/requests"])
            .chain(["tier/accounts", "tier/configs", "tier/config-requests", "usage/files"])
            .chain(["usage/records", "usage/chunks", "usage/aggregates"])
            .chain(["notifications/webhooks"])
            .map(|name| format!("/{name}"))
            .collect();
    for part in ["actions", "items", "parameters", "configurations", "templates", "connections"] {
        paths.push(format!("/products/{product}/{part}"));
    }
    paths.push(format!("/assets/{}/requests", order.asset));
    paths.push(format!("/conversations/{talk}/messages"));
    paths.push(format!("/tier/accounts/{account}/versions"));
    paths
}

/// The path without ids.
fn template(path: &str) -> String {
    let is_id = |part: &str| part.contains(char::is_uppercase);
    let part = |part: &str| if is_id(part) { "{id}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_documented_filter_is_served() {
    let Some(contract) = Contract::load().unwrap() else { return };
    let stage = Stage::set_with(Config { strict: true, ..Config::default() }).await;
    let vendor = stage.vendor();
    let mut told = "filters lookups choices orders searched selects\n".to_owned();
    let mut missing = BTreeSet::new();
    for path in lists(&stage).await {
        let tally = check(&vendor, &path, &contract.filters(&path)).await;
        let Tally { filters, lookups, choices, orders, searched, selects, .. } = tally;
        let name = template(&path);
        writeln!(
            told,
            "{filters:>7} {lookups:>7} {choices:>7} {orders:>6} {searched:>8} {selects:>7} {name}"
        )
        .unwrap();
        missing.extend(tally.missing.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert_eq!(missing, BTreeSet::new());
    insta::assert_snapshot!(told);
}

/// Conditions that stand beside each other hold for one and the same parameter.
#[tokio::test]
async fn a_parameter_and_its_value_are_asked_of_one_row() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    let vendor = stage.vendor();
    for (query, expected) in [
        ("and(eq(params.id,admin_email),eq(params.value,tenant-1))", 0),
        ("and(eq(params.id,subscription_id),eq(params.value,tenant-1))", 1),
        ("eq(params.id,subscription_id)&eq(params.value,tenant-1)", 1),
        ("eq(params.id,admin_email)&eq(params.value,tenant-1)", 0),
        ("params.id=admin_email&params.value=tenant-1", 0),
        ("and(eq(params.name,subscription_id),like(params.value,tenant*))", 1),
        ("and(in(params.id,(admin_email,subscription_id)),in(params.value,(tenant-1)))", 1),
        ("or(eq(params.id,admin_email),eq(params.value,nothing))", 1),
        ("and(eq(params.id,subscription_id),ne(params.value,tenant-1))", 0),
        ("and(eq(params.id,subscription_id),not(eq(params.value,tenant-1)))", 0),
    ] {
        let assets = vendor.get(&format!("/assets?{query}")).await;
        assert_eq!(assets.status, 200, "{query}: {}", assets.body);
        assert_eq!(assets.column("id").len(), expected, "{query}");
        let query = query.replace("params.", "asset.params.");
        let query = format!("eq(asset.id,{})&{query}", order.asset);
        let requests = vendor.get(&format!("/requests?{query}")).await;
        assert_eq!(requests.status, 200, "{query}: {}", requests.body);
        assert_eq!(requests.column("id").len(), expected, "{query}");
    }
}

/// Values that the objects spell otherwise than the filters.
#[tokio::test]
async fn words_are_asked_as_the_document_spells_them() {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let items = format!("/products/{}/items", stage.emulator.product());
    for (path, query, expected) in [
        (items.as_str(), "eq(type,Reservation)", 1),
        (&items, "eq(item_type,Reservation)", 1),
        (&items, "eq(type,PPU)", 0),
        (&items, "eq(period,Monthly)", 1),
        (&items, "eq(usage_data_type,Integer)", 1),
        ("/accounts", "eq(type,Vendor)", 1),
        ("/accounts", "and(eq(type,Provider),eq(role,Distributor))", 1),
        ("/hubs", "eq(instance.type,api)", 1),
        ("/marketplaces", "and(eq(hubs.id,HB-3306-7158),eq(countries.id,SE))", 1),
        ("/marketplaces", "eq(hubs.id,HB-9999-9999)", 0),
        ("/contracts", "eq(kind,test)", 0),
        ("/contracts", "eq(kind,production)", 1),
        ("/listings", "eq(pending_request__is_null,true)", 1),
        ("/products", "eq(visibility.syndication,true)", 0),
        ("/products", "eq(visibility.owner,true)", 1),
    ] {
        let found = vendor.get(&format!("{path}?{query}")).await;
        assert_eq!(found.column("id").len(), expected, "{path}?{query}");
    }
}

#[tokio::test]
async fn a_query_may_be_long_and_one_that_is_too_long_is_called_so() {
    let stage = Stage::set().await;
    stage.purchase().await;
    let query = |ids: usize| format!("/requests?out(id,({}))", vec!["PR-1"; ids].join(","));
    assert_eq!(stage.vendor().get(&query(12_000)).await.column("id").len(), 1);
    let said = stage.vendor().get(&query(12_500)).await.refusal();
    assert_eq!(said, "400 VAL_001 The query is too long: 60 KiB are read at most.");
}
