//! What goes wrong says where and what to do; everything else goes on.

use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_client::{ApiKey, Client, RetryPolicy};
use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::{Proxy, Stage, quick};
use connect_journal::MemoryJournal;
use connect_model::asset_request::NewRequest;
use connect_model::{ProductId, RequestStatus, Template};
use connect_processor::{Ending, Error, Processor, Report};
use connect_world::command::ProductCommand;
use futures::TryStreamExt;

fn journal() -> Arc<MemoryJournal> {
    Arc::new(MemoryJournal::new(SystemClock))
}

fn client(endpoint: &str, key: &str) -> Client {
    let once = RetryPolicy::never();
    Client::builder(endpoint, ApiKey::new(key).unwrap()).retry(once).build().unwrap()
}

fn processor(stage: &Stage, client: Client) -> Processor<Acme> {
    let acme = Acme::new(&stage.vendor.url()).unwrap();
    quick(acme::processor(acme, client, journal())).patience(Duration::from_millis(300))
}

fn told(error: &Error, stage: &Stage) -> String {
    let text = format!("{}: {error}", error.code());
    text.replace(&stage.emulator.address().to_string(), "HOST")
}

#[tokio::test]
async fn a_wrong_key_stops_the_start() {
    let stage = Stage::start().await.unwrap();
    let client = client(&stage.emulator.endpoint(), "ApiKey SU-000-000-000:wrong");
    let error = processor(&stage, client).drain().await.unwrap_err();
    insta::assert_snapshot!(told(&error, &stage));
}

#[tokio::test]
async fn an_unreachable_endpoint_stops_the_start() {
    let stage = Stage::start().await.unwrap();
    let nobody = "http://127.0.0.1:9/public/v1";
    let error = processor(&stage, client(nobody, "ApiKey SU-1:s")).drain().await.unwrap_err();
    let text = told(&error, &stage);
    assert!(text.starts_with("CLT_UNREACHABLE: Connect cannot be used: "), "{text}");
    assert!(text.contains("127.0.0.1:9") && text.contains("check the endpoint"), "{text}");
}

#[tokio::test]
async fn an_unknown_product_stops_the_start() {
    let stage = Stage::start().await.unwrap();
    let unknown: ProductId = "PRD-000-000-001".into();
    let processor = processor(&stage, stage.client().unwrap()).products([unknown]);
    let error = processor.drain().await.unwrap_err();
    insta::assert_snapshot!(told(&error, &stage), @"PRC_PRODUCT: error PRC_PRODUCT, product PRD-000-000-001: it is not visible with this API key; check the id, and that the key belongs to the vendor of the product");
}

fn why(report: &Report, request: &str, stage: &Stage) -> String {
    let left = report.open.iter().find(|left| left.request == request).unwrap();
    let text = format!("{}: {}", left.state, left.why);
    text.replace(request, "PR-…").replace(&stage.vendor.url(), "VENDOR")
}

#[tokio::test]
async fn without_its_template_nothing_is_touched_and_the_remedy_is_named() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(2).await.unwrap();
    let processor = processor(&stage, stage.client().unwrap()).template("Farewell");
    let report = processor.drain().await.unwrap();
    insta::assert_snapshot!(why(&report, ids[0].as_str(), &stage));
    assert!(stage.vendor.log().is_empty(), "nothing was done for it");
    assert_eq!(stage.read(&ids[0]).await.unwrap().status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_template_can_be_chosen_by_its_id() {
    let stage = Stage::start().await.unwrap();
    stage.pending_resumes(1).await.unwrap();
    let path = format!("products/{}/templates", stage.emulator.product());
    let templates: Vec<Template> =
        stage.client().unwrap().list_at(&path).stream().try_collect().await.unwrap();
    let chosen = templates.iter().find(|one| one.name == "Default Activation Template").unwrap();
    let processor = processor(&stage, stage.client().unwrap()).template(chosen.id.as_str());
    assert_eq!(processor.drain().await.unwrap().ended.get(&Ending::Approved), Some(&1));
}

/// One request whose quantity is not one, among others.
#[tokio::test]
async fn a_request_that_cannot_be_understood_stops_no_other() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(5).await.unwrap();
    let broken = ids[2].clone();
    let at = broken.clone();
    let mangled = Proxy::rewriting(stage.emulator.url(), move |text| {
        mangle(&text, at.as_str()).unwrap_or(text)
    });
    let mangled = mangled.await.unwrap();
    let client = stage.client_at(&format!("{}/public/v1", mangled.url())).unwrap();
    let report = processor(&stage, client).drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&4), "{report:?}");
    insta::assert_snapshot!(why(&report, broken.as_str(), &stage));
}

