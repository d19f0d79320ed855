//! The program's exit codes.

use std::process::Command;

/// The program, without the settings of whoever runs the tests.
fn acme(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))));
    let foreign = std::env::vars_os().map(|(name, _)| name);
    for name in foreign.filter(|name| name.to_string_lossy().starts_with("CONNECT_")) {
        command.env_remove(name);
    }
    command.env_remove("ACME_URL").env_remove("RUST_LOG").args(arguments);
    command
}

fn ended(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn settings_that_cannot_be_used_end_as_wrong_usage() {
    let complete = ["--vendor-url", "http://127.0.0.1:2", "--api-key", "ApiKey SU-1:secret"];
    for (arguments, named) in [
        (&["--once"][..], "Connect's API is not set"),
        (&["--config", "/nowhere/acme.toml"], "/nowhere/acme.toml cannot be read"),
        (&["--endpoint", "http://connect.example"], "over plain http"),
        (&["--endpoint", "http://127.0.0.1:1/v", "--poll", "soon"], "setting `poll`"),
        (&["--concurrency", "0"], "--concurrency"),
    ] {
        let (code, told) = ended(acme(&[arguments, &complete].concat()));
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(named), "{told}");
    }
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.toml");
    let text = "endpoint = \"http://127.0.0.1:1/from-the-file\"\napi-key = \"ApiKey SU-1:s\"\n\
                vendor-url = \"http://127.0.0.1:2\"\nconcurrency = 4\n";
    std::fs::write(&file, text).unwrap();
    let mut command = acme(&["--once", "--config"]);
    command.arg(&file).current_dir(&folder);
    for name in ["ENDPOINT", "API_KEY", "PRODUCTS", "CONCURRENCY", "LEASE"] {
        command.env(format!("CONNECT_{name}"), "");
    }
    let (code, told) = ended(command);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("127.0.0.1:1 could not be reached"), "{told}");
}
