//! Usage: files, the dialogs that take them on, and their records.

use connect_model::{AssetRequestType, RequestStatus, UsageRow, UsageSheet};
use connect_world::command::{ProductCommand, UsageFileCommand};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::stage::{DISTRIBUTOR, Stage};

const PREVIEW: &str = "CRD-00000-00000-00000";

/// An emulator whose product takes consumption of what is reserved, with a trial.
struct Metered {
    stage: Stage,
    trial: String,
}

impl Metered {
    async fn start() -> Self {
        let stage = Stage::start().await;
        let id = stage.emulator.product();
        let body = json!({"capabilities": {"reservation": {"consumption": true}}});
        stage.vendor(ProductCommand::Update { id, body }).await;
        let (_, trial) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
        Self { stage, trial }
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", "May, by hand".to_owned()),
            ("product", self.stage.emulator.product().to_string()),
            ("contract", PREVIEW.to_owned()),
            ("from", "2024-05-01".to_owned()),
            ("to", "2024-05-31".to_owned()),
            ("external_id", "own-2024-05".to_owned()),
            ("description", "typed".to_owned()),
        ]
    }

    /// A draft made at the pages; its page.
    async fn draft(&self) -> String {
        let answer = self.send("/usage/files/new", &self.fields()).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn send(&self, path: &str, fields: &[(&str, String)]) -> Response {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.stage.send(path, &pairs).await
    }

    /// Posts a file as a browser does.
    async fn bring(&self, path: &str, token: &str, field: &str, content: &[u8]) -> Response {
        let part = |name: &str, more: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n")
        };
        let mut body = part("form_token", "") + token + "\r\n";
        body.push_str(&part(field, "; filename=\"may.xlsx\""));
        let body = [body.as_bytes(), content, b"\r\n--b--\r\n"].concat();
        let request = self.stage.browser.post(format!("{}{path}", self.stage.emulator.url()));
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        request.body(body).send().await.unwrap()
    }

    async fn upload(&self, page: &str, content: &[u8]) -> Response {
        let token = self.stage.form_token().await;
        self.bring(&format!("{page}/upload"), &token, "usage_file", content).await
    }

    fn row(&self, id: &str) -> UsageRow {
        UsageRow::new(id)
            .item("MPN-A")
            .asset(self.trial.as_str())
            .quantity("2")
            .between("2024-05-01 00:00:00", "2024-06-01 00:00:00")
    }

    /// What the API says of the file of a page.
    async fn file(&self, page: &str) -> Value {
        self.stage.api().get(page).await
    }
}

fn workbook(rows: impl IntoIterator<Item = UsageRow>) -> Vec<u8> {
    let records = rows.into_iter().collect();
    usage_sheet::write(&UsageSheet { records, categories: Vec::new() }).unwrap()
}

#[tokio::test]
async fn a_file_is_made_filled_mended_and_taken_to_its_end_at_the_pages() {
    let world = Metered::start().await;
    assert!(world.stage.page("/usage/files").await.contains("There is no usage file yet"));
    let page = world.draft().await;
    let id = page.rsplit('/').next().unwrap();
    assert!(world.stage.page("/usage/files?status=draft").await.contains(id));
    assert!(world.stage.page(&page).await.contains("Nothing was uploaded yet."));

    let wrong = world.row("r-2").item("MPN-X");
    let uploaded = world.upload(&page, &workbook([world.row("r-1"), wrong])).await;
    assert_eq!(uploaded.headers()["location"], page.as_str());
    assert!(world.stage.page(&page).await.contains("1 of 2 records are wrong."));
    let records = world.stage.page(&format!("{page}/records?status=invalid")).await;
    assert!(records.contains("r-2") && !records.contains("r-1"), "{records}");
    assert!(records.contains("item_search_value: "), "{records}");
    let record = records.split_once("/usage/records/").unwrap().1;
    let record = format!("/usage/records/{}", record.split_once('"').unwrap().0);
    let row = world.stage.page(&format!("{record}/row")).await;
    assert!(row.contains("item_search_value") && row.contains("MPN-X"), "{row}");

    world.upload(&page, &workbook(["r-1", "r-2"].map(|id| world.row(id)))).await;
    for (verb, status) in [
        ("reprocess", "ready"),
        ("submit", "pending"),
        ("approve-all", "pending"),
        ("accept", "accepted"),
        ("close", "closed"),
    ] {
        let done = world.stage.send(&format!("{page}/{verb}"), &[]).await;
        assert_eq!(done.headers()["location"], page.as_str(), "{verb}");
        assert_eq!(world.file(&page).await["status"], status, "{verb}");
    }
    let all = world.stage.page("/usage/records?status=closed").await;
    assert!(all.contains("r-1") && all.contains("r-2") && all.contains(id), "{all}");
}

#[tokio::test]
async fn a_records_bill_is_written_at_its_page() {
    let world = Metered::start().await;
    let page = world.draft().await;
    world.upload(&page, &workbook([world.row("r-1")])).await;
    for verb in ["submit", "accept"] {
        world.stage.send(&format!("{page}/{verb}"), &[]).await;
    }
    let records = world.stage.api().get("/usage/records").await;
    let record = format!("/usage/records/{}", records[0]["id"].as_str().unwrap());
    let rejected = world.stage.send(&format!("{record}/reject"), &[]).await;
    assert_eq!(rejected.headers()["location"], record.as_str());
    let close = format!("{record}/close");
    let refused = world.stage.send(&close, &[("external_billing_id", "B-1")]).await;
    let refused = refused.text().await.unwrap();
    assert!(refused.contains("Usage record cannot be closed in status rejected."), "{refused}");
    world.stage.send(&format!("{record}/approve"), &[]).await;
    let bill = [("external_billing_id", "B-1"), ("external_billing_note", "May")];
    world.stage.send(&close, &bill).await;
    let shown = world.stage.page(&record).await;
    assert!(shown.contains("B-1") && shown.contains("Closed by"), "{shown}");
    assert_eq!(world.file(&page).await["status"], "closed");
}

