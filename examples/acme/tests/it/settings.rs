//! Flags, then environment, then the file, then defaults.

use std::path::Path;
use std::time::Duration;

use acme::{Flags, Settings};

fn complete() -> Flags {
    Flags {
        endpoint: Some("http://127.0.0.1:1/public/v1".into()),
        api_key: Some("ApiKey SU-1:secret".into()),
        vendor_url: Some("http://127.0.0.1:2".into()),
        ..Flags::default()
    }
}

fn file(text: &str) -> Result<Flags, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.toml");
    std::fs::write(&path, text).unwrap();
    Flags::from_file(&path)
        .map_err(|error| error.to_string().replace(&folder.path().display().to_string(), "FOLDER"))
}

fn refused(flags: Flags) -> String {
    flags.resolve().err().unwrap().to_string()
}

#[test]
fn what_is_not_given_has_a_default() {
    let Settings { template, concurrency, lease, products, .. } = complete().resolve().unwrap();
    assert_eq!(template, "Default Activation Template");
    assert_eq!((concurrency.get(), lease, products.len()), (16, Duration::from_secs(60), 0));
}

#[test]
fn a_flag_comes_before_the_file() {
    let from_file =
        file("lease = \"5m\"\npoll = \"10s\"\nproducts = [\"PRD-411-678-887\"]").unwrap();
    let flags = Flags { lease: Some("2m".into()), ..complete() };
    let settings = flags.or(from_file).resolve().unwrap();
    assert_eq!(settings.lease, Duration::from_secs(120));
    assert_eq!(settings.poll, Duration::from_secs(10));
    assert_eq!(settings.products, ["PRD-411-678-887"]);
}

#[test]
fn what_is_wrong_is_named_with_its_remedy() {
    let told = [
        refused(Flags::default()),
        refused(Flags { api_key: Some("  ".into()), ..complete() }),
        refused(Flags { products: Some(vec!["PRD-1".into()]), ..complete() }),
        refused(Flags { environments: Some(vec!["moon".into()]), ..complete() }),
        refused(Flags { lease: Some("soon".into()), ..complete() }),
        refused(Flags { poll: Some("0s".into()), ..complete() }),
        file("leese = \"5m\"").err().unwrap(),
        Flags::from_file(Path::new("/nowhere/acme.toml")).err().unwrap().to_string(),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn secrets_do_not_print() {
    let shown = format!("{:?} {:?}", complete(), complete().resolve().unwrap());
    assert!(!shown.contains("secret"), "{shown}");
    let not_a_key = Flags { api_key: Some("SU-1:secret".into()), ..complete() };
    let mut told = vec![refused(not_a_key)];
    for text in [
        "poll = \"1s\"\napi-key = ApiKey SU-1:secret",
        "api-key = \"ApiKey SU-1:secret",
        "api-key = [\"ApiKey SU-1:secret\"]",
        "api-kee = \"ApiKey SU-1:secret\"",
    ] {
        told.push(file(text).err().unwrap());
    }
    assert!(!told.concat().contains("secret"), "{told:?}");
    insta::assert_snapshot!(told.join("\n"));
}
