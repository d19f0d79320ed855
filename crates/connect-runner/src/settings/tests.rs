//! Flags, then the file, then defaults. The environment has tests at Acme's program.

use std::path::Path;
use std::time::Duration;

use clap::{Args, Command};

use super::{Listen, Settings};
use crate::arguments::{Arguments, ArgumentsError, parse};

/// The settings of some vendor.
#[derive(Args, Debug)]
struct Own {
    /// The vendor's API
    #[arg(long, env = "SOME_VENDORS_URL")]
    vendor_url: String,
    /// How many tenants share a machine
    #[arg(long, default_value_t = 4)]
    tenants: u8,
    #[arg(long)]
    regions: Vec<String>,
    #[arg(long)]
    secret: Option<String>,
}

const COMPLETE: [&str; 3] = [
    "--endpoint=http://127.0.0.1:1/public/v1",
    "--api-key=ApiKey SU-1:secret",
    "--vendor-url=http://127.0.0.1:2",
];

fn parsed<V: Args>(flags: &[&str]) -> Result<Arguments<V>, String> {
    let command = Command::new("vendor").about("Sells tenants.");
    let flags = ["vendor"].iter().chain(flags).map(Into::into);
    parse(command, "vendor", flags).map_err(|ended| match ended {
        ArgumentsError::Told(usage) => usage.to_string(),
        ArgumentsError::Settings(error) => error.to_string(),
    })
}

fn settings(flags: &[&str]) -> Settings {
    parsed::<Own>(&[&COMPLETE, flags].concat()).unwrap().settings
}

fn refused(flags: &[&str]) -> String {
    parsed::<Own>(&[&COMPLETE, flags].concat()).err().unwrap()
}

/// What a program makes of these flags and a file with this text.
fn with_file(text: &str, flags: &[&str]) -> Result<Arguments<Own>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vendor.toml");
    std::fs::write(&path, text).unwrap();
    let config = format!("--config={}", path.display());
    parsed(&[&[config.as_str()], flags].concat())
        .map_err(|error| error.replace(&folder.path().display().to_string(), "FOLDER"))
}

fn file(text: &str) -> String {
    with_file(text, &COMPLETE).err().unwrap()
}

#[test]
fn what_is_not_given_has_a_default() {
    let Settings { template, concurrency, lease, products, journal, listen, .. } = settings(&[]);
    assert_eq!(template, "Default Activation Template");
    assert_eq!((concurrency.get(), lease, products.len()), (16, Duration::from_secs(60), 0));
    assert_eq!(journal, Path::new("vendor-journal.sqlite"));
    assert!(listen.is_none());
}

#[test]
fn a_flag_comes_before_the_file() {
    let text = "lease = \"5m\"\npoll = \"10s\"\nproducts = [\"PRD-411-678-887\"]\nconcurrency = 4\n\
                allow-plain-http = true\ntenants = 9\nregions = [\"here\", \"there\"]";
    let flags = [&COMPLETE[..], &["--lease=2m"]].concat();
    let Arguments { settings, own, .. } = with_file(text, &flags).unwrap();
    assert_eq!(settings.lease, Duration::from_secs(120));
    assert_eq!(settings.poll, Duration::from_secs(10));
    assert_eq!(settings.products, ["PRD-411-678-887"]);
    assert_eq!((settings.concurrency.get(), settings.allow_plain_http), (4, true));
    assert_eq!((own.tenants, own.regions.join(" ").as_str()), (9, "here there"));
    let own =
        with_file(text, &[&flags[..], &["--tenants=2", "--regions=mine"]].concat()).unwrap().own;
    assert_eq!((own.tenants, own.regions.join(" ").as_str()), (2, "mine"));
}

#[test]
fn help_is_about_the_program() {
    let help = parsed::<Own>(&["--help"]).err().unwrap();
    assert!(help.starts_with("Sells tenants."), "{help}");
    assert!(help.contains("--tenants") && help.contains("vendor-journal.sqlite"), "{help}");
}

#[test]
fn a_vendor_without_settings_has_a_program_too() {
    assert!(parsed::<()>(&COMPLETE[..2]).is_ok());
    let told = parsed::<()>(&COMPLETE).err().unwrap();
    assert!(told.contains("unexpected argument '--vendor-url'"), "{told}");
}

