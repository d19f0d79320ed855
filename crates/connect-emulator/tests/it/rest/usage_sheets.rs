//! Usage over HTTP with its sheets: from the upload to the last record that is billed.

use connect_model::{BillingRow, UsageCategory, UsageRow, UsageSheet};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{Said, Stage, text};
use super::usage::{FILES, PREVIEW, contract, made, switch_on};

const ROWS: [&str; 3] = ["r-1", "r-2", "r-3"];

/// A platform whose product meters boxes, sold to a customer of a distributor and on trial.
pub(super) struct Metered {
    pub(super) stage: Stage,
    /// The customer's subscription.
    sold: String,
    /// The trial.
    trial: String,
}

impl Metered {
    pub(super) async fn set() -> Self {
        let stage = Stage::set().await;
        switch_on(&stage).await;
        let boxes = json!({
            "name": "Boxes", "description": "Mail boxes", "mpn": "BOX", "type": "ppu",
            "period": "monthly", "precision": "decimal(2)", "unit": {"id": "UN-001"},
        });
        let path = format!("/products/{}/items", stage.emulator.product());
        stage.vendor().post(&path, boxes).await.expect(201);
        let trial = stage.subscription().await.asset;
        let sale = super::tour::ordered(&stage).await;
        let params = json!({"asset": {"params": [{"id": "subscription_id", "value": "tenant-2"}]}});
        stage.vendor().put(&format!("/requests/{}", sale.id), params).await.expect(200);
        stage.approve(&sale).await;
        Self { stage, sold: sale.asset, trial }
    }

    /// A report on the sale, as a draft; its path.
    pub(super) async fn report(&self) -> String {
        let file = made(&self.stage, &contract(&self.stage).await).await;
        format!("{FILES}/{}", text(&file["id"]))
    }

    /// A report on the trial.
    async fn trial_report(&self) -> String {
        format!("{FILES}/{}", text(&made(&self.stage, PREVIEW).await["id"]))
    }

    pub(super) async fn upload(&self, path: &str, sheet: &UsageSheet) -> Said {
        let workbook = usage_sheet::write(sheet).unwrap();
        self.send(&format!("{path}/upload"), "usage_file", &workbook).await
    }

    async fn send(&self, path: &str, field: &str, workbook: &[u8]) -> Said {
        let caller =
            if field == "recon_file" { self.stage.distributor() } else { self.stage.vendor() };
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{field}.xlsx\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(workbook);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = caller.request(Method::POST, path);
        Said::of(request.header("content-type", "multipart/form-data; boundary=b").body(body)).await
    }

    pub(super) async fn act(&self, path: &str, verb: &str) -> Said {
        let is_vendors = matches!(verb, "submit" | "delete" | "reprocess" | "upload");
        let caller = if is_vendors { self.stage.vendor() } else { self.stage.distributor() };
        caller.post(&format!("{path}/{verb}"), json!({})).await
    }

    /// A report that the distributor has accepted, with three records.
    pub(super) async fn accepted(&self) -> String {
        let path = self.report().await;
        self.upload(&path, &sheet(ROWS.map(|id| self.row(id)))).await.expect(201);
        self.act(&path, "submit").await.expect(200);
        self.act(&path, "accept").await.expect(200);
        path
    }

    pub(super) fn row(&self, id: &str) -> UsageRow {
        UsageRow::new(id)
            .item("BOX")
            .asset(self.sold.as_str())
            .quantity("2.5")
            .between("2024-05-01 00:00:00", "2024-06-01 00:00:00")
    }

    pub(super) async fn records(&self, path: &str) -> Vec<String> {
        let id = path.rsplit('/').next().unwrap();
        let list = format!("/usage/records?eq(usagefile.id,{id})");
        let mut newest_first = self.stage.distributor().get(&list).await.column("id");
        newest_first.reverse();
        newest_first
    }
}

pub(super) fn sheet(records: impl IntoIterator<Item = UsageRow>) -> UsageSheet {
    UsageSheet { records: records.into_iter().collect(), categories: Vec::new() }
}

