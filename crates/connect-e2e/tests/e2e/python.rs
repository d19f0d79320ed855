//! CloudBlue's own Python programs, unmodified, from PyPI.

mod every_route;

use std::future::pending;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_e2e::python::{CLIENT, DEVOPS, Package, SDK};
use connect_emulator::Config;
use connect_journal::MemoryJournal;
use connect_world::command::ProductCommand;
use connect_world::scenario::Scenario;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_python_client_tells_the_whole_story() {
    let stage = Stage::start().await.unwrap();
    insta::assert_snapshot!(told(&stage, &CLIENT, "story"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_python_client_sets_resellers_up_and_finds_them() {
    let stage = with_resellers().await;
    insta::assert_snapshot!(told(&stage, &CLIENT, "tiers"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_asynchronous_client_sets_resellers_up_side_by_side() {
    let stage = with_resellers().await;
    insta::assert_snapshot!(told(&stage, &CLIENT, "tiers_async"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_processor_on_cloudblues_deprecated_sdk_decides_about_resellers() {
    let stage = with_resellers().await;
    insta::assert_snapshot!(told(&stage, &SDK, "automation"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_processor_on_cloudblues_deprecated_sdk_serves_subscriptions() {
    let stage = demo().await;
    insta::assert_snapshot!(told(&stage, &SDK, "fulfillment"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_is_reported_and_accepted_by_programs_on_cloudblues_deprecated_sdk() {
    let stage = demo().await;
    let distributor = stage.emulator.keys().distributor.as_str();
    insta::assert_snapshot!(told_with(&stage, &SDK, "usage_automation", &[distributor]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_testing_library_tests_our_processor() {
    let stage = demo().await;
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let processor = stage.processor(journal).unwrap();
    let running = tokio::spawn(processor.run(pending()));
    insta::assert_snapshot!(told(&stage, &DEVOPS, "devops"));
    running.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_testing_library_answers_inquiries() {
    let stage = demo().await;
    insta::assert_snapshot!(told(&stage, &DEVOPS, "devops_inquiry"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_with_pyjwt_believes_webhooks_and_refuses_forged_calls() {
    let stage = demo().await;
    insta::assert_snapshot!(told(&stage, &CLIENT, "receiver"));
}

/// A stage with what `cnct up` has: its product could ask resellers for something, and does not.
pub(crate) async fn demo() -> Stage {
    let config = Config { scenario: Scenario::demo().with_resellers(), ..Config::default() };
    Stage::with(config).await.unwrap()
}

/// The same, where the product needs its resellers configured, and theirs.
async fn with_resellers() -> Stage {
    let stage = demo().await;
    let update = ProductCommand::Update {
        id: stage.emulator.product(),
        body: json!({"capabilities": {"tiers": {"configs": {"level": 2}}}}),
    };
    stage.apply(update).await.unwrap();
    stage
}

/// What a script beside this file prints when it has come to its end.
fn told(stage: &Stage, package: &Package, script: &str) -> String {
    told_with(stage, package, script, &[])
}

/// The same of a script that is given more than the vendor's key and product.
fn told_with(stage: &Stage, package: &Package, script: &str, more: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scripts = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/python"));
    let output = Command::new(package.interpreter(target).unwrap())
        .args(["-B", "-W", "ignore"])
        .arg(scripts.join(script).with_extension("py"))
        .arg(stage.emulator.endpoint())
        .arg(&stage.emulator.keys().vendor)
        .arg(stage.emulator.product().as_str())
        .args(more)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}\n{errors}");
    told
}
