//! Handlers in other languages: the stories of Acme's own, by workers that the real program starts.

use std::time::Duration;

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, Refuse};
use connect_e2e::kills::Watch;
use connect_e2e::{Language, Stage};
use connect_journal::SqliteJournal;
use connect_model::asset_request::NewRequest;
use connect_model::{Asset, RequestStatus};

use crate::program::Program;

const LANGUAGES: [Language; 2] = [Language::Python, Language::JavaScript];

/// Works on all that is pending, and ends well.
async fn work(language: Language, stage: &Stage, file: &std::path::Path) {
    let program = Program::in_language(language, stage, file).log("info").argument("--once");
    let ended = program.argument("--patience=1m").run().await;
    assert!(ended.status.success(), "{language:?}: {ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_lives_its_life_in_every_language() {
    for language in LANGUAGES {
        let stage = Stage::start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.sqlite");
        let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
        let mut ids = vec![stage.request(&purchase).await.unwrap()];
        work(language, &stage, &file).await;
        let asset = stage.read(&ids[0]).await.unwrap().asset.id;
        let later = [
            NewRequest::change(&asset).item("MPN-A", 20),
            NewRequest::suspend(&asset),
            NewRequest::resume(&asset),
            NewRequest::cancel(&asset),
        ];
        for request in &later {
            ids.push(stage.request(request).await.unwrap());
            work(language, &stage, &file).await;
        }
        for id in &ids {
            assert_eq!(
                stage.read(id).await.unwrap().status,
                RequestStatus::Approved,
                "{language:?}"
            );
        }
        let asset: Asset = stage.client().unwrap().get(asset.as_str()).await.unwrap();
        assert_eq!(asset.status.as_str(), "terminated", "{language:?}");
        let done: Vec<_> = stage.vendor.log().iter().map(|it| it.operation.as_str()).collect();
        assert_eq!(
            done,
            ["create", "set_limit", "set_limit", "disable", "enable", "delete"],
            "{language:?}"
        );
        let journal = SqliteJournal::open(&file, SystemClock).unwrap();
        stage.must_hold(&journal, &ids).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_resume_fails_with_the_vendors_reason_in_every_language() {
    for language in LANGUAGES {
        let stage = Stage::start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.sqlite");
        let id = stage.pending_resume("t-1").await.unwrap();
        let overdue = Refuse {
            status: 409,
            code: "payment_overdue".into(),
            reason: "Two invoices are unpaid.".into(),
        };
        stage.vendor.fault(Fault::new(FaultEffect::Refuse(overdue)).of("t-1"));
        work(language, &stage, &file).await;
        let request = stage.read(&id).await.unwrap();
        assert_eq!(request.status, RequestStatus::Failed, "{language:?}");
        assert_eq!(request.reason, "Two invoices are unpaid.", "{language:?}");
        assert_eq!(request.asset.status.as_str(), "suspended", "{language:?}");
        assert!(stage.vendor.log().is_empty(), "{language:?}");
    }
}

/// Workers are killed under load while the runtime goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_are_killed_lose_nothing_and_double_nothing() {
    for language in LANGUAGES {
        workers_are_killed(language).await;
    }
}

const KILLS: usize = 12;

async fn workers_are_killed(language: Language) {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let ids = stage.pending_resumes(120).await.unwrap();
    stage.vendor.fault(Fault::new(FaultEffect::Delay { millis: 40 }));
    let mut life = Program::in_language(language, &stage, &file)
        .argument("--once")
        .argument("--patience=2m")
        .start();
    let (mut kills, mut random) = (0, fastrand::Rng::with_seed(7));
    // Fewer are handled between two kills than are there for each.
    while kills < KILLS && life.is_alive() {
        Watch::set(&stage).call().await.unwrap();
        tokio::time::sleep(Duration::from_millis(random.u64(0..60))).await;
        kills += usize::from(life.kill_a_worker(&mut random));
    }
    assert!(life.end().success(), "{language:?}: all ends well");
    assert_eq!(kills, KILLS, "{language:?}: workers were killed at work");
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    stage.must_hold(&journal, &ids).await.unwrap();
    assert_eq!(stage.vendor.log().len(), ids.len(), "{language:?}: one effect for each request");
}
