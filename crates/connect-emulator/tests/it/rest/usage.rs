//! Usage files over HTTP: from draft to deletion, without sheets.

use serde_json::{Value, json};

use super::stage::{Said, Stage};

pub(crate) const FILES: &str = "/usage/files";
pub(crate) const PREVIEW: &str = "CRD-00000-00000-00000";

/// A platform whose product reports usage.
async fn stage() -> Stage {
    let stage = Stage::set().await;
    switch_on(&stage).await;
    stage
}

/// Has the product report usage, and makes a report.
pub(crate) async fn report_usage(stage: &Stage) {
    switch_on(stage).await;
    made(stage, &contract(stage).await).await;
}

pub(crate) async fn switch_on(stage: &Stage) {
    let path = format!("/products/{}", stage.emulator.product());
    let body = json!({"capabilities": {"ppu": {"schema": "QT"}}});
    stage.vendor().put(&path, body).await.expect(200);
}

fn report(stage: &Stage, contract: &str) -> Value {
    json!({
        "name": "Nimbus May 2024", "description": "", "external_id": "nmb-2024-05",
        "product": {"id": stage.emulator.product()}, "contract": {"id": contract},
        "period": {"from": "2024-05-01", "to": "2024-05-31"},
    })
}

/// The contract under which the demo's product is sold.
pub(crate) async fn contract(stage: &Stage) -> String {
    stage.vendor().get("/contracts").await.column("id").remove(0)
}

pub(crate) async fn made(stage: &Stage, contract: &str) -> Value {
    stage.vendor().post(FILES, report(stage, contract)).await.expect(201)
}

#[tokio::test]
async fn a_draft_is_made_shown_changed_and_taken_back() {
    let stage = stage().await;
    let contract = contract(&stage).await;
    let file = made(&stage, &contract).await;
    assert_eq!((&file["status"], &file["schema"]), (&json!("draft"), &json!("qt")));
    assert_eq!((&file["currency"], &file["environment"]), (&json!("EUR"), &json!("production")));
    let vendor = stage.vendor();
    let path = format!("{FILES}/{}", file["id"].as_str().unwrap());
    assert_eq!(vendor.get(FILES).await.column("id"), [file["id"].as_str().unwrap()]);
    let body =
        json!({"note": "ours", "period": {"from": "2024-05-02", "to": "2024-05-30 10:00:00"}});
    let changed = vendor.put(&path, body).await.expect(200);
    assert_eq!(changed["period"], json!({"from": "2024-05-02", "to": "2024-05-30"}));
    assert_eq!((&changed["note"], &changed["external_id"]), (&json!("ours"), &file["external_id"]));
    let deleted = vendor.post(&format!("{path}/delete"), Value::Null).await.expect(200);
    assert_eq!(deleted["status"], "deleted");
    assert!(deleted["events"]["deleted"]["by"]["id"].is_string());
}

#[tokio::test]
async fn a_file_without_a_period_is_about_this_month_and_a_preview_is_the_vendors_alone() {
    let stage = stage().await;
    let mut body = report(&stage, PREVIEW);
    body.as_object_mut().unwrap().remove("period");
    let file = stage.vendor().post(FILES, body).await.expect(201);
    let (from, to) =
        (file["period"]["from"].as_str().unwrap(), file["period"]["to"].as_str().unwrap());
    assert!(from.ends_with("-01") && from[..7] == to[..7], "{from} {to}");
    assert_eq!(file["environment"], "preview");
    let path = format!("{FILES}/{}", file["id"].as_str().unwrap());
    assert_eq!(stage.distributor().get(&path).await.status, 404);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let stage = stage().await;
    let contract = contract(&stage).await;
    let file = made(&stage, &contract).await;
    let path = format!("{FILES}/{}", file["id"].as_str().unwrap());
    let (vendor, distributor) = (stage.vendor(), stage.distributor());
    let with = |path: &str, value: Value| {
        let mut body = report(&stage, &contract);
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    let line = |what: &str, said: Said| format!("{what}: {}", said.refusal());
    let mut told = Vec::new();
    for (what, body) in [
        ("no product", with("/product", json!({}))),
        ("another's product", with("/product/id", json!("PRD-000-000-000"))),
        ("no contract", with("/contract", Value::Null)),
        ("an unknown contract", with("/contract/id", json!("CRD-1"))),
        ("a day that is none", with("/period/from", json!("May"))),
        ("a period backwards", with("/period/to", json!("2024-04-01"))),
        ("a period that is no object", with("/period", json!("May"))),
        ("a long name", with("/name", json!("x".repeat(101)))),
    ] {
        told.push(line(what, vendor.post(FILES, body).await));
    }
    told.push(line("by the distributor", distributor.post(FILES, report(&stage, &contract)).await));
    told.push(line(
        "submitted as a draft",
        vendor.post(&format!("{path}/submit"), json!({})).await,
    ));
    told.push(line(
        "accepted by the vendor",
        vendor.post(&format!("{path}/accept"), json!({})).await,
    ));
    told.push(line("seen too early", distributor.get(&path).await));
    let off = json!({"capabilities": {"ppu": null}});
    let product = format!("/products/{}", stage.emulator.product());
    vendor.put(&product, off).await.expect(200);
    told.push(line("without usage", vendor.post(FILES, report(&stage, &contract)).await));
    insta::assert_snapshot!(told.join("\n"), @"
    no product: 400 VAL_001 product.id: This field is required.
    another's product: 400 VAL_001 product.id: Product does not exist.
    no contract: 400 VAL_001 contract.id: This field is required.
    an unknown contract: 400 VAL_001 contract.id: Contract does not exist.
    a day that is none: 400 VAL_001 period.from: Date has wrong format. Use one of these formats instead: YYYY-MM-DD.
    a period backwards: 400 VAL_001 period.to: The period ends before it begins.
    a period that is no object: 400 VAL_001 period: Invalid data. Expected a dictionary, but got str.
    a long name: 400 VAL_001 name: Ensure this field has no more than 100 characters.
    by the distributor: 403 AUTH_004 You do not have permission to perform this action.
    submitted as a draft: 400 USG_001 Usage file cannot be submitted in status draft.
    accepted by the vendor: 403 AUTH_004 You do not have permission to perform this action.
    seen too early: 404 NOT_FOUND Object not found.
    without usage: 400 VAL_001 product.id: The product reports no usage: its capability ppu is off.
    ");
    assert_eq!(vendor.get(&path).await.json()["status"], "draft");
}
