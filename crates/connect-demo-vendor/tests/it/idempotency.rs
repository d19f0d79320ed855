//! The promise of the `Idempotency-Key` header: one key, one effect.

use connect_demo_vendor::{CallResult, Fault, FaultEffect, TenantOperation};
use insta::assert_snapshot;
use reqwest::Client;

use crate::talk::{call, heard, talk, vendor};

#[tokio::test]
async fn the_same_call_is_answered_from_memory() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        key=a POST /tenant {"externalId": "AS-1"}
        key=a POST /tenant {"externalId": "AS-1"}
        key=b PUT /tenant/t-00001/disable
        PUT /tenant/t-00001/enable
        key=b PUT /tenant/t-00001/disable
        GET /tenant/t-00001
        key=c DELETE /tenant/t-00001
        key=c DELETE /tenant/t-00001
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    key=a POST /tenant {"externalId": "AS-1"}
        201 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    key=a POST /tenant {"externalId": "AS-1"}
        201 [idempotent-replay: true] {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    key=b PUT /tenant/t-00001/disable
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":false,"licences":{"limit":0}}
    PUT /tenant/t-00001/enable
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    key=b PUT /tenant/t-00001/disable
        200 [idempotent-replay: true] {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":false,"licences":{"limit":0}}
    GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    key=c DELETE /tenant/t-00001
        204
    key=c DELETE /tenant/t-00001
        204 [idempotent-replay: true]
    "#);
    assert_eq!(vendor.log().len(), 4);
}

#[tokio::test]
async fn another_call_under_the_same_key_is_refused() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        key=a POST /tenant {"externalId": "AS-1"}
        key=a POST /tenant {"externalId": "AS-2"}
        key=a PUT /tenant/t-00001/disable
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    key=a POST /tenant {"externalId": "AS-1"}
        201 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    key=a POST /tenant {"externalId": "AS-2"}
        422 {"error":{"code":"idempotency_key_reused","message":"This Idempotency-Key belongs to another call. Use a key of its own for every operation."}}
    key=a PUT /tenant/t-00001/disable
        422 {"error":{"code":"idempotency_key_reused","message":"This Idempotency-Key belongs to another call. Use a key of its own for every operation."}}
    "#);
    assert_eq!(vendor.log().len(), 1);
}

#[tokio::test]
async fn a_refusal_keeps_no_key() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        key=a PUT /tenant/t-1/enable
        POST /_tenants {"tenantId": "t-1", "enabled": false}
        key=a PUT /tenant/t-1/enable
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    key=a PUT /tenant/t-1/enable
        404 {"error":{"code":"tenant_not_found","message":"There is no tenant t-1."}}
    POST /_tenants {"tenantId": "t-1", "enabled": false}
        201 {"tenants":1}
    key=a PUT /tenant/t-1/enable
        200 {"tenantId":"t-1","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    "#);
    assert_eq!(vendor.log().len(), 1);
}

#[tokio::test]
async fn a_look_is_never_answered_from_memory() {
    let said = talk(
        &vendor().await,
        r#"
        POST /tenant
        key=a GET /tenant/t-00001
        PUT /tenant/t-00001/disable
        key=a GET /tenant/t-00001
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /tenant
        201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    key=a GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    PUT /tenant/t-00001/disable
        200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":false,"licences":{"limit":0}}
    key=a GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":false,"licences":{"limit":0}}
    "#);
}

#[tokio::test]
async fn a_call_that_overtakes_the_first_is_told_to_come_again() {
    let vendor = vendor().await;
    talk(&vendor, "POST /tenant").await;
    vendor.fault(Fault::new(FaultEffect::Delay { millis: 300 }).times(1));
    let client = Client::new();
    let disable = "key=a PUT /tenant/t-00001/disable";

    let first = tokio::spawn(heard(call(&client, &vendor, disable)));
    while !vendor.faults().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_snapshot!(heard(call(&client, &vendor, disable)).await, @r#"409 {"error":{"code":"in_progress","message":"The first call with this Idempotency-Key is still being worked on. Try again later."}}"#);
    assert_snapshot!(first.await.unwrap(), @r#"200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":false,"licences":{"limit":0}}"#);
    assert_snapshot!(heard(call(&client, &vendor, disable)).await, @r#"200 [idempotent-replay: true] {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":false,"licences":{"limit":0}}"#);
    assert_eq!(vendor.log().len(), 2);
}

#[tokio::test]
async fn many_equal_calls_at_once_have_one_effect() {
    let vendor = vendor().await;
    let client = Client::new();
    let calls: Vec<_> = (0..32)
        .map(|_| tokio::spawn(heard(call(&client, &vendor, "key=a POST /tenant"))))
        .collect();
    for call in calls {
        assert!(call.await.unwrap().starts_with("201"));
    }
    assert_eq!(vendor.log().len(), 1);
    let replays = vendor.calls().iter().filter(|call| call.outcome == CallResult::Replayed).count();
    assert_eq!(replays, 31);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_work() {
    let vendor = vendor().await;
    talk(&vendor, "POST /tenant").await;
    let slow = Fault::new(FaultEffect::Delay { millis: 300 });
    vendor.fault(slow.on_operation(TenantOperation::Disable).times(1));
    let disable = "key=a PUT /tenant/t-00001/disable";

    let caller = tokio::spawn(heard(call(&Client::new(), &vendor, disable)));
    while !vendor.faults().is_empty() {
        tokio::task::yield_now().await;
    }
    caller.abort();
    while vendor.log().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_snapshot!(talk(&vendor, disable).await, @r#"
    key=a PUT /tenant/t-00001/disable
        200 [idempotent-replay: true] {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":false,"licences":{"limit":0}}
    "#);
}

#[tokio::test]
async fn told_to_ignore_keys_each_call_counts_and_the_log_has_the_keys() {
    let vendor = vendor().await;
    let client = Client::new();
    let ask = async |line: &str| heard(call(&client, &vendor, line)).await;
    assert_eq!(ask(r#"POST /_keys {"ignored": true}"#).await, "204");
    for tenant in ["t-00001", "t-00002"] {
        let said = ask("key=a POST /tenant").await;
        assert!(said.contains(tenant), "{said}");
    }
    let keys: Vec<_> = vendor.log().into_iter().map(|effect| effect.key).collect();
    assert_eq!(keys, [Some("a".into()), Some("a".into())]);

    assert_eq!(ask(r#"POST /_keys {"ignored": false}"#).await, "204");
    for _ in 0..2 {
        let said = ask("key=b POST /tenant").await;
        assert!(said.contains("t-00003"), "{said}");
    }
    assert_eq!(vendor.log().len(), 3);
}
