//! Flags, then the file, then defaults. The environment has tests at Acme's program.

use std::path::Path;
use std::time::Duration;

use clap::{Args, Command};

use super::{Listen, Settings};
use crate::arguments::{AccountArguments, Arguments, ArgumentsError, Mode, parse};

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
    parsed::<Own>(&[&COMPLETE, flags].concat()).unwrap().accounts.remove(0).settings
}

fn refused(flags: &[&str]) -> String {
    parsed::<Own>(&[&COMPLETE, flags].concat()).err().unwrap()
}

/// What a program makes of these flags and a file with this text.
fn with_file(text: &str, flags: &[&str]) -> Result<AccountArguments<Own>, String> {
    accounts(text, flags).map(|mut accounts| accounts.remove(0))
}

/// What a program of several accounts makes of these flags and a file with this text; what stands in
/// the file `key` is a key.
fn accounts(text: &str, flags: &[&str]) -> Result<Vec<AccountArguments<Own>>, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "ApiKey SU-9:of-a-file").unwrap();
    let text = text.replace("FOLDER", folder.path().to_str().unwrap());
    let path = folder.path().join("vendor.toml");
    std::fs::write(&path, text).unwrap();
    let config = format!("--config={}", path.display());
    parsed(&[&[config.as_str()], flags].concat())
        .map(|told| told.accounts)
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
    let AccountArguments { settings, own, .. } = with_file(text, &flags).unwrap();
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
    assert_eq!(told.mode, Mode::Request("PR-8027-7606-7082-003".to_owned()));
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

/// Two accounts that are told all they need.
const TWO: &str = "
endpoint = \"http://127.0.0.1:1/v\"
vendor-url = \"http://127.0.0.1:2\"
poll = \"10s\"

[account.production]
api-key = \"ApiKey SU-1:a\"

[account.preview]
endpoint = \"http://127.0.0.1:3/v\"
api-key-file = \"FOLDER/key\"
poll = \"20s\"
vendor-rate = 5
tenants = 9
";

#[test]
fn an_account_says_what_is_its_own_and_has_the_rest_from_all() {
    let told = accounts(TWO, &[]).unwrap();
    let shown: Vec<String> = told
        .iter()
        .map(|AccountArguments { name, settings, own }| {
            let name = name.as_ref().unwrap();
            let Settings { endpoint, journal, poll, has_own_vendor_rate, .. } = settings;
            let journal = journal.display();
            format!("{name}: {endpoint} {journal} {poll:?} {has_own_vendor_rate} {}", own.tenants)
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
        preview: http://127.0.0.1:3/v vendor-preview-journal.sqlite 20s true 9
        production: http://127.0.0.1:1/v vendor-production-journal.sqlite 10s false 4
        ");
    let quick = accounts(TWO, &["--poll=1s", "--vendor-rate=7"]).unwrap();
    let is_quick = |it: &AccountArguments<Own>| {
        it.settings.poll == Duration::from_secs(1) && !it.settings.has_own_vendor_rate
    };
    assert!(quick.iter().all(is_quick), "flags come before tables");
    let one = accounts(TWO, &["--account=preview"]).unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].name.as_ref().unwrap().as_str(), "preview");
    let one = accounts(TWO, &["--account=preview", "--journal=mine.sqlite"]).unwrap();
    assert_eq!(one[0].settings.journal, Path::new("mine.sqlite"));
}

#[test]
fn the_key_of_an_account_is_its_own_whatever_is_said_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready.json");
    let text = "{\"platform\": \"http://127.0.0.1:9/v\", \"vendor\": \"http://127.0.0.1:8\", \
                \"vendor_key\": \"ApiKey SU-5:ready\"}";
    std::fs::write(&ready, text).unwrap();
    let ready = ready.to_str().unwrap();
    let local = format!("{TWO}\n[account.local]\nready = '{ready}'");
    let told = accounts(&local, &[]).unwrap();
    let [local, preview, production] = told.as_slice() else { panic!() };
    assert_eq!((local.settings.endpoint.as_str(), local.own.tenants), ("http://127.0.0.1:9/v", 4));
    assert_eq!(local.own.vendor_url, "http://127.0.0.1:8");
    assert!(preview.settings.key_file.is_some() && production.settings.key_file.is_none());

    let told = accounts(&format!("api-key-file = \"/nowhere\"\n{TWO}"), &["--ready", ready]);
    let endpoints: Vec<String> = told.unwrap().into_iter().map(|it| it.settings.endpoint).collect();
    assert_eq!(endpoints, ["http://127.0.0.1:3/v", "http://127.0.0.1:1/v"]);
}

#[test]
fn what_is_wrong_with_accounts_is_named_with_its_place_and_remedy() {
    let also = |more: &str| accounts(&format!("{TWO}{more}"), &[]).err().unwrap();
    let top = |more: &str| accounts(&format!("{more}\n{TWO}"), &["--listen=1"]).err().unwrap();
    let with = |flag: &str| accounts(TWO, &[flag]).err().unwrap();
    let none = |flag: &str| accounts("", &[&COMPLETE[..], &[flag]].concat()).err().unwrap();
    let told = [
        also("[account.production]\n"),
        also("[account.Production]\napi-key = \"x\""),
        also("[account.\"a b\"]\napi-key = \"x\""),
        also("[account.third]\n"),
        also("[account.third]\napi-key = \"SU-1:secret\""),
        also("[account.third]\napi-kee = \"SU-1:secret\""),
        also("[account.third]\nlisten = \"8090\""),
        also("[account.third]\napi-key = \"ApiKey SU-3:c\"\ntenants = 300"),
        also("[account.third]\napi-key = \"ApiKey SU-3:c\"\nready = \"x\""),
        also("[account.third]\nready = \"/nowhere/ready.json\""),
        also("[account.third]\nendpoint = \"http://127.0.0.1:4/v\""),
        also("[account.third]\napi-key = \"ApiKey SU-1:a\""),
        also("[account]\napi-key = \"secret\""),
        top("journal = \"FOLDER/journal.sqlite\""),
        top("webhook-secret = \"secret\""),
        top("account = \"secret\""),
        with("--api-key=ApiKey SU-1:secret"),
        with("--account=third"),
        with("--request=PR-1"),
        none("--account=third"),
    ];
    insta::assert_snapshot!(told.join("\n"));
    assert!(told.iter().all(|told| !told.contains("SU-1:") && !told.contains("secret\"")));
}
