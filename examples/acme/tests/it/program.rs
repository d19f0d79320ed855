//! The program's exit codes.

use std::fs::File;
use std::process::{Command, Stdio};

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
        (&["--page-size", "0"], "--page-size"),
        (&["--endpoint", "http://127.0.0.1:1/v", "--listen", "somewhere"], "setting `listen`"),
        (
            &[
                "--endpoint=http://127.0.0.1:1/v",
                "--listen=0",
                "--tls-key=k",
                "--tls-certificate=c",
            ],
            "c cannot be used",
        ),
        (&["--ready", "/nowhere/ready.json"], "/nowhere/ready.json cannot be read"),
    ] {
        let (code, told) = ended(acme(&[arguments, &complete].concat()));
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(named), "{told}");
    }
}

/// A typing error is told at the start, not tried for ever.
#[test]
fn a_vendor_address_that_is_none_ends_as_wrong_usage() {
    let complete = ["--endpoint", "http://127.0.0.1:1/v", "--api-key", "ApiKey SU-1:secret"];
    for address in
        ["nonsense", "acme.example/api", "ftp://acme.example", "https://a:pw@acme.example"]
    {
        let (code, told) = ended(acme(&[&["--vendor-url", address][..], &complete].concat()));
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("setting `vendor-url`") && !told.contains("pw"), "{told}");
    }
}

/// On a full disk, or with nobody reading it any more.
#[test]
fn a_log_that_cannot_be_written_changes_no_exit_code() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for log in [Stdio::from(full), Stdio::from(writer)] {
        let mut command = acme(&["--once", "--endpoint", "http://127.0.0.1:9/v"]);
        command.args(["--vendor-url", "http://127.0.0.1:9", "--api-key", "ApiKey SU-1:secret"]);
        let folder = tempfile::tempdir().unwrap();
        let status = command.current_dir(&folder).stderr(log).status().unwrap();
        assert_eq!(status.code(), Some(1));
    }
}

#[test]
fn a_ready_file_says_where_everything_is_unless_another_endpoint_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready.json");
    let text = "{\"platform\": \"http://127.0.0.1:9/from-ready\", \"vendor\": \"http://127.0.0.1:8\", \
                \"vendor_key\": \"ApiKey SU-1:secret\", \"product\": \"PRD-1\"}";
    std::fs::write(&ready, text).unwrap();
    let ready = ready.to_str().unwrap();
    let told = |arguments: &[&str]| {
        let mut command = acme(&[&["--once", "--ready", ready][..], arguments].concat());
        command.current_dir(&folder);
        ended(command)
    };
    let (code, text) = told(&[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("127.0.0.1:9 could not be reached"), "{text}");
    let (code, text) = told(&["--endpoint", "http://127.0.0.1:7/other"]);
    assert_eq!(code, Some(2), "its key belongs to its own endpoint: {text}");
    assert!(text.contains("the API key is not set"), "{text}");
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

/// Two accounts whose platforms are gone.
const ACCOUNTS: &str = "vendor-url = \"http://127.0.0.1:2\"\n
    [account.preview]\nendpoint = \"http://127.0.0.1:3/v\"\napi-key = \"ApiKey SU-1:preview\"\n
    [account.production]\napi-key = \"ApiKey SU-2:production\"\n";

#[test]
fn what_an_account_says_comes_before_the_environment_and_the_rest_from_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("acme.toml"), ACCOUNTS).unwrap();
    let mut command = acme(&["--once", "--config=acme.toml"]);
    command.current_dir(&folder).env("CONNECT_ENDPOINT", "http://127.0.0.1:4/v");
    command.env("CONNECT_API_KEY", "ApiKey SU-3:of-nobody");
    let (code, told) = ended(command);
    assert_eq!(code, Some(1), "{told}");
    for (account, port) in [("preview", 3), ("production", 4)] {
        let about = format!("processor{{account={account}}}: Connect cannot be used: ");
        let line = told.lines().find(|line| line.contains(&about));
        assert!(line.is_some_and(|line| line.contains(&format!("127.0.0.1:{port}"))), "{told}");
    }
    assert!(folder.path().join("acme-preview-journal.sqlite").exists());
}

#[test]
fn a_wrong_setting_of_the_vendors_says_of_which_account_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        format!("endpoint = \"http://127.0.0.1:4/v\"\n{ACCOUNTS}vendor-url = \"nonsense\"");
    std::fs::write(folder.path().join("acme.toml"), settings).unwrap();
    let mut command = acme(&["--once", "--config=acme.toml"]);
    command.current_dir(&folder);
    let (code, told) = ended(command);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("account `production`: setting `vendor-url`"), "{told}");
    assert!(!folder.path().join("acme-preview-journal.sqlite").exists(), "nothing is touched");
}

#[test]
fn a_journal_from_before_there_were_accounts_is_not_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("acme.toml");
    std::fs::write(&settings, ACCOUNTS).unwrap();
    std::fs::write(folder.path().join("acme-journal.sqlite"), "").unwrap();
    let told = || {
        let mut command =
            acme(&["--once", "--config=acme.toml", "--endpoint=http://127.0.0.1:4/v"]);
        command.current_dir(&folder);
        ended(command)
    };
    let (code, said) = told();
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("say `journal = \"acme-journal.sqlite\"` in the table"), "{said}");
    let mine = "[account.production]\njournal = \"./acme-journal.sqlite\"\n";
    std::fs::write(&settings, ACCOUNTS.replace("[account.production]\n", mine)).unwrap();
    let (code, said) = told();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("acme-journal.sqlite: is empty"), "it is taken: {said}");
}

#[test]
fn a_check_tries_the_address_and_says_what_it_has_not_looked_at() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("--listen={}", taken.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut command = acme(&["--check", "--endpoint", "http://127.0.0.1:9/v", &listen]);
    command.args(["--vendor-url", "http://127.0.0.1:9", "--api-key", "ApiKey SU-1:secret"]);
    let output = command.current_dir(&folder).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    for line in
        ["error CLT_UNREACHABLE", "error RUN_LISTEN", "not looked at: the journal acme-journal"]
    {
        assert!(told.lines().any(|it| it.starts_with(line)), "{line}: {told}");
    }
    assert!(folder.path().read_dir().unwrap().next().is_none(), "a check makes no journal");
}

#[test]
fn a_check_of_several_accounts_tries_the_address_of_all_once() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("acme.toml"), ACCOUNTS).unwrap();
    let told = || {
        let mut command = acme(&["--check", "--config=acme.toml"]);
        command.args(["--endpoint=http://127.0.0.1:4/v", &format!("--listen={address}")]);
        let output = command.current_dir(&folder).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = told();
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said.matches("error RUN_LISTEN").count(), 1, "{said}");
    for line in [
        "error RUN_LISTEN, this machine",
        "account preview: error CLT_UNREACHABLE",
        "account production: error CLT_UNREACHABLE",
        "not looked at: the journal acme-preview-journal.sqlite, the journal acme-production-journal",
    ] {
        assert!(said.lines().any(|it| it.starts_with(line)), "{line}: {said}");
    }
    drop(taken);
    let (_, said) = told();
    assert!(!said.contains("RUN_LISTEN"), "one account takes it from no other: {said}");
}
