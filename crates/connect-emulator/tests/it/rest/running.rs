//! Starting and stopping.

use std::error::Error;
use std::time::Duration;

use connect_emulator::{Canned, Config, Fault, FaultEffect, StartError, start};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::stage::{Stage, text};

#[tokio::test]
async fn a_taken_port_is_said_with_the_remedy() {
    let first = start(Config::default()).await.unwrap();
    let config = Config { listen: first.address(), ..Config::default() };
    let error = start(config).await.unwrap_err();
    assert!(matches!(error, StartError::PortTaken { listen, .. } if listen == first.address()));
    assert!(error.to_string().contains("choose another port"), "{error}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn an_address_of_another_machine_is_refused() {
    let config = Config { listen: ([192, 0, 2, 1], 0).into(), ..Config::default() };
    let error = start(config).await.unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
}

#[tokio::test]
async fn it_answers_as_soon_as_it_has_started_until_it_is_stopped() {
    let stage = Stage::set().await;
    assert_eq!(stage.vendor().get("/requests").await.status, 200);
    let address = stage.emulator.address();
    stage.emulator.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn it_stops_when_dropped() {
    let emulator = start(Config::default()).await.unwrap();
    let mut idle = TcpStream::connect(emulator.address()).await.unwrap();
    drop(emulator);
    assert_eq!(idle.read(&mut [0; 1]).await.unwrap(), 0);
}

#[tokio::test]
async fn callers_who_say_nothing_do_not_hold_up_the_end() {
    let stage = Stage::set().await;
    let silent = TcpStream::connect(stage.emulator.address()).await.unwrap();
    stage.vendor().get("/requests").await;
    tokio::time::timeout(Duration::from_secs(2), stage.emulator.stop()).await.unwrap();
    drop(silent);
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_answered_before_the_end() {
    let stage = Stage::set().await;
    stage.emulator.faults().add(Fault::new(FaultEffect::Delay { millis: 50 }).times(1));
    let call = tokio::spawn(stage.vendor().request(Method::GET, "/hubs").send());
    while !stage.emulator.faults().list().is_empty() {
        tokio::task::yield_now().await;
    }
    stage.emulator.stop().await;
    assert_eq!(call.await.unwrap().unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_broken_off_and_keeps_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let config = || Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let stage = Stage::set_with(config()).await;
    stage.emulator.faults().add(Fault::new(FaultEffect::Delay { millis: 3_600_000 }).times(2));
    let read = tokio::spawn(stage.vendor().request(Method::GET, "/hubs").send());
    let abandoned = tokio::spawn(stage.vendor().request(Method::POST, "/requests").send());
    while !stage.emulator.faults().list().is_empty() {
        tokio::task::yield_now().await;
    }
    abandoned.abort();
    let log = stage.emulator.activity().clone();
    stage.emulator.stop().await;

    assert!(read.await.unwrap().is_err());
    let calls = log.since(0);
    assert_eq!(calls.iter().map(|call| call.status).collect::<Vec<_>>(), [None, None]);
    Stage::set_with(config()).await;
}

#[tokio::test]
async fn two_emulators_with_one_seed_give_the_same_ids() {
    let config = || Config { seed: Some(7), ..Config::default() };
    let (one, two) = (Stage::set_with(config()).await, Stage::set_with(config()).await);
    assert_eq!(one.purchase().await.id, two.purchase().await.id);
    assert_eq!(world_of(&one).await, world_of(&two).await);
}

#[tokio::test]
async fn two_new_worlds_share_no_id_that_is_not_in_the_catalog() {
    let (one, two) = (Stage::set().await, Stage::set().await);
    let (first, second) = (one.purchase().await, two.purchase().await);
    assert_ne!((&first.id, &first.asset), (&second.id, &second.asset));
    assert_ne!(world_of(&one).await, world_of(&two).await);
    assert_eq!(one.emulator.product(), two.emulator.product());
}

/// Which world answers.
async fn world_of(stage: &Stage) -> String {
    stage.vendor().get("/accounts").await.header("connect-world").to_owned()
}

#[tokio::test]
async fn every_answer_says_which_world_and_version_it_comes_from() {
    let stage = Stage::set().await;
    let world = stage.emulator.platform().world_id().to_string();
    assert!((1..=64).contains(&world.len()), "{world}");
    assert!(world.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-'), "{world}");
    let fault = Fault::new(FaultEffect::Answer(Canned::status(StatusCode::BAD_GATEWAY)));
    stage.emulator.faults().add(fault.on("GET", "/hubs"));
    let (vendor, nobody) = (stage.vendor(), stage.nobody());
    let answers = [
        (vendor.get("").await, 200),
        (vendor.get("/requests").await, 200),
        (vendor.post("/requests", stage.preview_purchase()).await, 201),
        (vendor.post("/requests", json!({})).await, 400),
        (nobody.get("/requests").await, 401),
        (vendor.get("/requests/PR-0").await, 404),
        (vendor.get("/nothing").await, 404),
        (vendor.call(Method::DELETE, "/requests").await, 405),
        (vendor.get("/helpdesk/cases").await, 501),
        (vendor.get("/hubs").await, 502),
    ];
    for (said, status) in answers {
        assert_eq!(said.status, status, "{}", said.body);
        assert_eq!(said.header("connect-world"), world, "{status}");
        assert_eq!(said.header("connect-version"), "37", "{status}");
    }
    let health = stage.operator().get("/health").await.expect(200);
    assert_eq!(health["world"], world);
}

#[tokio::test]
async fn a_kept_world_stays_the_same_world() {
    let folder = tempfile::tempdir().unwrap();
    let config = |seed| Config { data: Some(folder.path().to_owned()), seed, ..Config::default() };
    let first = Stage::set_with(config(None)).await;
    let world = world_of(&first).await;
    first.emulator.stop().await;
    for seed in [None, Some(7)] {
        let next = Stage::set_with(config(seed)).await;
        assert_eq!(world_of(&next).await, world, "{seed:?}");
        next.emulator.stop().await;
    }
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let first = Stage::set_with(config()).await;
    let order = first.purchase().await;
    first.emulator.stop().await;

    let second = Stage::set_with(config()).await;
    assert_eq!(second.standing(&order).await, "pending processing");
    assert_ne!(second.purchase().await.id, order.id);
}

#[tokio::test]
async fn the_deepest_body_that_is_accepted_can_be_read_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let first = Stage::set_with(config()).await;
    let vendor = first.vendor();
    let nested = |levels: usize| {
        let mut body = first.preview_purchase();
        body["external_attributes"] = (1..levels).fold(json!({}), |inner, _| json!({"a": inner}));
        body
    };
    let refused = vendor.post("/requests", nested(64)).await.refusal();
    assert_eq!(refused, "400 VAL_001 The body is nested deeper than 64 levels.");
    let accepted = vendor.post("/requests", nested(63)).await.expect(201);
    first.emulator.stop().await;

    let second = Stage::set_with(config()).await;
    let path = format!("/requests/{}", text(&accepted["id"]));
    let read = second.vendor().get(&path).await.expect(200);
    assert_eq!(read["external_attributes"], accepted["external_attributes"]);
}

#[tokio::test]
async fn a_dropped_emulator_gives_its_folder_back() {
    let folder = tempfile::tempdir().unwrap();
    let config = || Config { data: Some(folder.path().to_owned()), ..Config::default() };
    drop(start(config()).await.unwrap());
    let again = async {
        while let Err(error) = start(config()).await {
            assert!(matches!(error, StartError::Store(_)), "{error}");
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), again).await.unwrap();
}
