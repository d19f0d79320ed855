//! What usage files hold, and what of it is added up, billed and shown to whom.

use connect_model::{UsageCategory, UsageRow, UsageSheet};
use serde_json::{Value, json};

use super::stage::text;
use super::usage::FILES;
use super::usage_sheets::{Metered, errors, sheet};

#[tokio::test]
async fn usage_in_another_currency_is_added_up_for_itself() {
    let world = Metered::set().await;
    let product = format!("/products/{}", world.stage.emulator.product());
    let vendor = world.stage.vendor();
    vendor.put(&product, json!({"capabilities": {"ppu": {"schema": "TR"}}})).await.expect(200);
    for (currency, amount) in [("EUR", "3"), ("USD", "5"), ("EUR", "4")] {
        let path = world.report().await;
        vendor.put(&path, json!({"currency": currency})).await.expect(200);
        let row = UsageRow { amount: amount.into(), ..world.row("r-1") };
        world.upload(&path, &sheet([row])).await.expect(201);
    }
    let used = vendor.get("/usage/aggregates").await.json();
    let used = used.as_array().unwrap().iter();
    let mut rows: Vec<_> = used.map(|row| (text(&row["currency"]), &row["amount"])).collect();
    rows.sort_by_key(|(currency, _)| *currency);
    assert_eq!(rows, [("EUR", &json!(7)), ("USD", &json!(5))]);
}

#[tokio::test]
async fn a_record_is_closed_with_the_id_of_its_bill() {
    let world = Metered::set().await;
    let path = world.accepted().await;
    let records = world.records(&path).await;
    let distributor = world.stage.distributor();
    let close = format!("/usage/records/{}/close", records[0]);
    for (body, why) in [
        (json!({}), "This field is required."),
        (json!({"external_billing_note": "May"}), "This field is required."),
        (json!({"external_billing_id": " "}), "This field may not be blank."),
    ] {
        let said = distributor.post(&close, body).await.refusal();
        assert_eq!(said, format!("400 VAL_001 external_billing_id: {why}"));
    }
    let bill = json!({"external_billing_id": "B-1"});
    assert_eq!(text(&distributor.post(&close, bill).await.expect(200)["status"]), "closed");
    let many = json!([{"id": records[1]}]);
    let closed = distributor.post("/usage/records/close-records", many).await.expect(206);
    assert_eq!(text(&closed[0]["status"]), "closed", "of many it may be left out");
}

#[tokio::test]
async fn a_report_of_quantities_has_no_amounts() {
    let world = Metered::set().await;
    let path = world.report().await;
    let rows = ["12.5", "free of charge"]
        .map(|amount| UsageRow { amount: amount.into(), ..world.row(amount) });
    let file = world.upload(&path, &sheet(rows)).await.expect(201);
    assert_eq!(text(&file["status"]), "ready");
    let vendor = world.stage.vendor();
    let records = vendor.get("/usage/records").await.json();
    assert!(records.as_array().unwrap().iter().all(|record| record["amount"].is_null()));
    let used = vendor.get("/usage/aggregates").await.json();
    assert_eq!((&used[0]["amount"], &used[0]["consumed"]), (&Value::Null, &json!(5)));
}

#[tokio::test]
async fn a_number_has_no_underscores_and_a_new_item_a_precision_there_is() {
    let world = Metered::set().await;
    let product = format!("/products/{}", world.stage.emulator.product());
    let dynamic = json!({"capabilities": {"ppu": {"dynamic": true}}});
    world.stage.vendor().put(&product, dynamic).await.expect(200);
    let path = world.report().await;
    let new = |id: &str, precision: &str| UsageRow {
        item_name: "Disk".into(),
        item_unit: "GB".into(),
        item_precision: precision.into(),
        ..world.row(id).item("DISK")
    };
    let rows = [
        world.row("r-1").quantity("1_000"),
        new("r-2", "decimal(3)"),
        new("r-3", "some"),
        new("r-4", "Decimal(2)"),
        new("r-5", ""),
    ];
    let file = world.upload(&path, &sheet(rows)).await.expect(201);
    insta::assert_snapshot!(errors(text(&file["processed_file_uri"])).await, @r#"
        quantity: A valid number is required.
        item_precision: "decimal(3)" is not a valid choice.
        item_precision: "some" is not a valid choice.
        "#);
    let stage = &world.stage;
    let mut order = stage.preview_purchase();
    order["asset"]["items"][0]["quantity"] = json!("1_0");
    let said = stage.vendor().post("/requests", order).await.refusal();
    assert_eq!(said, "400 VAL_001 asset.items.quantity: A valid number is required.");
}

#[tokio::test]
async fn categories_have_an_id_each_and_texts_of_some_length() {
    let world = Metered::set().await;
    let path = world.report().await;
    let category = |id: &str| UsageCategory { id: id.into(), ..Default::default() };
    let long = || "x".repeat(256);
    let mut told = Vec::new();
    for wrong in [
        UsageCategory { name: "Storage".into(), ..category("") },
        category("a"),
        category(&long()),
        UsageCategory { name: long(), ..category("b") },
        UsageCategory { description: long(), ..category("b") },
    ] {
        let categories = vec![category("a"), wrong];
        let sheet = UsageSheet { records: vec![world.row("r-1")], categories };
        told.push(world.upload(&path, &sheet).await.refusal());
    }
    insta::assert_snapshot!(told.join("\n"), @"
        400 VAL_001 usage_file: Tab categories, category 2: category_id: This field is required.
        400 VAL_001 usage_file: Tab categories, category 2: category_id: a is the id of an earlier category.
        400 VAL_001 usage_file: Tab categories, category 2: category_id: Ensure this field has no more than 255 characters.
        400 VAL_001 usage_file: Tab categories, category 2: category_name: Ensure this field has no more than 255 characters.
        400 VAL_001 usage_file: Tab categories, category 2: category_description: Ensure this field has no more than 255 characters.
        ");
    assert_eq!(text(&world.stage.vendor().get(&path).await.json()["status"]), "draft");
}

#[tokio::test]
async fn the_note_of_a_file_is_the_vendors_own() {
    let world = Metered::set().await;
    let path = world.report().await;
    let vendor = world.stage.vendor();
    vendor.put(&path, json!({"note": "billed late"})).await.expect(200);
    world.upload(&path, &sheet([world.row("r-1")])).await.expect(201);
    world.act(&path, "submit").await.expect(200);
    let distributor = world.stage.distributor();
    assert_eq!(distributor.get(&path).await.expect(200)["note"], "");
    assert_eq!(distributor.get(FILES).await.expect(200)[0]["note"], "");
    assert_eq!(world.act(&path, "accept").await.expect(200)["note"], "");
    assert_eq!(vendor.get(&path).await.expect(200)["note"], "billed late");
}
