//! Faults, as a caller meets them.

use connect_demo_vendor::{Fault, FaultEffect, Refuse, TenantOperation};
use insta::assert_snapshot;

use crate::talk::{talk, vendor};

#[tokio::test]
async fn faults_before_the_operation_leave_no_effect_and_no_key() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        POST /_faults {"times": 1, "effect": {"answer": {"status": 503}}}
        POST /_faults {"times": 1, "effect": {"answer": {"status": 429, "retry_after": 7}}}
        POST /_faults {"times": 1, "effect": {"refuse": {"status": 409, "code": "payment_overdue", "reason": "Pay first."}}}
        key=a POST /tenant
        key=a POST /tenant
        key=a POST /tenant
        key=a POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 1, "effect": {"answer": {"status": 503}}}
        201 {"times":1,"effect":{"answer":{"status":503}}}
    POST /_faults {"times": 1, "effect": {"answer": {"status": 429, "retry_after": 7}}}
        201 {"times":1,"effect":{"answer":{"status":429,"retry_after":7}}}
    POST /_faults {"times": 1, "effect": {"refuse": {"status": 409, "code": "payment_overdue", "reason": "Pay first."}}}
        201 {"times":1,"effect":{"refuse":{"status":409,"code":"payment_overdue","reason":"Pay first."}}}
    key=a POST /tenant
        503 {"error":{"code":"injected_failure","message":"Failed on purpose, by a fault."}}
    key=a POST /tenant
        429 [retry-after: 7] {"error":{"code":"rate_limited","message":"Too many calls. Try again in 7 s."}}
    key=a POST /tenant
        409 {"error":{"code":"payment_overdue","message":"Pay first."}}
    key=a POST /tenant
        201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    "#);
    assert_eq!(vendor.log().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_hides_an_effect_that_the_key_reveals() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        POST /_faults {"times": 2, "effect": "lose_answer"}
        key=a POST /tenant
        key=a POST /tenant
        key=a POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 2, "effect": "lose_answer"}
        201 {"times":2,"effect":"lose_answer"}
    key=a POST /tenant
        no answer
    key=a POST /tenant
        no answer
    key=a POST /tenant
        201 [idempotent-replay: true] {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    "#);
    assert_eq!(vendor.log().len(), 1);
}

#[tokio::test]
async fn rubbish_hides_an_effect_too() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        POST /_faults {"times": 1, "effect": {"answer_after": {"status": 200, "body": "<html>Bad gateway, but 200"}}}
        POST /tenant
        GET /tenant/t-00001
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 1, "effect": {"answer_after": {"status": 200, "body": "<html>Bad gateway, but 200"}}}
        201 {"times":1,"effect":{"answer_after":{"status":200,"body":"<html>Bad gateway, but 200"}}}
    POST /tenant
        200 <html>Bad gateway, but 200
    GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    "#);
    assert_eq!(vendor.log().len(), 1);
}

#[tokio::test]
async fn a_fault_strikes_only_what_it_names() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_tenants [{"tenantId": "t-1"}, {"tenantId": "t-2"}]
        POST /_faults {"on": "enable", "of": "t-1", "effect": {"answer": {"status": 500}}}
        PUT /tenant/t-2/enable
        PUT /tenant/t-1/disable
        PUT /tenant/t-1/enable
        PUT /tenant/t-1/enable
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_tenants [{"tenantId": "t-1"}, {"tenantId": "t-2"}]
        201 {"tenants":2}
    POST /_faults {"on": "enable", "of": "t-1", "effect": {"answer": {"status": 500}}}
        201 {"on":"enable","of":"t-1","effect":{"answer":{"status":500}}}
    PUT /tenant/t-2/enable
        200 {"tenantId":"t-2","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    PUT /tenant/t-1/disable
        200 {"tenantId":"t-1","externalId":null,"status":"ready","enabled":false,"licences":{"limit":0}}
    PUT /tenant/t-1/enable
        500 {"error":{"code":"injected_failure","message":"Failed on purpose, by a fault."}}
    PUT /tenant/t-1/enable
        500 {"error":{"code":"injected_failure","message":"Failed on purpose, by a fault."}}
    "#);
}

#[tokio::test]
async fn a_create_is_named_by_its_external_id() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_faults {"of": "AS-1", "effect": {"answer": {"status": 500}}}
        POST /tenant {"externalId": "AS-2"}
        POST /tenant {"externalId": "AS-1"}
        GET /tenant?externalId=AS-1
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"of": "AS-1", "effect": {"answer": {"status": 500}}}
        201 {"of":"AS-1","effect":{"answer":{"status":500}}}
    POST /tenant {"externalId": "AS-2"}
        201 {"tenantId":"t-00001","externalId":"AS-2","status":"ready","enabled":true,"licences":{"limit":0}}
    POST /tenant {"externalId": "AS-1"}
        500 {"error":{"code":"injected_failure","message":"Failed on purpose, by a fault."}}
    GET /tenant?externalId=AS-1
        500 {"error":{"code":"injected_failure","message":"Failed on purpose, by a fault."}}
    "#);
}

