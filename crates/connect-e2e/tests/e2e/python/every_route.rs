//! CloudBlue's Python client calls every route that the emulator has, in both of its forms.
//!
//! What it is to call is read from `rest.rs`, so a new collection or action fails here until the table
//! in `every_list.py`, or a line of `every_write.py`, has it, and until `routes.json` of connect-fuzz does.

use std::collections::{BTreeMap, BTreeSet};

use connect_e2e::python::CLIENT;
use connect_emulator::LoggedCall;
use connect_model::lifecycle::usage_file::UsageFileOperation;
use connect_model::lifecycle::{
    Operation, asset_request, tier_account_request, tier_config_request,
};

use super::{demo, told_with};

const REST: &str = include_str!("../../../../connect-emulator/src/rest.rs");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_python_client_calls_every_route() {
    insta::assert_snapshot!("every_route", everything_by("sync").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_asynchronous_client_calls_every_route_with_the_same_result() {
    insta::assert_snapshot!("every_route", everything_by("async").await);
}

#[test]
fn the_fuzz_target_knows_every_route() {
    let nameless = |path: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let known = connect_fuzz::bodies::routes().iter();
    let known: BTreeSet<String> =
        known.map(|route| format!("{} {}", route.method, nameless(&route.path))).collect();
    let declared: BTreeSet<String> = routes().iter().map(|route| nameless(route)).collect();
    assert_eq!(known, declared);
}

/// What the scripts tell that write to everything and list everything.
async fn everything_by(client: &str) -> String {
    let stage = demo().await;
    let more = [stage.emulator.keys().distributor.as_str(), client];
    let mut told = told_with(&stage, &CLIENT, "every_write", &more);
    told += &told_with(&stage, &CLIENT, "every_list", &more);
    let calls = stage.emulator.activity().since(0);
    let is_called = |route: &String| calls.iter().any(|call| is_of(call, route));
    let missing: Vec<String> = routes().into_iter().filter(|route| !is_called(route)).collect();
    assert!(missing.is_empty(), "no script calls {missing:#?}");
    told
}

/// Whether a call went to a route, and was granted where it can be.
fn is_of(call: &LoggedCall, route: &str) -> bool {
    let (method, path) = route.split_once(' ').unwrap();
    let called = call.uri.path().trim_start_matches("/public/v1").trim_end_matches('/');
    let (called, path): (Vec<_>, Vec<_>) = (called.split('/').collect(), path.split('/').collect());
    let granted = call.status.is_some_and(|status| status.is_success());
    call.method == method
        && called.len() == path.len()
        && called.iter().zip(&path).all(|(it, part)| part.starts_with('{') || it == part)
        && granted
}

/// The routes of the emulator, such as `GET /requests/{id}`.
fn routes() -> BTreeSet<String> {
    let declared = REST.split("struct Contents").next().unwrap();
    let source = declared.split_whitespace().collect::<Vec<_>>().join(" ");
    let constants = constants(&source);
    let mut routes = operations();
    let from_lifecycles = routes.len();
    for (call, object) in [(".lists(", "/{id}"), (".lists_in(", "/{part}"), (".at(", "")] {
        for rest in source.split(call).skip(1) {
            let (path, methods) = rest.trim_start().split_once(", ").unwrap();
            let path = path_of(path, &constants);
            if object.is_empty() {
                routes.extend(method(methods).map(|method| format!("{method} {path}")));
            } else {
                routes.extend([format!("GET {path}"), format!("GET {path}{object}")]);
            }
        }
    }
    assert!(routes.len() > 2 * from_lifecycles, "rest.rs is not written as this test reads it");
    routes
}

/// The paths that have a name in the source.
fn constants(source: &str) -> BTreeMap<&str, &str> {
    let declared = source.split("const ").skip(1);
    let read = |it| -> Option<(&str, &str)> {
        let (name, value) = str::split_once(it, ": &str = \"")?;
        Some((name, value.split('"').next()?))
    };
    declared.filter_map(read).collect()
}

/// A path as it is written: itself, its name, or that of what it is one of.
fn path_of(written: &str, constants: &BTreeMap<&str, &str>) -> String {
    if let Some(name) = written.strip_prefix("&one(") {
        return format!("{}/{{part}}", constants[name.trim_end_matches(')')]);
    }
    let literal = written.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    literal.unwrap_or_else(|| constants[written]).to_owned()
}

/// The method that a route takes; none when it is not emulated.
fn method(written: &str) -> Option<&'static str> {
    let (word, arguments) = written.split_once('(').unwrap();
    match word {
        _ if arguments.starts_with("not_emulated") => None,
        "get" | "list" | "list_in" | "read" | "read_in" | "texts::text" => Some("GET"),
        "post" | "create" | "create_in" | "create_one_or_more" => Some("POST"),
        "act" | "act_with" | "act_in_silence" => Some("POST"),
        "usage::upload" | "usage::reconcile" | "usage::close_records" => Some("POST"),
        "usage::create_reconciliation" => Some("POST"),
        "put" | "update" | "update_in" | "usage::approve_all" => Some("PUT"),
        "delete" | "remove" | "remove_in" => Some("DELETE"),
        other => unreachable!("rest.rs has methods that this test does not know: {other}"),
    }
}

/// The routes of the lifecycles, which have no lines of their own.
fn operations() -> BTreeSet<String> {
    let posted = |it: &Operation| !matches!(it, Operation::Update | Operation::Render);
    let requests = Operation::ALL.into_iter().filter(posted);
    let tiers = requests.clone().filter(|it| tier_config_request::has(*it));
    let files = UsageFileOperation::ALL.into_iter().filter(|it| {
        use UsageFileOperation::{Reconcile, Update, Upload};
        !matches!(it, Update | Upload | Reconcile)
    });
    let accounts = requests.clone().filter(|it| tier_account_request::has(*it));
    let paths = requests.filter(|it| asset_request::has(*it));
    let paths = paths.map(|it| format!("/requests/{{id}}/{}", it.verb()));
    let paths = paths.chain(tiers.map(|it| format!("/tier/config-requests/{{id}}/{}", it.verb())));
    let paths =
        paths.chain(accounts.map(|it| format!("/tier/account-requests/{{id}}/{}", it.verb())));
    let paths = paths.chain(files.map(|it| format!("/usage/files/{{id}}/{}", it.verb())));
    paths.map(|path| format!("POST {path}")).collect()
}
