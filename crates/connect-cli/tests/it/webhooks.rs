//! `cnct webhook`.

use crate::world::Serving;

#[test]
fn a_webhook_is_created_triggered_and_deleted_and_its_secret_is_not_shown() {
    let world = Serving::without_processor();
    let create = "webhook create http://127.0.0.1:9/hook --product PRD-411-678-887 \
                  --label orders --secret s3cret --header X-Team=cedar";
    let made = world.run(create);
    assert!(made.starts_with("exit 0"), "{made}");
    assert!(!made.contains("s3cret"), "{made}");
    let rows = world.json("webhook list");
    assert!(!rows.to_string().contains("s3cret"), "{rows}");
    assert_eq!(rows[0]["headers"]["X-Team"], "cedar");
    let id = rows[0]["id"].as_str().unwrap();
    let said = |arguments: &str| world.run(&format!("webhook {arguments} {id}")).replace(id, "WH");
    insta::assert_snapshot!(said("trigger"), @"
    exit 0
    --- stdout
    WH  triggered
    ");
    assert!(said("show").contains("label         orders"), "{}", said("show"));
    insta::assert_snapshot!(said("delete"), @"
    exit 0
    --- stdout
    WH  deleted
    ");
    insta::assert_snapshot!(world.run("webhook list"), @"
    exit 0
    --- stderr
    no webhooks
    ");
}

#[test]
fn a_webhook_that_would_be_refused_says_why() {
    let world = Serving::without_processor();
    let create = "webhook create cedar --product PRD-411-678-887 --secret s3cret";
    let told = world.run(create);
    assert!(told.contains("external_url: Enter a valid URL."), "{told}");
    assert!(!told.contains("s3cret"), "{told}");
    let without = world.run("webhook create http://cedar.example --product PRD-411-678-887");
    assert!(without.starts_with("exit 2"), "{without}");
}