/// The list with an impossible quantity in the request with this id.
fn mangle(text: &str, id: &str) -> Option<String> {
    let mut rows: serde_json::Value = serde_json::from_str(text).ok()?;
    let row = rows.as_array_mut()?.iter_mut().find(|row| row["id"] == id)?;
    *row["asset"]["items"].as_array_mut()?.first_mut()?.get_mut("quantity")? = "several".into();
    Some(rows.to_string())
}

/// A reading that leaves out what was ordered is no order of nothing.
#[tokio::test]
async fn an_order_whose_items_are_not_said_waits_and_says_so() {
    let maimed: [(&str, Change); 7] = [
        ("`items.quantity`", |row| row["asset"]["items"][0]["quantity"] = serde_json::Value::Null),
        ("`items.quantity`", |row| row["asset"]["items"][0]["quantity"] = "".into()),
        ("`items.quantity`", |row| {
            drop(row["asset"]["items"][0].as_object_mut().unwrap().remove("quantity"));
        }),
        ("`items`", |row| drop(row["asset"].as_object_mut().unwrap().remove("items"))),
        ("`items`", |row| row["asset"]["items"] = serde_json::Value::Null),
        ("`asset`", |row| drop(row.as_object_mut().unwrap().remove("asset"))),
        ("a status", |row| row["status"] = serde_json::Value::Null),
    ];
    for (field, maim) in maimed {
        for is_change in [true, false] {
            let stage = Stage::start().await.unwrap();
            let new = match is_change {
                true => {
                    NewRequest::change(&stage.active("t-1").await.unwrap().asset).item("MPN-A", 7)
                }
                false => NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 2),
            };
            let id = stage.request(&new).await.unwrap();
            let at = id.clone();
            let proxy = Proxy::rewriting(stage.emulator.url(), move |text| {
                rewritten(&text, at.as_str(), maim).unwrap_or(text)
            });
            let proxy = proxy.await.unwrap();
            let client = stage.client_at(&format!("{}/public/v1", proxy.url())).unwrap();
            let report = processor(&stage, client).drain().await.unwrap();
            let why = why(&report, id.as_str(), &stage);
            assert!(why.starts_with("waiting: ") && why.contains(field), "{why}");
            assert!(stage.vendor.log().is_empty(), "{why}");
            assert_eq!(stage.read(&id).await.unwrap().status, RequestStatus::Pending);
        }
    }
}

/// What is done to a row.
type Change = fn(&mut serde_json::Value);

/// The list with the row of this id changed, where it is one row alone: the reading before work.
fn rewritten(text: &str, id: &str, change: Change) -> Option<String> {
    let mut rows: serde_json::Value = serde_json::from_str(text).ok()?;
    let row = rows
        .as_array_mut()?
        .iter_mut()
        .find(|row| row["id"] == id && row["asset"]["items"].is_array())?;
    change(row);
    Some(rows.to_string())
}

#[tokio::test]
async fn a_vendor_that_answers_rubbish_is_not_believed() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(3).await.unwrap();
    stage.vendor.fault(Fault::new(FaultEffect::rubbish()).of("t-1").times(1));
    let journal = journal();
    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&3), "{report:?}");
    let history = journal_history(&journal, ids[1].as_str()).await;
    assert!(history.contains("Acme's answer proves nothing"), "{history}");
    stage.must_hold(journal.as_ref(), &ids).await.unwrap();
}

async fn journal_history(journal: &MemoryJournal, request: &str) -> String {
    use connect_journal::Journal;
    format!("{:?}", journal.history(&request.into(), 0..u64::MAX).await.unwrap())
}

/// A vendor that keeps failing one tenant starves nobody.
#[tokio::test]
async fn a_vendor_that_always_fails_one_tenant_starves_no_other() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(20).await.unwrap();
    stage.vendor.fault(Fault::new(FaultEffect::answer(503)).of("t-0"));
    let report = processor(&stage, stage.client().unwrap()).drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&19), "{report:?}");
    assert!(why(&report, ids[0].as_str(), &stage).starts_with("waiting: Acme answered 503"));
}

/// Without Administrative Hold the platform fails a resume before it reaches the vendor.
#[tokio::test]
async fn without_administrative_hold_a_resume_fails_at_once() {
    let stage = Stage::start().await.unwrap();
    let subscription = stage.suspended("t-1").await.unwrap();
    let off = serde_json::json!({"capabilities": {"subscription": {"hold": false}}});
    stage.apply(ProductCommand::Update { id: stage.emulator.product(), body: off }).await.unwrap();
    let resume = connect_model::asset_request::NewRequest::resume(&subscription.asset);
    let id = stage.request(&resume).await.unwrap();
    let request = stage.read(&id).await.unwrap();
    assert_eq!(request.status, RequestStatus::Failed);
    assert_eq!(request.reason, "The product doesn't support suspend/resume operations.");
    assert_eq!(request.asset.status.as_str(), "suspended");
}
