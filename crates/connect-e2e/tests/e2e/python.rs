//! CloudBlue's own Python programs, unmodified, from PyPI.

use std::path::Path;
use std::process::Command;

use connect_e2e::Stage;
use connect_e2e::python::{CLIENT, Package, SDK};
use connect_emulator::Config;
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

/// A stage whose product needs its resellers configured, and theirs.
async fn with_resellers() -> Stage {
    let config = Config { scenario: Scenario::demo().with_resellers(), ..Config::default() };
    let stage = Stage::with(config).await.unwrap();
    let update = ProductCommand::Update {
        id: stage.emulator.product(),
        body: json!({"capabilities": {"tiers": {"configs": {"level": 2}}}}),
    };
    stage.apply(update).await.unwrap();
    stage
}

/// What a script beside this file prints when it has come to its end.
fn told(stage: &Stage, package: &Package, script: &str) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scripts = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/python"));
    let output = Command::new(package.interpreter(target).unwrap())
        .args(["-B", "-W", "ignore"])
        .arg(scripts.join(script).with_extension("py"))
        .arg(stage.emulator.endpoint())
        .arg(&stage.emulator.keys().vendor)
        .arg(stage.emulator.product().as_str())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}
