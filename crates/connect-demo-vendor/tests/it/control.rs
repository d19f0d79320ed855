//! Seeds, and the limits of what is read.

use std::fmt::Write;

use connect_demo_vendor::{Config, Seed, start};
use insta::assert_snapshot;

use crate::talk::{talk, vendor};

#[tokio::test]
async fn seeded_tenants_are_there_without_an_effect() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        POST /_tenants {"tenantId": "t-00001", "enabled": false, "externalId": "AS-1", "limit": 4}
        POST /_tenants [{"tenantId": "t-7"}, {"tenantId": "t-8"}]
        GET /tenant/t-00001
        GET /tenant/t-8
        POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_tenants {"tenantId": "t-00001", "enabled": false, "externalId": "AS-1", "limit": 4}
        201 {"tenants":1}
    POST /_tenants [{"tenantId": "t-7"}, {"tenantId": "t-8"}]
        201 {"tenants":2}
    GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":false,"licences":{"limit":4}}
    GET /tenant/t-8
        200 {"tenantId":"t-8","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    POST /tenant
        201 {"tenantId":"t-00002","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    "#);
    assert_eq!(vendor.log().len(), 1);
}

#[tokio::test]
async fn a_reserved_id_is_not_given_to_a_new_tenant() {
    let vendor = vendor().await;
    vendor.reserve(["t-00001", "t-00003", "something else"]);
    let said = talk(&vendor, "POST /tenant\nPOST /tenant\nGET /tenant/t-00001").await;
    assert_snapshot!(said, @r#"
    POST /tenant
        201 {"tenantId":"t-00002","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    POST /tenant
        201 {"tenantId":"t-00004","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    GET /tenant/t-00001
        404 {"error":{"code":"tenant_not_found","message":"There is no tenant t-00001."}}
    "#);
}

#[tokio::test]
async fn seeds_are_taken_all_or_none() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_tenants {"tenantId": "t-1"}
        POST /_tenants [{"tenantId": "t-2"}, {"tenantId": "t-1"}]
        POST /_tenants [{"tenantId": "t-3"}, {"tenantId": "t-3"}]
        POST /_tenants [{"tenantId": "t-4"}, {"tenant": "t-5"}]
        GET /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_tenants {"tenantId": "t-1"}
        201 {"tenants":1}
    POST /_tenants [{"tenantId": "t-2"}, {"tenantId": "t-1"}]
        409 {"error":{"code":"tenant_exists","message":"tenant t-1 exists already; seed each tenant once, under an id of its own"}}
    POST /_tenants [{"tenantId": "t-3"}, {"tenantId": "t-3"}]
        409 {"error":{"code":"tenant_exists","message":"tenant t-3 exists already; seed each tenant once, under an id of its own"}}
    POST /_tenants [{"tenantId": "t-4"}, {"tenant": "t-5"}]
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: unknown field `tenant`, expected one of `tenantId`, `externalId`, `enabled`, `limit` at line 1 column 31"}}
    GET /tenant
        200 [{"tenantId":"t-1","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}]
    "#);
}

#[tokio::test]
async fn thousands_of_seeds_fit_in_one_call() {
    let vendor = vendor().await;
    let mut seeds = String::from(r#"[{"tenantId":"t-x"}"#);
    (0..20_000).for_each(|n| write!(seeds, r#",{{"tenantId":"s-{n}","enabled":false}}"#).unwrap());
    let said = talk(&vendor, &format!("POST /_tenants {seeds}]")).await;
    assert!(said.ends_with("201 {\"tenants\":20001}\n"));

    let again = Seed { tenant_id: "s-3".into(), external_id: None, enabled: true, limit: 0 };
    assert_snapshot!(vendor.seed(vec![again]).unwrap_err(), @"tenant s-3 exists already; seed each tenant once, under an id of its own");
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let vendor = start(Config { body_limit: 40, ..Config::default() }).await.unwrap();
    let said = talk(
        &vendor,
        r#"
        POST /tenant {"externalId": "a perfectly ordinary id, only too long"}
        POST /_tenants {"tenantId": "t-1", "externalId": "as long, but seeds may be larger"}
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /tenant {"externalId": "a perfectly ordinary id, only too long"}
        413 {"error":{"code":"body_too_large","message":"The body is larger than this vendor reads."}}
    POST /_tenants {"tenantId": "t-1", "externalId": "as long, but seeds may be larger"}
        201 {"tenants":1}
    "#);
}

#[tokio::test]
async fn an_unusable_key_is_refused() {
    let vendor = vendor().await;
    let key = "k".repeat(256);
    let said = talk(&vendor, &format!("key={key} POST /tenant\nkey= POST /tenant")).await;
    assert_snapshot!(said.replace(&key, "<256 letters>"), @r#"
    key=<256 letters> POST /tenant
        400 {"error":{"code":"bad_request","message":"Idempotency-Key must be 1 to 255 visible ASCII characters."}}
    key= POST /tenant
        400 {"error":{"code":"bad_request","message":"Idempotency-Key must be 1 to 255 visible ASCII characters."}}
    "#);
    assert!(vendor.log().is_empty());
}

#[tokio::test]
async fn it_says_that_it_is_up() {
    assert_snapshot!(talk(&vendor().await, "GET /_health").await, @r#"
    GET /_health
        200 {"status":"up"}
    "#);
}
