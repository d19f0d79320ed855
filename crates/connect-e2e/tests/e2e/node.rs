//! CloudBlue's JavaScript SDK, unmodified, from the npm registry.

use std::path::{Path, PathBuf};
use std::process::Command;

use connect_e2e::node;

use crate::python::demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_javascript_sdk_tells_all_it_offers() {
    let Some(packages) = packages() else { return };
    let stage = demo().await;
    let output = Command::new("node")
        .arg(scripts().join("sdk.js"))
        .arg(stage.emulator.endpoint())
        .arg(&stage.emulator.keys().vendor)
        .arg(stage.emulator.product().as_str())
        .arg(&stage.emulator.keys().distributor)
        .env("NODE_PATH", packages)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    insta::assert_snapshot!(told);
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/node")
}

/// The packages, or nothing where they cannot be had; `cargo xtask test` says so aloud.
fn packages() -> Option<PathBuf> {
    if node::is_there() {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        return Some(node::packages(&scripts().join("package.json"), target).unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "node or npm is missing, so the SDK cannot be run");
    None
}