#[test]
fn what_is_wrong_is_named_with_its_remedy() {
    let told = [
        parsed::<Own>(&COMPLETE[2..]).err().unwrap(),
        parsed::<Own>(&[COMPLETE[0], COMPLETE[2], "--api-key=  "]).err().unwrap(),
        parsed::<Own>(&COMPLETE[..2]).err().unwrap(),
        parsed::<Own>(&[COMPLETE[0], COMPLETE[2], "--api-key-file=/nowhere/key"]).err().unwrap(),
        refused(&["--api-key-file=/nowhere/key"]),
        refused(&["--products=PRD-1"]),
        refused(&["--environments=moon"]),
        refused(&["--lease=soon"]),
        refused(&["--poll=0s"]),
        refused(&["--lease=1ms"]),
        refused(&["--lease=48h"]),
        refused(&["--patience=0s"]),
        refused(&["--patience=-5s"]),
        refused(&["--stuck-after=1s"]),
        refused(&["--stuck-after=1000h"]),
        refused(&["--listen=localhost"]),
        refused(&["--tls-key=key.pem"]),
        refused(&["--listen=8090", "--tls-certificate=certificate.pem"]),
        refused(&["--tls-key=key.pem", "--tls-certificate=certificate.pem"]),
        refused(&["--callback-url=https://processor.example/callback"]),
        refused(&["--callback-secret=key"]),
        refused(&["--callback-url=https://processor.example/callback", "--callback-secret=key"]),
        refused(&["--listen=8090", "--callback-url=processor", "--callback-secret=key"]),
        file("leese = \"5m\""),
        file("\n\nconcurrency = 0"),
        file("tenants = 300"),
        file("lease = [\"5m\"]"),
        file("products = \"PRD-411-678-887\""),
        file("[products]\na = 1"),
        refused(&["--config=/nowhere/vendor.toml"]),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_key_or_its_file_comes_before_what_a_file_says_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "ApiKey SU-1:secret\n").unwrap();
    let key_file = format!("--api-key-file={}", key.display());
    let settings = |text: &str, flag: &str| {
        with_file(text, &[COMPLETE[0], COMPLETE[2], flag]).map(|it| it.settings.key_file.is_some())
    };
    assert_eq!(settings("", &key_file), Ok(true));
    assert_eq!(settings("api-key = \"nonsense\"", &key_file), Ok(true));
    assert_eq!(settings("api-key-file = \"/nowhere/key\"", COMPLETE[1]), Ok(false));
    let both = format!("api-key = \"ApiKey SU-1:a\"\napi-key-file = '{}'", key.display());
    assert!(
        settings(&both, "--tenants=2").is_err_and(|told| told.contains("leave one of both out"))
    );
}

#[test]
fn a_ready_file_says_the_key_whatever_file_is_in_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready.json");
    let text = "{\"platform\": \"http://127.0.0.1:9/v\", \"vendor\": \"http://127.0.0.1:8\", \
                \"vendor_key\": \"ApiKey SU-1:secret\"}";
    std::fs::write(&ready, text).unwrap();
    let ready = format!("--ready={}", ready.display());
    let told = with_file("api-key-file = \"/nowhere/key\"", &[&ready]);
    assert!(told.is_ok_and(|it| it.settings.key_file.is_none()));
}

#[test]
fn one_request_is_neither_everything_nor_a_check() {
    let request = "--request=PR-8027-7606-7082-003";
    let told = parsed::<Own>(&[&COMPLETE[..], &[request]].concat()).unwrap();
    assert_eq!(told.request.as_deref(), Some("PR-8027-7606-7082-003"));
    for other in ["--once", "--check"] {
        assert!(refused(&[request, other]).contains("cannot be used with"));
    }
    let told = file("request = \"PR-8027-7606-7082-003\"");
    assert!(told.contains("unknown field"), "{told}");
}

#[test]
fn a_port_alone_is_for_this_machine() {
    let address =
        |flag: &str| settings(&[flag]).listen.map(|Listen { address, .. }| address.to_string());
    assert_eq!(address("--listen=8090").as_deref(), Some("127.0.0.1:8090"));
    assert_eq!(address("--listen=0.0.0.0:0").as_deref(), Some("0.0.0.0:0"));
    assert_eq!(address("--listen=[::1]:1").as_deref(), Some("[::1]:1"));
}

#[test]
fn secrets_do_not_print() {
    let shown = format!("{:?}", settings(&[]));
    assert!(!shown.contains("secret"), "{shown}");
    let mut told =
        vec![parsed::<Own>(&[COMPLETE[0], COMPLETE[2], "--api-key=SU-1:secret"]).err().unwrap()];
    for text in [
        "poll = \"1s\"\napi-key = ApiKey SU-1:secret",
        "api-key = \"ApiKey SU-1:secret",
        "api-key = [\"ApiKey SU-1:secret\"]",
        "api-kee = \"ApiKey SU-1:secret\"",
        "tenants = \"secret\"",
    ] {
        told.push(file(text));
    }
    assert!(!told.concat().contains("secret\""), "{told:?}");
    let help =
        with_file("secret = \"sesame\"", &[&COMPLETE[..], &["--help"]].concat()).err().unwrap();
    assert!(help.contains("--secret") && !help.contains("sesame"), "{help}");
    insta::assert_snapshot!(told.join("\n"));
}