#[tokio::test]
async fn faults_can_be_listed_and_taken_away() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_faults {"times": 2, "effect": {"answer": {"status": 429, "retry_after": 1}}}
        POST /_faults {"times": 0, "effect": "lose_answer"}
        POST /tenant
        GET /_faults
        DELETE /_faults
        GET /_faults
        POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 2, "effect": {"answer": {"status": 429, "retry_after": 1}}}
        201 {"times":2,"effect":{"answer":{"status":429,"retry_after":1}}}
    POST /_faults {"times": 0, "effect": "lose_answer"}
        201 {"times":0,"effect":"lose_answer"}
    POST /tenant
        429 [retry-after: 1] {"error":{"code":"rate_limited","message":"Too many calls. Try again in 1 s."}}
    GET /_faults
        200 [{"times":1,"effect":{"answer":{"status":429,"retry_after":1}}}]
    DELETE /_faults
        204
    GET /_faults
        200 []
    POST /tenant
        201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    "#);
}

#[tokio::test]
async fn a_fault_that_cannot_be_read_is_refused() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_faults {"effect": "explode"}
        POST /_faults {"effect": "lose_answer", "on": "resize"}
        POST /_faults {"effect": "lose_answer", "time": 1}
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"effect": "explode"}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: unknown variant `explode`, expected one of `refuse`, `answer`, `answer_after`, `lose_call`, `lose_answer`, `delay` at line 1 column 20"}}
    POST /_faults {"effect": "lose_answer", "on": "resize"}
        400 {"error":{"code":"bad_request","message":"`resize` is not an operation here; there are create, find, read, set_limit, adopt, extend, hand_over, set_contact, enable, disable, delete; or write METHOD /path."}}
    POST /_faults {"effect": "lose_answer", "time": 1}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: unknown field `time`, expected one of `on`, `of`, `skip`, `times`, `effect` at line 1 column 32"}}
    "#);
}

#[tokio::test]
async fn faults_set_in_process_are_those_of_the_rest_of_the_world() {
    let vendor = vendor().await;
    let refuse =
        Refuse { status: 1000, code: "odd".to_owned(), reason: "No such status.".to_owned() };
    vendor.fault(
        Fault::new(FaultEffect::Refuse(refuse)).of("t-1").on_operation(TenantOperation::Read),
    );
    assert_snapshot!(talk(&vendor, "GET /_faults\nGET /tenant/t-1").await, @r#"
    GET /_faults
        200 [{"on":"read","of":"t-1","effect":{"refuse":{"status":1000,"code":"odd","reason":"No such status."}}}]
    GET /tenant/t-1
        500 {"error":{"code":"odd","message":"No such status."}}
    "#);
    vendor.clear_faults();
    assert!(vendor.faults().is_empty());
}

#[tokio::test]
async fn every_effect_has_the_grammar_of_the_platforms_faults() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_faults {"on": "POST /tenant", "skip": 1, "times": 1, "effect": "lose_call"}
        POST /tenant
        POST /tenant
        POST /tenant
        POST /_faults {"on": "/tenant/*/enable", "times": 1, "effect": {"refuse": {"reason": "Pay first."}}}
        PUT /tenant/t-00001/enable
        POST /_faults {"effect": {"refuse": {"status": 200, "reason": "Pay first."}}}
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"on": "POST /tenant", "skip": 1, "times": 1, "effect": "lose_call"}
        201 {"on":"POST /tenant","skip":1,"times":1,"effect":"lose_call"}
    POST /tenant
        201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    POST /tenant
        no answer
    POST /tenant
        201 {"tenantId":"t-00002","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    POST /_faults {"on": "/tenant/*/enable", "times": 1, "effect": {"refuse": {"reason": "Pay first."}}}
        201 {"on":"/tenant/*/enable","times":1,"effect":{"refuse":{"status":409,"code":"refused","reason":"Pay first."}}}
    PUT /tenant/t-00001/enable
        409 {"error":{"code":"refused","message":"Pay first."}}
    POST /_faults {"effect": {"refuse": {"status": 200, "reason": "Pay first."}}}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: invalid value: integer `200`, expected a status, 400 to 599 at line 1 column 36"}}
    "#);
}

#[tokio::test]
async fn a_web_pages_simple_request_sets_no_fault() {
    let vendor = vendor().await;
    let fault = r#"{"effect": "lose_call"}"#;
    let post = || reqwest::Client::new().post(format!("{}/_faults", vendor.url())).body(fault);
    let status = async |call: reqwest::RequestBuilder| call.send().await.unwrap().status().as_u16();
    assert_eq!(status(post()).await, 415);
    assert_eq!(status(post().header("Content-Type", "text/plain")).await, 415);
    let json = || post().header("Content-Type", "application/json");
    assert_eq!(status(json().header("Origin", "https://evil.example")).await, 403);
    assert_eq!(status(json().header("Host", "evil.example")).await, 403);
    assert!(vendor.faults().is_empty());
    assert_eq!(status(json()).await, 201);
}
