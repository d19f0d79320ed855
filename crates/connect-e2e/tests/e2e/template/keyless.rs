//! A vendor that knows no keys, and is not said to: nothing is done twice, and what is in doubt waits for a
//! person who is told what to look for.

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, TenantOperation};
use connect_e2e::Stage;
use connect_e2e::kills::{Day, Kind};
use connect_journal::{Journal, Note, RunId, RunState, SqliteJournal};
use connect_model::asset_request::RequestUpdate;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequest, ParameterUpdate};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{project, under_the_runtime};
use crate::program::{Program, programs};

const HOW_TO_GO_ON: &str = "look at what the vendor has: where it has not happened, revive the run to let it \
                            act again; where it has, finish the request by hand";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_double_nothing_and_lose_nothing_and_a_person_ends_what_is_in_doubt() {
    let of = Kind::named("keyless").unwrap();
    let day = Day { of, programs: programs(), seed: 0, kills: 6 };
    let worked = day.work().await.unwrap();
    let toll = day.judge(&worked).await.unwrap();
    assert_eq!(toll.broken, None);
    assert!(toll.parked > 3, "kills left something in doubt: {toll:?}");
    let stage = &worked.stage;
    assert!(stage.vendor.log().iter().all(|effect| effect.key.is_none()), "no key is sent");

    let journal = SqliteJournal::open(worked.journal(), SystemClock).unwrap();
    let parked = parked(&journal).await;
    assert_eq!(parked.len(), toll.parked);
    for (run, why) in &parked {
        Person { stage, journal: &journal }.see_to(run, why).await;
    }
    drop(journal);
    let project = project(stage, worked.folder.path());
    let program = Program::of_template(&project, stage, &worked.journal());
    program.argument("--once").argument("--patience=1m").run().await;
    assert_eq!(worked.wrong().await.unwrap(), Vec::<String>::new(), "{parked:#?}");
}

async fn parked(journal: &SqliteJournal) -> Vec<(RunId, String)> {
    let runs = connect_testing::runs(journal).await.unwrap();
    let parked = runs.into_iter().filter(|run| run.view.state == RunState::Parked);
    let told = parked.map(|run| match run.view.note {
        Some(Note::Why(why)) => (run.view.id, why),
        _ => (run.view.id, String::new()),
    });
    told.collect()
}

/// Somebody who does what the message of a parked run says.
struct Person<'a> {
    stage: &'a Stage,
    journal: &'a SqliteJournal,
}

impl Person<'_> {
    async fn see_to(&self, run: &RunId, why: &str) {
        assert!(why.starts_with("step `effect-"), "{why}");
        assert!(why.contains("must not be repeated"), "{why}");
        assert!(why.ends_with(HOW_TO_GO_ON), "{why}");
        let request = self.stage.read(&run.as_str().into()).await.unwrap();
        // The call, by which the vendor can be asked.
        let call = why.split_once("(`").unwrap().1.split_once("`)").unwrap().0;
        let (method, address) = call.split_once(' ').unwrap();
        let path = address.strip_prefix(&self.stage.vendor.url()).unwrap();
        let parts: Vec<_> = path.split('/').skip(1).collect();
        match (method, parts.as_slice()) {
            ("POST", ["tenant"]) => match self.tenant(&request).await {
                Some(tenant) => self.finish(&request, &tenant, Some(10)).await,
                None => self.revive(run).await,
            },
            ("PUT", ["tenant", tenant]) if self.did(tenant, TenantOperation::SetLimit) => {
                self.finish(&request, tenant, None).await;
            }
            ("PUT", ["tenant", tenant, "enable"]) if self.did(tenant, TenantOperation::Enable) => {
                self.finish(&request, tenant, None).await;
            }
            _ => {
                assert!(
                    matches!(parts.as_slice(), ["tenant", _] | ["tenant", _, "enable"]),
                    "{why}"
                );
                self.revive(run).await;
            }
        }
    }

    /// The tenant that was made for a purchase.
    async fn tenant(&self, request: &AssetRequest) -> Option<String> {
        let address = format!("{}/tenant?externalId={}", self.stage.vendor.url(), request.asset.id);
        let found: Vec<Value> = reqwest::get(address).await.unwrap().json().await.unwrap();
        found.first().map(|tenant| tenant["tenantId"].as_str().unwrap().to_owned())
    }

    fn did(&self, tenant: &str, operation: TenantOperation) -> bool {
        let log = self.stage.vendor.log();
        log.iter().any(|it| &*it.tenant == tenant && it.operation == operation)
    }

    async fn revive(&self, run: &RunId) {
        self.journal.revive(run, Timestamp::now(), "a person").await.unwrap();
    }

    /// Does by hand what is left to do.
    async fn finish(&self, request: &AssetRequest, tenant: &str, limit: Option<u32>) {
        if let Some(limit) = limit {
            let address = format!("{}/tenant/{tenant}", self.stage.vendor.url());
            let call = reqwest::Client::new().put(address);
            let answer = call.json(&json!({"licences": {"limit": limit}})).send().await.unwrap();
            assert!(answer.status().is_success());
        }
        let params = RequestUpdate::params([ParameterUpdate::value(acme::SUBSCRIPTION_ID, tenant)]);
        self.stage.operate(&request.id, Operation::Update, json!(params)).await.unwrap();
        self.stage.operate(&request.id, Operation::Approve, json!({})).await.unwrap();
    }
}

/// Nothing was done, or something was: nobody knows, and the message says what was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_waits_for_a_person_who_is_told_the_call() {
    for lost in [FaultEffect::LoseCall, FaultEffect::LoseAnswer] {
        let stage = Stage::start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.sqlite");
        let id = stage.pending_resume("t-1").await.unwrap();
        stage.vendor.fault(Fault::new(lost).on_operation(TenantOperation::Enable).times(1));
        let project = project(&stage, folder.path());
        let program = Program::of_template(&project, &stage, &file).argument("--once");
        let ended = program.argument("--patience=1m").run().await;
        assert_eq!(ended.status.code(), Some(3), "{ended:?}");

        let journal = SqliteJournal::open(&file, SystemClock).unwrap();
        let [(run, why)] = &parked(&journal).await[..] else { panic!("one waits: {ended:?}") };
        assert_eq!(run.as_str(), id.as_str());
        let call = format!("PUT {}/tenant/t-1/enable", stage.vendor.url());
        assert!(why.contains(&call), "{why}");
        assert!(why.ends_with(HOW_TO_GO_ON), "{why}");
        assert!(stage.vendor.log().len() < 2);
    }
}

/// As docs/template.md says of an address that is said to honour keys and does not. So the tests above would
/// see a doubled effect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_is_said_to_honour_keys_and_does_not_has_doubled_effects() {
    let stage = Stage::start().await.unwrap();
    stage.vendor.ignore_keys(true);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let id = stage.pending_resume("t-1").await.unwrap();
    stage.vendor.fault(Fault::new(FaultEffect::LoseAnswer).times(1));
    let program = under_the_runtime(&stage, &file).argument("--once").argument("--patience=1m");
    let ended = program.run().await;
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(stage.vendor.log().len(), 2);
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    let held = stage.must_hold(&journal, &[id]).await.unwrap_err().to_string();
    assert!(held.contains("doubled: "), "{held}");
}
