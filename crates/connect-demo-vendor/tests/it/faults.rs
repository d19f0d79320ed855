//! Faults, as a caller meets them.

use connect_demo_vendor::{Fault, FaultEffect, Operation, Refuse};
use insta::assert_snapshot;

use crate::talk::{talk, vendor};

#[tokio::test]
async fn faults_before_the_operation_leave_no_effect_and_no_key() {
    let vendor = vendor().await;
    let said = talk(
        &vendor,
        r#"
        POST /_faults {"times": 1, "effect": {"fail": {"status": 503}}}
        POST /_faults {"times": 1, "effect": {"limit": {"retry_after": 7}}}
        POST /_faults {"times": 1, "effect": {"refuse": {"status": 409, "code": "payment_overdue", "message": "Pay first."}}}
        key=a POST /tenant
        key=a POST /tenant
        key=a POST /tenant
        key=a POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 1, "effect": {"fail": {"status": 503}}}
        201 {"tenant":null,"operation":null,"times":1,"effect":{"fail":{"status":503}}}
    POST /_faults {"times": 1, "effect": {"limit": {"retry_after": 7}}}
        201 {"tenant":null,"operation":null,"times":1,"effect":{"limit":{"retry_after":7}}}
    POST /_faults {"times": 1, "effect": {"refuse": {"status": 409, "code": "payment_overdue", "message": "Pay first."}}}
        201 {"tenant":null,"operation":null,"times":1,"effect":{"refuse":{"status":409,"code":"payment_overdue","message":"Pay first."}}}
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
        POST /_faults {"times": 2, "effect": "drop"}
        key=a POST /tenant
        key=a POST /tenant
        key=a POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 2, "effect": "drop"}
        201 {"tenant":null,"operation":null,"times":2,"effect":"drop"}
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
        POST /_faults {"times": 1, "effect": "rubbish"}
        POST /tenant
        GET /tenant/t-00001
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 1, "effect": "rubbish"}
        201 {"tenant":null,"operation":null,"times":1,"effect":"rubbish"}
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
        POST /_faults {"tenant": "t-1", "operation": "enable", "effect": {"fail": {"status": 500}}}
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
    POST /_faults {"tenant": "t-1", "operation": "enable", "effect": {"fail": {"status": 500}}}
        201 {"tenant":"t-1","operation":"enable","times":null,"effect":{"fail":{"status":500}}}
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
        POST /_faults {"tenant": "AS-1", "effect": {"fail": {"status": 500}}}
        POST /tenant {"externalId": "AS-2"}
        POST /tenant {"externalId": "AS-1"}
        GET /tenant?externalId=AS-1
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"tenant": "AS-1", "effect": {"fail": {"status": 500}}}
        201 {"tenant":"AS-1","operation":null,"times":null,"effect":{"fail":{"status":500}}}
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
        POST /_faults {"times": 2, "effect": {"limit": {"retry_after": 1}}}
        POST /_faults {"times": 0, "effect": "drop"}
        POST /tenant
        GET /_faults
        DELETE /_faults
        GET /_faults
        POST /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"times": 2, "effect": {"limit": {"retry_after": 1}}}
        201 {"tenant":null,"operation":null,"times":2,"effect":{"limit":{"retry_after":1}}}
    POST /_faults {"times": 0, "effect": "drop"}
        201 {"tenant":null,"operation":null,"times":0,"effect":"drop"}
    POST /tenant
        429 [retry-after: 1] {"error":{"code":"rate_limited","message":"Too many calls. Try again in 1 s."}}
    GET /_faults
        200 [{"tenant":null,"operation":null,"times":1,"effect":{"limit":{"retry_after":1}}}]
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
        POST /_faults {"effect": "drop", "operation": "resize"}
        POST /_faults {"effect": "drop", "time": 1}
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /_faults {"effect": "explode"}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: unknown variant `explode`, expected one of `refuse`, `fail`, `limit`, `delay`, `drop`, `rubbish` at line 1 column 20"}}
    POST /_faults {"effect": "drop", "operation": "resize"}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: unknown variant `resize`, expected one of `create`, `find`, `read`, `set_limit`, `enable`, `disable`, `delete` at line 1 column 40"}}
    POST /_faults {"effect": "drop", "time": 1}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: unknown field `time`, expected one of `tenant`, `operation`, `times`, `effect` at line 1 column 25"}}
    "#);
}

#[tokio::test]
async fn faults_set_in_process_are_those_of_the_rest_of_the_world() {
    let vendor = vendor().await;
    let refuse =
        Refuse { status: 1000, code: "odd".to_owned(), message: "No such status.".to_owned() };
    vendor.fault(
        Fault::new(FaultEffect::Refuse(refuse)).on_tenant("t-1").on_operation(Operation::Read),
    );
    assert_snapshot!(talk(&vendor, "GET /_faults\nGET /tenant/t-1").await, @r#"
    GET /_faults
        200 [{"tenant":"t-1","operation":"read","times":null,"effect":{"refuse":{"status":1000,"code":"odd","message":"No such status."}}}]
    GET /tenant/t-1
        500 {"error":{"code":"odd","message":"No such status."}}
    "#);
    vendor.clear_faults();
    assert!(vendor.faults().is_empty());
}
