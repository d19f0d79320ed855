//! A request that comes back: a worker inquires, the customer answers, and the request is worked on again.

use std::fs;
use std::path::Path;

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::SqliteJournal;
use connect_model::asset_request::NewRequest;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequest, ParameterUpdate, RequestStatus};
use connect_world::Actor;
use connect_world::command::RequestCommand;
use serde_json::json;

use crate::program::Program;

/// Creates a tenant, and inquires until somebody reads the mailbox.
const HANDLERS: &str = r#"
import os

from acme import Acme
from connect_handlers import approve, decided, inquire, on, serve

acme = Acme(os.environ["VENDOR_URL"])


@on.purchase
def purchase(cx):
    tenant = cx.step("create", lambda key: acme.create(cx.request["asset"]["id"], None, key))
    if cx.parameter("admin_email") != "ada@cedar.example":
        asks = inquire({"admin_email": "Nobody reads this mailbox."})
        ASK
    cx.step(f"v{cx.visit}.set_limit", lambda key: acme.set_limit(tenant["tenantId"], 10, key))
    return approve({"subscription_id": tenant["tenantId"]})


serve()
"#;

/// Works on all that is pending, and ends well.
async fn work(script: &Path, stage: &Stage, journal: &Path) {
    let ended = Program::of_script(script, stage, journal).argument("--once").run().await;
    assert!(ended.status.success(), "{ended:?}");
}

/// The customer sends the form of the inquiry.
async fn answer(stage: &Stage, asked: &AssetRequest) {
    let (_, query) = asked.params_form_url.split_once("code=").unwrap();
    let code = query.split('&').next().map(str::to_owned);
    let params = json!([{"id": "admin_email", "value": "ada@cedar.example"}]);
    let body = json!({"asset": {"params": params}});
    let id = asked.id.clone();
    let command = RequestCommand::Operate { id, operation: Operation::Pend, body, code };
    stage.emulator.platform().apply(Actor::Customer, command).await.unwrap();
}

async fn the_second_visit_goes_on(ask: &str, visit: u32) {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (script, file) = (folder.path().join("handlers.py"), folder.path().join("journal.sqlite"));
    fs::write(&script, HANDLERS.replace("ASK", ask)).unwrap();
    let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
    let purchase = purchase.param(&ParameterUpdate::value("admin_email", "nobody@cedar.example"));
    let id = stage.request(&purchase).await.unwrap();

    work(&script, &stage, &file).await;
    let asked = stage.read(&id).await.unwrap();
    assert_eq!(asked.status, RequestStatus::Inquiring);
    let email = asked.asset.params.iter().flatten().find(|it| it.id == "admin_email").unwrap();
    assert_eq!(email.value_error.as_deref(), Some("Nobody reads this mailbox."));
    // Nobody has answered yet.
    work(&script, &stage, &file).await;
    assert_eq!(stage.read(&id).await.unwrap().status, RequestStatus::Inquiring);

    answer(&stage, &asked).await;
    work(&script, &stage, &file).await;
    assert_eq!(stage.read(&id).await.unwrap().status, RequestStatus::Approved);
    let done: Vec<_> = stage.vendor.log().into_iter().map(|it| it.key.unwrap()).collect();
    let keys = [format!("{id}:create"), format!("{id}:v{visit}.set_limit")];
    assert_eq!(done.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), keys);
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    stage.must_hold(&journal, &[id]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_inquiry_and_its_answer_a_worker_goes_on_with_what_it_has_done() {
    the_second_visit_goes_on("return asks", 1).await;
}

/// What is told while the handler goes on is counted: it may do something else the next time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_has_told_of_an_inquiry_itself_hears_that_it_is_the_second_visit() {
    the_second_visit_goes_on("cx.decide(asks); return decided()", 2).await;
}
