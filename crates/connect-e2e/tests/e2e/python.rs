//! CloudBlue's own Python client, unmodified, from PyPI.

use std::path::Path;
use std::process::Command;

use connect_e2e::{Stage, python};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloudblues_python_client_tells_the_whole_story() {
    let stage = Stage::start().await.unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let python = python::interpreter(target).unwrap();
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/python/story.py"))
        .arg(stage.emulator.endpoint())
        .arg(&stage.emulator.keys().vendor)
        .arg(stage.emulator.product().as_str())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
}