#[tokio::test]
async fn usage_is_uploaded_submitted_accepted_and_billed() {
    let world = Metered::set().await;
    let path = world.report().await;
    let storage = UsageCategory { id: "s".into(), name: "Storage".into(), ..Default::default() };
    let categorized = UsageRow { category_id: "s".into(), tier: "1".into(), ..world.row("r-2") };
    let by_parameter = world.row("r-3").asset_parameter("subscription_id", "tenant-2");
    let records = vec![world.row("r-1"), categorized, by_parameter];
    let uploaded = world.upload(&path, &UsageSheet { records, categories: vec![storage] }).await;
    let file = uploaded.expect(201);
    assert_eq!((text(&file["status"]), &file["error_detail"]), ("ready", &Value::Null));
    assert_eq!(file["records"], json!({"valid": 3, "invalid": 0, "closed": 0}));
    let vendor = world.stage.vendor();
    let categories = vendor.get(&format!("{path}/categories")).await.expect(200);
    assert_eq!(categories, json!([{"id": "s", "name": "Storage", "description": ""}]));
    assert_eq!(world.stage.distributor().get("/usage/records").await.json(), json!([]));

    world.act(&path, "submit").await.expect(200);
    let records = world.records(&path).await;
    let first = world.stage.distributor().get(&format!("/usage/records/{}", records[1])).await;
    let first = first.expect(200);
    assert_eq!(
        (&first["usage"], &first["amount"], &first["tier"]),
        (&json!(2.5), &Value::Null, &json!(1))
    );
    assert_eq!((text(&first["asset"]["id"]), text(&first["item"]["mpn"])), (&*world.sold, "BOX"));
    assert_eq!((text(&first["category"]), text(&first["status"])), ("s", "valid"));
    assert_eq!(text(&first["start_date"]), "2024-05-01T00:00:00+00:00");

    let accepted = world.act(&path, "accept").await.expect(200);
    assert_eq!(
        (text(&accepted["status"]), &accepted["stats"]["accepted"]),
        ("accepted", &json!(3))
    );
    let distributor = world.stage.distributor();
    let bill = json!({"external_billing_id": "B-1", "external_billing_note": "May"});
    let closed = distributor.post(&format!("/usage/records/{}/close", records[0]), bill).await;
    assert_eq!(text(&closed.expect(200)["external_billing_id"]), "B-1");
    let rest = json!([{"id": records[1]}, {"id": records[0]}, {"id": "UFR-1"}, {"id": records[2]}]);
    let many = distributor.post("/usage/records/close-records", rest).await.expect(206);
    let ends: Vec<_> = many
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", text(&row["status"]), text(&row["error_details"])))
        .collect();
    insta::assert_snapshot!(ends.join("\n"), @"
        closed -
        closed Usage record cannot be closed in status closed.
        - Object not found.
        closed -
        ");
    let file = vendor.get(&path).await.expect(200);
    assert_eq!((text(&file["status"]), &file["stats"]["billed"]), ("closed", &json!(1)));
}

#[tokio::test]
async fn wrong_rows_make_a_file_invalid_and_the_processed_sheet_says_which() {
    let world = Metered::set().await;
    let path = world.report().await;
    let with = |id: &str, column: &str, cell: &str| {
        let mut row = world.row(id);
        *row.cell_mut(column).unwrap() = cell.into();
        row
    };
    let wrong = [
        world.row("right"),
        world.row("right"),
        with("", "tier", ""),
        with("no-item", "item_search_value", "NONE"),
        with("item-by", "item_search_criteria", "item.name"),
        with("not-metered", "item_search_value", "MPN-A"),
        with("no-asset", "asset_search_value", "AS-1"),
        with("trial", "asset_search_value", &world.trial),
        with("asset-by", "asset_search_criteria", "asset.name"),
        world.row("no-parameter").asset_parameter("color", "red"),
        with("no-number", "quantity", "many"),
        with("negative", "quantity", "-1"),
        with("precise", "quantity", "0.125"),
        with("large", "quantity", "1e99"),
        with("no-start", "start_time_utc", ""),
        with("bare-day", "start_time_utc", "2024-05-01"),
        with("backwards", "end_time_utc", "2024-05-01 00:00:00"),
        with("early", "start_time_utc", "2024-04-30 23:59:59"),
        with("late", "end_time_utc", "2024-06-01 00:00:01"),
        with("category", "category_id", "x"),
        with("tier", "tier", "-1"),
        with("long", "record_note", &"x".repeat(256)),
    ];
    let count = wrong.len();
    let file = world.upload(&path, &sheet(wrong)).await.expect(201);
    assert_eq!(text(&file["status"]), "invalid");
    assert_eq!(file["records"], json!({"valid": 1, "invalid": count - 1, "closed": 0}));
    insta::assert_snapshot!(text(&file["error_detail"]), @"21 of 22 records are wrong. Record 2, record_id: right is the id of an earlier record.");
    let link = text(&file["processed_file_uri"]);
    let said = Said::of(reqwest::Client::new().get(link)).await;
    assert_eq!((said.status, said.header("content-type")), (200, usage_sheet::MEDIA_TYPE));
    let told = errors(link).await.replace(&world.trial, "[trial]");
    insta::assert_snapshot!(told, @"
        record_id: right is the id of an earlier record.
        record_id: This field is required.
        item_search_value: USG_011: The product has no item with item.mpn NONE.
        item_search_criteria: Items are found by item.mpn, item.id or item.local_id.
        item_search_value: Usage of the item is not reported.
        asset_search_value: No subscription of the product under the contract has asset.id AS-1.
        asset_search_value: No subscription of the product under the contract has asset.id [trial].
        asset_search_value: Subscriptions are found by asset.id, asset.external_id, asset.external_uid or parameter.{id}.
        asset_search_value: The product has no parameter color.
        quantity: A valid number is required.
        quantity: A quantity is not below 0.
        quantity: The item has 2 decimal places.
        start_time_utc: This field is required.
        start_time_utc: Datetime has wrong format. Use YYYY-MM-DD HH:MM:SS.
        end_time_utc: The use ends before it begins.
        start_time_utc: The use begins before the period of the file.
        end_time_utc: The use ends after the period of the file.
        category_id: The tab categories has no category x.
        tier: A tier is a whole number from 0.
        record_note: Ensure this field has no more than 255 characters.
        ");
    let refused = world.act(&path, "submit").await.refusal();
    insta::assert_snapshot!(refused, @"400 USG_001 Usage file cannot be submitted in status invalid.");

    // What is mended is uploaded again, in place of what was there.
    let file = world.upload(&path, &sheet([world.row("r-1")])).await.expect(201);
    assert_eq!((text(&file["status"]), &file["error_detail"]), ("ready", &Value::Null));
    assert_eq!(file["stats"]["uploaded"], 1);
    let all = world.stage.vendor().get("/usage/records").await;
    assert_eq!(all.json().as_array().unwrap().len(), 1);
}

/// The texts of the last column of a processed sheet.
pub(super) async fn errors(link: &str) -> String {
    let workbook = reqwest::get(link).await.unwrap().bytes().await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut shared = archive.by_name("xl/sharedStrings.xml").unwrap();
    let mut texts = String::new();
    std::io::Read::read_to_string(&mut shared, &mut texts).unwrap();
    let texts = texts.split("<t>").skip(1).filter_map(|rest| rest.split("</t>").next());
    texts.filter(|text| text.contains(": ")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_workbook_that_is_none_is_refused_and_changes_nothing() {
    let world = Metered::set().await;
    let path = world.report().await;
    let upload = format!("{path}/upload");
    let right = usage_sheet::write(&sheet([world.row("r-1")])).unwrap();
    let empty = usage_sheet::write(&sheet([])).unwrap();
    let vendor = world.stage.vendor();
    let mut told = Vec::new();
    told.push(world.send(&upload, "usage_file", b"record_id,quantity").await.refusal());
    told.push(world.send(&upload, "usage_file", &empty).await.refusal());
    told.push(world.send(&upload, "usage_file", &right[..right.len() / 2]).await.refusal());
    told.push(world.send(&upload, "file", &right).await.refusal());
    told.push(vendor.post(&upload, json!({})).await.refusal());
    told.push(
        world
            .send(&format!("{FILES}/UF-2024-05-0000-0000/upload"), "usage_file", &right)
            .await
            .refusal(),
    );
    told.push(world.send(&format!("{path}/reconciliation"), "recon_file", &right).await.refusal());
    insta::assert_snapshot!(told.join("\n"), @"
        400 VAL_001 usage_file: The file is not an Excel workbook (.xlsx).
        400 VAL_001 usage_file: Tab records has no records.
        400 VAL_001 usage_file: The file is not an Excel workbook (.xlsx).
        400 VAL_001 usage_file: This field is required.
        400 VAL_001 Expected a form (multipart/form-data) with a workbook.
        404 NOT_FOUND Object not found.
        400 VAL_001 recon_file: Tab records has no column external_billing_id.
        ");
    let large = vec![0; usage_sheet::LARGEST + 2 * 1024 * 1024];
    assert_eq!(world.send(&upload, "usage_file", &large).await.status, 413);
    let nobody = world.stage.nobody().request(Method::POST, &upload).body(vec![0; 2 << 20]);
    assert_eq!(Said::of(nobody).await.status, 413, "strangers bring no workbooks");
    let file = vendor.get(&path).await.expect(200);
    assert_eq!((text(&file["status"]), &file["usage_file_uri"]), ("draft", &Value::Null));
}

/// Each status, and the operations that lead there.
const STAGES: [(&str, &[&str]); 7] = [
    ("draft", &[]),
    ("ready", &["upload"]),
    ("pending", &["upload", "submit"]),
    ("rejected", &["upload", "submit", "reject"]),
    ("accepted", &["upload", "submit", "accept"]),
    ("closed", &["upload", "submit", "accept", "close"]),
    ("deleted", &["delete"]),
];

#[tokio::test]
async fn each_operation_is_taken_where_the_lifecycle_has_it_and_refused_elsewhere() {
    let world = Metered::set().await;
    let mut table = String::new();
    for (status, steps) in STAGES {
        for verb in ["upload", "reprocess", "submit", "accept", "reject", "close", "delete"] {
            let path = world.report().await;
            for step in steps {
                act(&world, &path, step).await;
            }
            let before = world.stage.vendor().get(&path).await.expect(200);
            assert_eq!(text(&before["status"]), status);
            let said = act(&world, &path, verb).await;
            let told = match said.status {
                200 | 201 => format!("→ {}", text(&said.json()["status"])),
                _ => said.refusal(),
            };
            table += &format!("{status} {verb}: {told}\n");
        }
    }
    insta::assert_snapshot!(table, @"
            draft upload: → ready
            draft reprocess: 400 USG_001 Usage file cannot be reprocessed in status draft.
            draft submit: 400 USG_001 Usage file cannot be submitted in status draft.
            draft accept: 404 NOT_FOUND Object not found.
            draft reject: 404 NOT_FOUND Object not found.
            draft close: 404 NOT_FOUND Object not found.
            draft delete: → deleted
            ready upload: → ready
            ready reprocess: → ready
            ready submit: → pending
            ready accept: 404 NOT_FOUND Object not found.
            ready reject: 404 NOT_FOUND Object not found.
            ready close: 404 NOT_FOUND Object not found.
            ready delete: → deleted
            pending upload: 400 USG_001 Usage file cannot be uploaded in status pending.
            pending reprocess: 400 USG_001 Usage file cannot be reprocessed in status pending.
            pending submit: 400 USG_001 Usage file cannot be submitted in status pending.
            pending accept: → accepted
            pending reject: → rejected
            pending close: 400 USG_001 Usage file cannot be closed in status pending.
            pending delete: 400 USG_001 Usage file cannot be deleted in status pending.
            rejected upload: → ready
            rejected reprocess: 400 USG_001 Usage file cannot be reprocessed in status rejected.
            rejected submit: 400 USG_001 Usage file cannot be submitted in status rejected.
            rejected accept: 400 USG_001 Usage file cannot be accepted in status rejected.
            rejected reject: 400 USG_001 Usage file cannot be rejected in status rejected.
            rejected close: 400 USG_001 Usage file cannot be closed in status rejected.
            rejected delete: → deleted
            accepted upload: 400 USG_001 Usage file cannot be uploaded in status accepted.
            accepted reprocess: 400 USG_001 Usage file cannot be reprocessed in status accepted.
            accepted submit: 400 USG_001 Usage file cannot be submitted in status accepted.
            accepted accept: 400 USG_001 Usage file cannot be accepted in status accepted.
            accepted reject: 400 USG_001 Usage file cannot be rejected in status accepted.
            accepted close: → closed
            accepted delete: 400 USG_001 Usage file cannot be deleted in status accepted.
            closed upload: 400 USG_001 Usage file cannot be uploaded in status closed.
            closed reprocess: 400 USG_001 Usage file cannot be reprocessed in status closed.
            closed submit: 400 USG_001 Usage file cannot be submitted in status closed.
            closed accept: 400 USG_001 Usage file cannot be accepted in status closed.
            closed reject: 400 USG_001 Usage file cannot be rejected in status closed.
            closed close: 400 USG_001 Usage file cannot be closed in status closed.
            closed delete: 400 USG_001 Usage file cannot be deleted in status closed.
            deleted upload: 400 USG_001 Usage file cannot be uploaded in status deleted.
            deleted reprocess: 400 USG_001 Usage file cannot be reprocessed in status deleted.
            deleted submit: 400 USG_001 Usage file cannot be submitted in status deleted.
            deleted accept: 404 NOT_FOUND Object not found.
            deleted reject: 404 NOT_FOUND Object not found.
            deleted close: 404 NOT_FOUND Object not found.
            deleted delete: 400 USG_001 Usage file cannot be deleted in status deleted.
            ");
}

async fn act(world: &Metered, path: &str, verb: &str) -> Said {
    match verb {
        "upload" => world.upload(path, &sheet([world.row("r-1")])).await,
        _ => world.act(path, verb).await,
    }
}

#[tokio::test]
async fn records_are_decided_one_by_one_and_only_by_the_distributor() {
    let world = Metered::set().await;
    let path = world.report().await;
    world.upload(&path, &sheet(ROWS.map(|id| world.row(id)))).await.expect(201);
    world.act(&path, "submit").await.expect(200);
    let records = world.records(&path).await;
    let (vendor, distributor) = (world.stage.vendor(), world.stage.distributor());
    let one = format!("/usage/records/{}", records[0]);
    let mut told = Vec::new();
    let status = |status: &str| json!({"status": status});
    told.push(vendor.put(&one, status("approved")).await.refusal());
    told.push(distributor.put(&one, status("closed")).await.refusal());
    told.push(distributor.put(&one, json!({})).await.refusal());
    told.push(distributor.post(&format!("{one}/close"), json!({})).await.refusal());
    told.push(distributor.get("/usage/records/UFR-2024-05-0000-0000-000001").await.refusal());
    told.push(distributor.post("/usage/records/close-records", json!({})).await.refusal());
    insta::assert_snapshot!(told.join("\n"), @r#"
        403 AUTH_004 You do not have permission to perform this action.
        400 VAL_001 status: Records are set to approved or rejected.
        400 VAL_001 status: This field is required.
        400 USG_001 Usage records cannot be closed while their file is pending.
        404 NOT_FOUND Object not found.
        400 VAL_001 Expected a list of items but got type "dict".
        "#);
    let rejected = distributor.put(&one, status("rejected")).await.expect(200);
    assert_eq!(text(&rejected["status"]), "rejected");
    let all = distributor.call(Method::PUT, &format!("{path}/approve-all")).await.expect(200);
    assert_eq!(all["stats"]["accepted"], 2);
    let approved =
        distributor.get("/usage/records?status=approved&asset.external_uid=7e1b0c52-3a6f").await;
    assert_eq!(approved.json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_reconciled_sheet_closes_the_records_it_names_or_none() {
    let world = Metered::set().await;
    let path = world.accepted().await;
    let bill = |id: &str| BillingRow {
        record_id: id.into(),
        external_billing_id: format!("B-{id}").into(),
        ..BillingRow::default()
    };
    let reconciliation = format!("{path}/reconciliation");
    let send = async |rows: &[BillingRow]| {
        let workbook = usage_sheet::write_bills(rows).unwrap();
        world.send(&reconciliation, "recon_file", &workbook).await
    };
    let mut told = Vec::new();
    told.push(send(&[bill("r-1"), bill("r-9")]).await.refusal());
    told.push(send(&[bill("r-1"), bill("r-1")]).await.refusal());
    let unbilled = BillingRow { external_billing_id: "".into(), ..bill("r-2") };
    told.push(send(&[bill("r-1"), unbilled]).await.refusal());
    let first = send(&[bill("r-1")]).await.expect(200);
    assert_eq!(first["records"], json!({"valid": 2, "invalid": 0, "closed": 1}));
    told.push(send(&[bill("r-2"), bill("r-1")]).await.refusal());
    insta::assert_snapshot!(told.join("\n"), @"
        400 VAL_001 recon_file: Record 2, r-9: The file has no such record, or the sheet has it twice.
        400 VAL_001 recon_file: Record 2, r-1: The file has no such record, or the sheet has it twice.
        400 VAL_001 recon_file: Record 2, r-2: external_billing_id: This field is required.
        400 VAL_001 recon_file: Record 2, r-1: It cannot be closed in status closed.
        ");
    let last = send(&[bill("r-2"), bill("r-3")]).await.expect(200);
    assert_eq!((text(&last["status"]), &last["stats"]["billed"]), ("closed", &json!(3)));
    let link = text(&last["reconciliation_file_uri"]);
    let workbook = reqwest::get(link).await.unwrap().bytes().await.unwrap();
    assert_eq!(usage_sheet::read_bills(&workbook).unwrap(), ROWS.map(bill));
}

#[tokio::test]
async fn an_accepted_file_has_a_chunk_for_each_hub_which_is_billed_as_one() {
    let world = Metered::set().await;
    let path = world.accepted().await;
    let (vendor, distributor) = (world.stage.vendor(), world.stage.distributor());
    let chunks = distributor.get("/usage/chunks?status=ready").await.expect(200);
    let chunk = &chunks[0];
    assert_eq!((chunks.as_array().unwrap().len(), &chunk["stats"]["accepted"]), (1, &json!(3)));
    assert!(path.ends_with(text(&chunk["usagefile"]["id"])));
    let one = format!("/usage/chunks/{}", text(&chunk["id"]));
    let named = distributor.put(&one, json!({"external_id": "C-7"})).await.expect(200);
    assert_eq!(text(&named["external_id"]), "C-7");
    distributor.post(&format!("{one}/regenerate"), json!({})).await.expect(200);
    let key = world.stage.emulator.keys().distributor.clone();
    let link = format!("{}{one}/download", world.stage.emulator.endpoint());
    let workbook =
        reqwest::Client::new().get(link).header("authorization", key).send().await.unwrap();
    let sheet = usage_sheet::read(&workbook.bytes().await.unwrap()).unwrap();
    assert_eq!(sheet.records.len(), 3);
    let used = vendor.get(&format!("/assets/{}/usage/aggregates", world.sold)).await.expect(200);
    assert_eq!((&used[0]["consumed"], &used[0]["accepted"]), (&json!(7), &json!(7)));
    assert_eq!(vendor.get("/usage/aggregates?item.type=PPU").await.json(), used);
    let bill = json!({"external_billing_id": "B-9"});
    let close = format!("{one}/close");
    let mut told = vec![
        vendor.post(&close, bill.clone()).await.refusal(),
        distributor.post(&close, json!({})).await.refusal(),
        distributor.put(&one, json!({"external_id": "x".repeat(256)})).await.refusal(),
        distributor.get("/usage/chunks/UFC-1").await.refusal(),
        distributor.get("/assets/AS-1/usage/aggregates").await.refusal(),
    ];
    let closed = distributor.post(&close, bill.clone()).await.expect(200);
    assert_eq!((text(&closed["status"]), &closed["stats"]["billed"]), ("closed", &json!(3)));
    told.push(distributor.post(&close, bill).await.refusal());
    insta::assert_snapshot!(told.join("\n"), @"
        403 AUTH_004 You do not have permission to perform this action.
        400 VAL_001 external_billing_id: This field is required.
        400 VAL_001 external_id: Ensure this field has no more than 255 characters.
        404 NOT_FOUND Object not found.
        404 NOT_FOUND Object not found.
        400 USG_003 The chunk is closed.
        ");
    assert_eq!(text(&vendor.get(&path).await.json()["status"]), "closed");
}

#[tokio::test]
async fn sheets_are_downloaded_by_who_has_the_link() {
    let world = Metered::set().await;
    let path = world.trial_report().await;
    let row = world.row("r-1").asset(world.trial.as_str());
    let file = world.upload(&path, &sheet([row.clone()])).await.expect(201);
    let link = text(&file["usage_file_uri"]);
    let workbook = reqwest::get(link).await.unwrap().bytes().await.unwrap();
    assert_eq!(usage_sheet::read(&workbook).unwrap(), sheet([row]));
    for link in [link.split('?').next().unwrap().to_owned(), link.replace("code=", "code=x")] {
        assert_eq!(reqwest::get(&link).await.unwrap().status(), 404, "{link}");
    }
    let product = format!("/usage/products/{}/template", world.stage.emulator.product());
    let template = world.stage.vendor().get(&product).await.expect(200);
    let workbook = reqwest::get(text(&template["template_link"])).await.unwrap();
    let read = usage_sheet::read(&workbook.bytes().await.unwrap()).unwrap_err();
    assert_eq!(read.to_string(), "Tab records has no records.");
}

#[tokio::test]
async fn usage_is_the_same_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || connect_emulator::Config {
        data: Some(folder.path().to_owned()),
        ..connect_emulator::Config::default()
    };
    let mut world = Metered::set().await;
    world.stage = Stage::set_with(config()).await;
    switch_on(&world.stage).await;
    let path = world.trial_report().await;
    // None of the rows is right here, which is kept as well.
    world.upload(&path, &sheet((0..600).map(|id| world.row(&id.to_string())))).await.expect(201);
    let before = world.stage.vendor().get("/usage/records?limit=1000").await;
    world.stage.emulator.stop().await;
    let again = Stage::set_with(config()).await;
    assert_eq!(again.vendor().get("/usage/records?limit=1000").await.body, before.body);
    assert_eq!(text(&again.vendor().get(&path).await.json()["status"]), "invalid");
}

#[tokio::test]
async fn reconciliations_are_kept_and_find_their_file_by_themselves() {
    const PATH: &str = "/usage/reconciliations";
    let world = Metered::set().await;
    let path = world.accepted().await;
    let bill = |id: &str| BillingRow {
        record_id: id.into(),
        external_billing_id: format!("B-{id}").into(),
        ..BillingRow::default()
    };
    let send = async |path: &str, ids: &[&str]| {
        let rows: Vec<_> = ids.iter().map(|id| bill(id)).collect();
        world.send(path, "recon_file", &usage_sheet::write_bills(&rows).unwrap()).await
    };
    send(&format!("{path}/reconciliation"), &["r-1"]).await.expect(200);
    let refused = [send(PATH, &["r-1"]).await, send(PATH, &["r-2", "r-9"]).await];
    let refused = refused.map(|said| said.refusal()).join("\n");
    insta::assert_snapshot!(refused, @"
        400 VAL_001 recon_file: Record 1, r-1: It cannot be closed in status closed.
        400 VAL_001 recon_file: No accepted file has all these records.
        ");
    let made = send(PATH, &["r-2"]).await.expect(201);
    let id = path.rsplit('/').next().unwrap();
    assert_eq!((text(&made["status"]), text(&made["usagefile"]["id"])), ("processed", id));
    assert!(text(&made["partusagefile"]["id"]).starts_with("UFC-"), "{made}");
    assert!(made["binding"]["hub"]["name"].is_string(), "{made}");

    let distributor = world.stage.distributor();
    let all = distributor.get(&format!("{PATH}?usagefile.id={id}")).await;
    assert_eq!(all.column("id").len(), 2);
    let one = format!("{PATH}/{}", text(&made["id"]));
    assert_eq!(distributor.get(&one).await.expect(200), made);
    for sheet in ["uploadedfile", "processedfile"] {
        let answer = distributor.request(Method::GET, &format!("{one}/{sheet}")).send().await;
        let workbook = answer.unwrap().bytes().await.unwrap();
        assert_eq!(usage_sheet::read_bills(&workbook).unwrap(), [bill("r-2")], "{sheet}");
    }
    assert_eq!(distributor.get(&format!("{PATH}/URF-0/uploadedfile")).await.status, 404);
}

#[tokio::test]
async fn a_file_is_over_once_its_last_approved_record_is_sent_back() {
    let world = Metered::set().await;
    let path = world.accepted().await;
    let records = world.records(&path).await;
    let distributor = world.stage.distributor();
    for closed in &records[..2] {
        let bill = json!({"external_billing_id": "B-1"});
        distributor.post(&format!("/usage/records/{closed}/close"), bill).await.expect(200);
    }
    let last = format!("/usage/records/{}", records[2]);
    distributor.put(&last, json!({"status": "rejected"})).await.expect(200);
    let file = distributor.get(&path).await.expect(200);
    assert_eq!(text(&file["status"]), "closed");
}

#[tokio::test]
async fn records_are_checked_again_when_the_period_of_their_file_moves() {
    let world = Metered::set().await;
    let path = world.report().await;
    world.upload(&path, &sheet([world.row("r-1")])).await.expect(201);
    let period = |from: &str, to: &str| json!({"period": {"from": from, "to": to}});
    let vendor = world.stage.vendor();
    let april = period("2024-04-01T00:00:00+00:00", "2024-05-01T00:00:00+00:00");
    let moved = vendor.put(&path, april).await.expect(200);
    assert_eq!(text(&moved["status"]), "invalid");
    let refused = world.act(&path, "submit").await.refusal();
    assert_eq!(refused, "400 USG_001 Usage file cannot be submitted in status invalid.");
    let may = period("2024-05-01T00:00:00+00:00", "2024-06-01T00:00:00+00:00");
    assert_eq!(text(&vendor.put(&path, may).await.expect(200)["status"]), "ready");
    world.act(&path, "submit").await.expect(200);
}

#[tokio::test]
async fn a_file_that_was_taken_back_is_no_part_of_what_was_used() {
    let world = Metered::set().await;
    let used = async || world.stage.vendor().get("/usage/aggregates").await.json();
    for _ in 0..2 {
        let path = world.report().await;
        world.upload(&path, &sheet([world.row("r-1")])).await.expect(201);
        assert_eq!(used().await[0]["consumed"], 2);
        world.act(&path, "delete").await.expect(200);
        assert_eq!(used().await, json!([]));
    }
}