#[tokio::test]
async fn the_distributor_reconciles_with_a_workbook() {
    let world = Metered::start().await;
    let page = world.draft().await;
    world.upload(&page, &workbook([world.row("r-1")])).await;
    for verb in ["submit", "accept"] {
        world.stage.send(&format!("{page}/{verb}"), &[]).await;
    }
    let bill = connect_model::BillingRow {
        record_id: "r-1".into(),
        external_billing_id: "B-1".into(),
        ..Default::default()
    };
    let bills = usage_sheet::write_bills(&[bill]).unwrap();
    let token = world.stage.form_token().await;
    let path = format!("{page}/reconciliation");
    let sent = world.bring(&path, &token, "recon_file", &bills).await;
    assert_eq!(sent.headers()["location"], page.as_str());
    let shown = world.stage.page(&page).await;
    assert!(shown.contains("Closed records with their bills"), "{shown}");
}

#[tokio::test]
async fn a_refusal_says_why_and_keeps_what_was_typed() {
    let world = Metered::start().await;
    for (field, value, why) in [
        ("to", "2024-04-30", "period.to: The period ends before it begins."),
        ("contract", "CRD-1", "contract.id: Contract does not exist."),
        ("product", "PRD-1", "product.id: Product does not exist."),
    ] {
        let mut fields = world.fields();
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|it| it.1 = value.into());
        let answer = world.send("/usage/files/new", &fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.unwrap();
        assert!(page.contains(why) && page.contains("May, by hand"), "{why}: {page}");
    }
    let page = world.draft().await;
    let early = world.stage.send(&format!("{page}/submit"), &[]).await.text().await.unwrap();
    assert!(early.contains("Usage file cannot be submitted in status draft."), "{early}");
    world.upload(&page, &workbook([world.row("r-1")])).await;
    world.stage.send(&format!("{page}/submit"), &[]).await;
    let note = "n".repeat(201);
    let long = world.stage.send(&format!("{page}/reject"), &[("rejection_note", &note)]).await;
    assert_eq!(long.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let long = long.text().await.unwrap();
    assert!(long.contains("rejection_note: ") && long.contains(&note), "{long}");
    world.stage.send(&format!("{page}/reject"), &[("rejection_note", "Too much.")]).await;
    assert!(world.stage.page(&page).await.contains("Too much."));
    world.stage.send(&format!("{page}/delete"), &[]).await;
    assert_eq!(world.file(&page).await["status"], "deleted");
}

#[tokio::test]
async fn a_file_that_is_no_workbook_is_refused() {
    let world = Metered::start().await;
    let page = world.draft().await;
    let large = vec![b'x'; usage_sheet::LARGEST + 1];
    for (content, why) in [
        (&b""[..], "usage_file: This field is required."),
        (b"PK", "usage_file: The file is not an Excel workbook (.xlsx)."),
        (&large, "The file is larger than 50 MB."),
    ] {
        let answer = world.upload(&page, content).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        let shown = answer.text().await.unwrap();
        assert!(shown.contains(why) && shown.contains("type=\"file\""), "{why}: {shown}");
    }
    assert_eq!(world.file(&page).await["status"], "draft");
}

/// The token comes before the file, so nothing of the file is read without it.
#[tokio::test]
async fn a_file_in_a_form_that_is_not_ours_is_not_taken() {
    let world = Metered::start().await;
    let page = world.draft().await;
    let sheet = workbook([world.row("r-1")]);
    let token = world.stage.form_token().await;
    let path = format!("{page}/upload");
    for guess in ["", "guess", &token.replace("vendor", "distributor"), &"x".repeat(9000)] {
        let answer = world.bring(&path, guess, "usage_file", &sheet).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{guess}");
        assert!(answer.text().await.unwrap().contains("go back and choose it again"));
    }
    let as_text = world.stage.send(&path, &[("usage_file", "PK")]).await;
    assert_eq!(as_text.status(), StatusCode::FORBIDDEN);
    assert_eq!(world.file(&page).await["status"], "draft");
}

#[tokio::test]
async fn the_distributor_sees_what_was_submitted_to_it_and_makes_no_file() {
    let world = Metered::start().await;
    let contract = world.stage.api().get("/contracts").await[0]["id"].clone();
    let body = json!({
        "name": "June", "product": {"id": world.stage.emulator.product()},
        "contract": {"id": contract}, "period": {"from": "2024-06-01", "to": "2024-06-30"},
    });
    let made = world.stage.vendor(UsageFileCommand::Create { body }).await;
    let see = async |path: &str| {
        let (name, value) = DISTRIBUTOR;
        let answer = world.stage.get(path).header(name, value).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let list = see("/usage/files").await.1;
    assert!(list.contains("You see the files that vendors have submitted to you."), "{list}");
    assert!(!list.contains("New Usage File"), "{list}");
    assert!(see("/usage/files/new").await.1.contains("Only vendors report usage."));
    let page = format!("/usage/files/{}", made["id"].as_str().unwrap());
    assert_eq!(see(&page).await.0, StatusCode::NOT_FOUND);
}
