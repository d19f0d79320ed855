//! Near-real payloads against the real document, and exchanges that must not pass.

mod guard;
mod page;

use std::collections::BTreeSet;
use std::fmt::Write;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::contract::{Contract, Exchange, Violation};
use crate::document::Document;
use crate::errata;
use crate::guard::say_unchecked;
use crate::schema;

/// Objects as the platform shows them; `"@name"` stands for another one of them.
const OBJECTS: &str = include_str!("tests/objects.json");

/// Exchanges an honest emulator would have: call, status, object, and what differs in it. `[name]`
/// is a list with that one object in it.
const HONEST: &[(&str, u16, &str, &str)] = &[
    ("GET /requests", 200, "[request]", "{}"),
    (
        "GET /requests?eq(status,pending)&limit=1",
        200,
        "[request]",
        r#"{"effective_date": "2026-03-02T10:00:00+00:00"}"#,
    ),
    (
        "GET /requests/PR-1",
        200,
        "request",
        r#"{"type": "purchase", "previous_approved_request": null, "asset": {"status": "draft", "external_id": null, "external_uid": null, "configuration": {}}}"#,
    ),
    (
        "GET /requests/PR-1",
        200,
        "request",
        r#"{"type": "adjustment", "status": "scheduled", "assignee": {"id": "UR-1", "name": "Ada", "email": "a@b"}}"#,
    ),
    (
        "GET /requests/PR-1",
        200,
        "request",
        r#"{"asset": {"connection": {"type": "preview"}, "status": "terminating"}}"#,
    ),
    ("GET /requests/PR-0", 404, "error", "{}"),
    ("POST /requests", 201, "request", "{}"),
    ("POST /requests", 400, "error", "{}"),
    ("POST /requests", 409, "conflict", "{}"),
    ("PUT /requests/PR-1", 200, "request", "{}"),
    ("POST /requests/PR-1/approve/", 200, "request", r#"{"status": "approved"}"#),
    ("POST /requests/PR-1/fail", 400, "error", "{}"),
    ("GET /assets", 200, "[asset]", "{}"),
    (
        "GET /assets/AS-1",
        200,
        "asset",
        r#"{"external_id": null, "connection": {"type": "preview"}}"#,
    ),
    (
        "GET /assets/AS-1",
        200,
        "asset",
        r#"{"configuration": {"params": [{"id": "plans", "type": "object", "value": ""}]}}"#,
    ),
    ("GET /assets/AS-1/requests", 200, "[request_reference]", "{}"),
    ("GET /assets/AS-1/requests", 200, "[request_reference]", r#"{"assignee": null}"#),
    ("GET /products", 200, "[product]", r#"{"external_id": null, "capabilities": {"ppu": null}}"#),
    (
        "GET /products/PRD-1",
        200,
        "product",
        r#"{"capabilities": {"tiers": {"configs": {"level": 1}}}}"#,
    ),
    ("GET /products/PRD-1/items", 200, "[item]", "{}"),
    ("POST /products/PRD-1/items", 201, "item", "{}"),
    ("PUT /products/PRD-1/items/PRD-1-1", 200, "item", "{}"),
    ("GET /products/PRD-1/versions/1/items", 200, "[item]", "{}"),
    ("GET /products/PRD-1/parameters", 200, "[parameter]", "{}"),
    ("GET /products/PRD-1/templates/TL-1", 200, "template", r#"{"scope": "tier1", "type": null}"#),
    ("GET /products/PRD-1/connections", 200, "[connection]", "{}"),
    ("GET /products/PRD-1/actions/ACT-1", 200, "action", "{}"),
    ("GET /products/PRD-1/configurations", 200, "[configuration]", "{}"),
    ("GET /marketplaces/MP-1", 200, "marketplace", "{}"),
    ("GET /hubs/HB-1", 200, "hub", "{}"),
    ("GET /accounts", 200, "[account]", "{}"),
    ("GET /auth/context", 200, "auth_context", "{}"),
    ("GET /auth/context", 401, "error", "{}"),
    ("GET /users/UR-1", 200, "user", "{}"),
    ("GET /tier/accounts", 200, "[tier_account]", "{}"),
    ("PUT /tier/accounts/TA-1", 200, "tier_account", r#"{"external_id": null}"#),
    ("GET /tier/accounts/TA-1/versions/1", 200, "tier_account", r#"{"external_uid": null}"#),
    ("DELETE /tier/accounts/TA-1", 204, "", "{}"),
    ("GET /tier/account-requests/TAR-1", 200, "tier_account_request", "{}"),
    ("POST /tier/account-requests", 201, "[tier_account_request]", "{}"),
    ("GET /tier/configs", 200, "[tier_config]", "{}"),
    ("GET /tier/configs/TC-1", 200, "tier_config", r#"{"tiers": {"tier2": null}}"#),
    (
        "GET /tier/config-requests",
        200,
        "[tier_config_request]",
        r#"{"configuration": {"connection": {"type": "preview"}}}"#,
    ),
    ("POST /tier/config-requests/TCR-1/approve", 200, "tier_config_approval", "{}"),
    ("POST /tier/config-requests/TCR-1/fail", 204, "", "{}"),
    ("POST /tier/config-requests/TCR-1/submit", 200, "tier_config_request", "{}"),
    ("GET /conversations", 200, "[conversation]", "{}"),
    ("POST /conversations/CO-1/messages", 201, "message", "{}"),
    ("GET /listings", 200, "[listing]", "{}"),
    ("GET /listing-requests/LSTR-1", 200, "listing_request", "{}"),
    ("GET /contracts/CRD-1", 200, "contract", "{}"),
    ("POST /notifications/webhooks", 201, "webhook", "{}"),
    ("POST /usage/files", 201, "usage_file", r#"{"currency": null}"#),
    ("GET /usage/files", 200, "[usage_file]", "{}"),
    ("POST /usage/files/UF-1/upload", 201, "usage_file", "{}"),
    ("GET /media/folders/products/PRD-1/files", 501, "error", "{}"),
    ("GET /settings/units", 200, "[unit]", "{}"),
    ("GET /templates/TL-1/render", 200, "template", "{}"),
    ("GET /requests", 429, "error", "{}"),
    ("GET /requests", 503, "", "{}"),
    ("POST /requests", 413, "error", "{}"),
    ("GET /tier/configs", 501, "error", "{}"),
    ("GET /", 200, "", "{}"),
    ("GET /nothing/here", 401, "error", "{}"),
    ("GET /nothing/here", 404, "error", "{}"),
    ("PATCH /requests", 405, "error", "{}"),
];

/// The same of subscriptions as recurring billing sees them.
const BILLED: &[(&str, u16, &str, &str)] = &[
    ("GET /subscriptions/assets", 200, "[subscription]", "{}"),
    (
        "GET /subscriptions/assets/AS-1",
        200,
        "subscription",
        r#"{"template": null, "pending_request": {"id": "PR-1"}}"#,
    ),
    ("GET /subscriptions/requests", 200, "[billing_request]", "{}"),
    ("POST /subscriptions/requests", 201, "billing_request", r#"{"attributes": {}}"#),
    ("PUT /subscriptions/requests/BRV-1/attributes", 200, "billing_attributes", "{}"),
];

/// The errata that each honest payload needs.
fn needed(contract: &Contract, honest: &[(&str, u16, &str, &str)]) -> String {
    let mut table = String::new();
    for &(call, status, object, differing) in honest {
        match check(contract, call, status, &body(object, differing)) {
            Ok(errata) => writeln!(table, "{status} {call}: {errata}").unwrap(),
            Err(violations) => panic!("{}", lines(&violations)),
        }
    }
    table
}

fn billed_need_what_is_known(contract: &Contract) {
    assert_snapshot!(needed(contract, BILLED), @"
        200 GET /subscriptions/assets: empty-contact-details, unselected-parts
        200 GET /subscriptions/assets/AS-1: empty-contact-details, unselected-parts, parts-that-are-not-there
        200 GET /subscriptions/requests: billing-attributes
        201 POST /subscriptions/requests: billing-attributes
        200 PUT /subscriptions/requests/BRV-1/attributes: as documented
        ");
}

#[test]
fn honest_payloads_pass_and_every_erratum_is_needed() {
    let Some(contract) = contract() else { return };
    assert_snapshot!(needed(&contract, HONEST), @"
        200 GET /requests: no-effective-date, structured-values, value-choices, item-without-period, not-shared, empty-contact-details
        200 GET /requests?eq(status,pending)&limit=1: structured-values, value-choices, item-without-period, not-shared, empty-contact-details
        200 GET /requests/PR-1: no-effective-date, no-approved-request-before, asset-statuses-in-requests, asset-without-external-ids, structured-values, value-choices, item-without-period, not-shared, empty-contact-details
        200 GET /requests/PR-1: request-types, request-statuses, request-assignee, no-effective-date, structured-values, value-choices, item-without-period, not-shared, empty-contact-details
        200 GET /requests/PR-1: no-effective-date, asset-statuses-in-requests, structured-values, value-choices, item-without-period, not-shared, empty-contact-details
        404 GET /requests/PR-0: no-access
        201 POST /requests: (body not described) as documented
        400 POST /requests: as documented
        409 POST /requests: open-request-conflict
        200 PUT /requests/PR-1: (body not described) as documented
        200 POST /requests/PR-1/approve/: no-effective-date, structured-values, value-choices, item-without-period, not-shared, empty-contact-details
        400 POST /requests/PR-1/fail: bad-request
        200 GET /assets: asset-quantities, asset-params, not-shared, empty-contact-details
        200 GET /assets/AS-1: asset-quantities, asset-params, preview-connections, not-shared, empty-contact-details
        200 GET /assets/AS-1: asset-quantities, asset-params, empty-contact-details, configured-types
        200 GET /assets/AS-1/requests: as documented
        200 GET /assets/AS-1/requests: reference-assignee
        200 GET /products: product-without-external-id, capabilities-that-are-off
        200 GET /products/PRD-1: reseller-level
        200 GET /products/PRD-1/items: item-without-relatives
        201 POST /products/PRD-1/items: item-without-relatives, written-items, created-item-version
        200 PUT /products/PRD-1/items/PRD-1-1: item-without-relatives, written-items
        200 GET /products/PRD-1/versions/1/items: item-without-relatives
        200 GET /products/PRD-1/parameters: not-shared, parameter-choices
        200 GET /products/PRD-1/templates/TL-1: as documented
        200 GET /products/PRD-1/connections: as documented
        200 GET /products/PRD-1/actions/ACT-1: as documented
        200 GET /products/PRD-1/configurations: configuration-without-structure
        200 GET /marketplaces/MP-1: as documented
        200 GET /hubs/HB-1: as documented
        200 GET /accounts: as documented
        200 GET /auth/context: as documented
        401 GET /auth/context: as documented
        200 GET /users/UR-1: as documented
        200 GET /tier/accounts: empty-contact-details, top-reseller
        200 PUT /tier/accounts/TA-1: top-reseller, account-without-external-ids
        200 GET /tier/accounts/TA-1/versions/1: empty-contact-details, top-reseller, account-without-external-ids
        204 DELETE /tier/accounts/TA-1: (body not described) as documented
        200 GET /tier/account-requests/TAR-1: empty-contact-details
        201 POST /tier/account-requests: one-account-request-per-product
        200 GET /tier/configs: empty-contact-details, tier-level, no-open-request
        200 GET /tier/configs/TC-1: empty-contact-details, tier-level, tier-config-tiers, no-open-request
        200 GET /tier/config-requests: no-approved-request-before, preview-connections, empty-contact-details, tier-level, no-open-request, tier-request-params, tier-request-optionals, level-one-request
        200 POST /tier/config-requests/TCR-1/approve: as documented
        204 POST /tier/config-requests/TCR-1/fail: (body not described) as documented
        200 POST /tier/config-requests/TCR-1/submit: no-approved-request-before, empty-contact-details, tier-level, no-open-request, tier-request-params, tier-request-optionals, level-one-request
        200 GET /conversations: as documented
        201 POST /conversations/CO-1/messages: as documented
        200 GET /listings: listing-without-prices
        200 GET /listing-requests/LSTR-1: listing-without-prices, listing-request-update
        200 GET /contracts/CRD-1: as documented
        201 POST /notifications/webhooks: as documented
        201 POST /usage/files: new-usage-file-names-others, new-usage-file-without-currency
        200 GET /usage/files: as documented
        201 POST /usage/files/UF-1/upload: uploaded-sheet-is-created
        501 GET /media/folders/products/PRD-1/files: (body not described) media-folders
        200 GET /settings/units: (body not described) units
        200 GET /templates/TL-1/render: (body not described) template-render
        429 GET /requests: too-many-calls
        503 GET /requests: server-errors
        413 POST /requests: large-bodies
        501 GET /tier/configs: not-emulated
        200 GET /: (body not described) root
        401 GET /nothing/here: (body not described) as documented
        404 GET /nothing/here: (body not described) as documented
        405 PATCH /requests: (body not described) as documented
        ");
    billed_need_what_is_known(&contract);
    let unused: Vec<_> = contract.unused_errata().iter().map(|erratum| erratum.name).collect();
    assert_eq!(unused, Vec::<&str>::new());
}

#[test]
fn the_contract_is_read_once() {
    let (first, second) = (Contract::load().unwrap(), Contract::load().unwrap());
    assert_eq!(first.map(std::ptr::from_ref), second.map(std::ptr::from_ref));
}

#[test]
fn what_neither_the_document_nor_an_erratum_allows_is_named() {
    let Some(contract) = contract() else { return };
    let mut table = String::new();
    for (call, status, object, differing) in [
        ("GET /requests/PR-1", 200, "request", r#"{"status": "scheduledd", "answered": "no"}"#),
        ("GET /requests/PR-1", 200, "request", r#"{"assignee": {"name": "Ada"}}"#),
        ("GET /requests", 200, "[request]", r#"{"asset": {"items": {"quantity": "12"}}}"#),
        (
            "GET /assets/AS-1",
            200,
            "asset",
            r#"{"status": "resumed", "external_id": 7, "params": []}"#,
        ),
        (
            "GET /assets/AS-1",
            200,
            "asset",
            r#"{"params": [{"id": "a"}], "items": [{"quantity": "many"}]}"#,
        ),
        ("GET /tier/configs/TC-1", 200, "tier_config", r#"{"tier_level": 3}"#),
        ("GET /requests/PR-1", 202, "request", "{}"),
        ("GET /requests/PR-1", 404, "error", r#"{"errors": "not a list"}"#),
        ("GET /nothing/here", 200, "request", "{}"),
        ("GET /nothing/here", 404, "error", r#"{"errors": "not a list"}"#),
        ("GET /requests/PR-1", 405, "error", "{}"),
        ("PATCH /requests/PR-1", 200, "request", "{}"),
        ("DELETE /tier/accounts/TA-1", 204, "tier_account", "{}"),
        ("GET /requests/PR-1", 200, "", "{}"),
    ] {
        let verdict = check(&contract, call, status, &body(object, differing)).unwrap_err();
        writeln!(table, "{}", lines(&verdict)).unwrap();
    }
    assert_snapshot!(table, @r##"
    GET /requests/{id} 200 /status: the document wants one of ["draft","tiers_setup","pending","inquiring","approved","failed"], found "scheduledd"
    GET /requests/{id} 200 /answered: the document wants type boolean, found "no"
    GET /requests/{id} 200 /assignee: the document wants type string, found {"name":"Ada"}
    GET /requests 200 /0/asset/items: the document wants type array, found {"quantity":"12"}
    GET /assets/{id} 200 /status: the document wants one of ["draft","processing","active","terminating","suspended","terminated"], found "resumed"
    GET /assets/{id} 200 /external_id: the document wants type string, found 7
    GET /assets/{id} 200 /params/0: the document wants type array, found {"id":"a"}
    GET /assets/{id} 200 /items/0/quantity: the document wants type number, found "many"
    GET /tier/configs/{id} 200 /tier_level: the document wants type string, found 3
    GET /tier/configs/{id} 200 /tier_level: the document wants one of [1,2], found 3
    GET /requests/{id} 202 : the document wants a status it lists for the operation, found 202
    GET /requests/{id} 404 /errors: the document wants type array, found "not a list"
    GET /nothing/here 200 : the document wants another path or method, found one it does not list
    GET /nothing/here 404 /errors: the document wants type array, found "not a list"
    GET /requests/{id} 405 : the document wants a status it lists for the operation, found 405
    PATCH /requests/PR-1 200 : the document wants another path or method, found one it does not list
    DELETE /tier/accounts/{id} 204 : the document wants no body with 204, found 847 bytes
    GET /requests/{id} 200 : the document wants content type application/json, found no content type
    "##);
}

#[test]
fn the_form_of_an_answer_is_checked_too() {
    let Some(contract) = contract() else { return };
    let render = Exchange {
        method: "GET",
        path: "/requests/PR-1/render",
        status: 200,
        content_type: Some("text/markdown; charset=utf-8"),
        content_range: None,
        body: b"# Done",
    };
    assert!(contract.check(&render).is_ok());
    let html = Exchange { content_type: Some("text/html"), ..render };
    assert_snapshot!(lines(&contract.check(&html).unwrap_err()), @"GET /requests/{id}/render 200 : the document wants content type text/markdown, found text/html");

    let list = Exchange {
        path: "/requests",
        content_type: Some("application/json"),
        content_range: Some("items 0-0/0"),
        body: b"[]",
        ..render
    };
    assert!(contract.check(&list).is_ok());
    let unpaged = Exchange { content_range: None, ..list };
    assert_snapshot!(lines(&contract.check(&unpaged).unwrap_err()), @"GET /requests 200 header Content-Range: the document wants it to be present, found nothing");
    let cut = Exchange { body: b"[{", ..list };
    assert_snapshot!(lines(&contract.check(&cut).unwrap_err()), @"GET /requests 200 : the document wants a JSON body, found something else");
}

#[test]
fn the_most_literal_template_wins() {
    let document = Document::new(json!({"paths": {
        "/a/{id}": {"get": {}}, "/a/b": {"get": {}}, "/{x}/b": {"get": {}}, "/a/{id}/c": {"put": {}},
    }}));
    let name = |method, path| document.operation(method, path).map(|operation| operation.name);
    assert_eq!(name("GET", "/a/b").as_deref(), Some("GET /a/b"));
    assert_eq!(name("GET", "/a/x").as_deref(), Some("GET /a/{id}"));
    assert_eq!(name("PUT", "/a/x/c").as_deref(), Some("PUT /a/{id}/c"));
    assert_eq!(name("GET", "/a/x/c"), None);
    assert_eq!(name("GET", "/a/"), None);
}

#[test]
fn openapi_schemas_become_json_schemas() {
    let document = Document::new(json!({"components": {"schemas": {
        "Node": {"type": "object", "required": ["id", "secret"], "properties": {
            "id": {"type": "string", "format": "uuid", "readOnly": true},
            "secret": {"type": "string", "writeOnly": true},
            "next": {"$ref": "#/components/schemas/Node", "nullable": true},
        }},
    }}}));
    let schema = json!({"type": "array", "items": {"$ref": "#/components/schemas/Node"}});
    let converted = schema::from_openapi(&document, &schema);
    let valid = |value: Value| jsonschema::is_valid(&converted, &value);
    assert!(valid(json!([{"id": "x", "next": {"id": "y", "next": null}}])));
    assert!(!valid(json!([{"id": "x", "next": {"next": null}}])));
    assert!(!valid(json!([{"id": null}])));
}

#[test]
fn errata_have_names_of_their_own_and_fit_a_table() {
    let names: BTreeSet<_> = errata::all().map(|erratum| erratum.name).collect();
    assert_eq!(names.len(), errata::all().count());
    let table = Contract::errata_markdown();
    assert_eq!(table.lines().count(), errata::all().count() + 2);
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(table.lines().all(|line| cells(line) == 6), "{table}");
    assert_snapshot!(table.lines().nth(2).unwrap(), @r#"| request-types | `* /requests/**` | A request is of one of the five classic types. | `/type`, `/*/type` may also be `{"enum": ["adjustment", "renew", "transfer"]}` | The filter on `type` of the same endpoint, and the requests listed under an asset, know eight. |"#);
}

/// Returns the contract, or says loudly that nothing is checked.
fn contract() -> Option<Contract> {
    let contract = Contract::read().unwrap();
    if contract.is_none() {
        say_unchecked();
    }
    contract
}

/// Returns the names of the errata an exchange needed, or its violations.
fn check(
    contract: &Contract,
    call: &str,
    status: u16,
    body: &str,
) -> Result<String, Vec<Violation>> {
    let (method, path) = call.split_once(' ').unwrap();
    let checked = contract.check(&Exchange {
        method,
        path,
        status,
        content_type: (!body.is_empty()).then_some("application/json"),
        content_range: body.starts_with('[').then_some("items 0-0/1"),
        body: body.as_bytes(),
    })?;
    let errata: Vec<_> = checked.errata.iter().map(|erratum| erratum.name).collect();
    let open = if checked.body_described { "" } else { "(body not described) " };
    let errata = if errata.is_empty() { "as documented".to_owned() } else { errata.join(", ") };
    Ok(format!("{open}{errata}"))
}

fn lines(violations: &[Violation]) -> String {
    violations.iter().map(Violation::to_string).collect::<Vec<_>>().join("\n")
}

fn body(object: &str, differing: &str) -> String {
    let list = object.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let name = list.unwrap_or(object);
    if name.is_empty() {
        return String::new();
    }
    let objects: Value = serde_json::from_str(OBJECTS).unwrap();
    let mut body = expand(&objects, &objects[name]);
    merge(&mut body, serde_json::from_str(differing).unwrap());
    if list.is_some() { json!([body]).to_string() } else { body.to_string() }
}

fn expand(objects: &Value, value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('@') {
            Some(name) => expand(objects, &objects[name]),
            None => value.clone(),
        },
        Value::Array(values) => values.iter().map(|value| expand(objects, value)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), expand(objects, value))).collect()
        }
        _ => value.clone(),
    }
}

/// Objects are merged member by member; everything else, null too, replaces what was there.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            from.into_iter()
                .for_each(|(name, value)| merge(into.entry(name).or_insert(Value::Null), value));
        }
        (into, from) => *into = from,
    }
}
