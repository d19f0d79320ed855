//! The tenant API without keys and faults.

use insta::assert_snapshot;

use crate::talk::{talk, vendor};

#[tokio::test]
async fn a_tenant_lives_from_create_to_delete() {
    let said = talk(
        &vendor().await,
        r#"
        POST /tenant {"externalId": "AS-1"}
        PUT /tenant/t-00001 {"licences": {"limit": 8}}
        PUT /tenant/t-00001/disable {}
        PUT /tenant/t-00001/enable {}
        GET /tenant/t-00001
        DELETE /tenant/t-00001 {}
        GET /tenant/t-00001
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /tenant {"externalId": "AS-1"}
        201 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    PUT /tenant/t-00001 {"licences": {"limit": 8}}
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":8}}
    PUT /tenant/t-00001/disable {}
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":false,"licences":{"limit":8}}
    PUT /tenant/t-00001/enable {}
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":8}}
    GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":8}}
    DELETE /tenant/t-00001 {}
        204
    GET /tenant/t-00001
        200 {"tenantId":"t-00001","externalId":"AS-1","status":"deleted","enabled":false,"licences":{"limit":8}}
    "#);
}

/// What was there before comes to belong to a subscription, and to one only.
#[tokio::test]
async fn a_tenant_without_an_external_id_is_adopted_once() {
    let said = talk(
        &vendor().await,
        r#"
        POST /_tenants {"tenantId": "old-7", "limit": 5}
        PUT /tenant/old-7/adopt {"externalId": "AS-1"}
        PUT /tenant/old-7/adopt {"externalId": "AS-1"}
        PUT /tenant/old-7/adopt {"externalId": "AS-2"}
        PUT /tenant/old-8/adopt {"externalId": "AS-2"}
        PUT /tenant/old-7/adopt {}
        GET /tenant?externalId=AS-1
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
        POST /_tenants {"tenantId": "old-7", "limit": 5}
            201 {"tenants":1}
        PUT /tenant/old-7/adopt {"externalId": "AS-1"}
            200 {"tenantId":"old-7","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":5}}
        PUT /tenant/old-7/adopt {"externalId": "AS-1"}
            200 {"tenantId":"old-7","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":5}}
        PUT /tenant/old-7/adopt {"externalId": "AS-2"}
            409 {"error":{"code":"tenant_taken","message":"Tenant old-7 has another external id."}}
        PUT /tenant/old-8/adopt {"externalId": "AS-2"}
            404 {"error":{"code":"tenant_not_found","message":"There is no tenant old-8."}}
        PUT /tenant/old-7/adopt {}
            400 {"error":{"code":"bad_request","message":"The body is not what is expected: missing field `externalId` at line 1 column 2"}}
        GET /tenant?externalId=AS-1
            200 [{"tenantId":"old-7","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":5}}]
        "#);
}

#[tokio::test]
async fn a_tenant_shows_whom_to_write_to_once_it_was_told() {
    let said = talk(
        &vendor().await,
        r#"
        POST /tenant
        PUT /tenant/t-00001/contact {"name": "Iker Sanz", "email": "iker@cedar.example"}
        PUT /tenant/t-00001/contact {"name": "Iker Sanz"}
        PUT /tenant/t-00002/contact {"name": "Iker Sanz", "email": "iker@cedar.example"}
        GET /tenant/t-00001
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
        POST /tenant
            201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
        PUT /tenant/t-00001/contact {"name": "Iker Sanz", "email": "iker@cedar.example"}
            200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0},"contact":{"name":"Iker Sanz","email":"iker@cedar.example"}}
        PUT /tenant/t-00001/contact {"name": "Iker Sanz"}
            400 {"error":{"code":"bad_request","message":"The body is not what is expected: missing field `email` at line 1 column 21"}}
        PUT /tenant/t-00002/contact {"name": "Iker Sanz", "email": "iker@cedar.example"}
            404 {"error":{"code":"tenant_not_found","message":"There is no tenant t-00002."}}
        GET /tenant/t-00001
            200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0},"contact":{"name":"Iker Sanz","email":"iker@cedar.example"}}
        "#);
}

#[tokio::test]
async fn a_body_is_optional_where_nothing_has_to_be_said() {
    let said = talk(
        &vendor().await,
        "
        POST /tenant
        PUT /tenant/t-00001/enable
        PUT /tenant/t-00001/enable
        DELETE /tenant/t-00001
        ",
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /tenant
        201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    PUT /tenant/t-00001/enable
        200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    PUT /tenant/t-00001/enable
        200 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    DELETE /tenant/t-00001
        204
    "#);
}

#[tokio::test]
async fn tenants_are_found_by_external_id_while_they_live() {
    let said = talk(
        &vendor().await,
        r#"
        POST /tenant {"externalId": "AS-1"}
        POST /tenant {"externalId": "AS-2"}
        POST /tenant {"externalId": "AS-1"}
        GET /tenant?externalId=AS-1
        DELETE /tenant/t-00001
        GET /tenant?externalId=AS-1
        GET /tenant?externalId=AS-9
        GET /tenant
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    POST /tenant {"externalId": "AS-1"}
        201 {"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    POST /tenant {"externalId": "AS-2"}
        201 {"tenantId":"t-00002","externalId":"AS-2","status":"ready","enabled":true,"licences":{"limit":0}}
    POST /tenant {"externalId": "AS-1"}
        201 {"tenantId":"t-00003","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}
    GET /tenant?externalId=AS-1
        200 [{"tenantId":"t-00001","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}},{"tenantId":"t-00003","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}]
    DELETE /tenant/t-00001
        204
    GET /tenant?externalId=AS-1
        200 [{"tenantId":"t-00003","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}]
    GET /tenant?externalId=AS-9
        200 []
    GET /tenant
        200 [{"tenantId":"t-00002","externalId":"AS-2","status":"ready","enabled":true,"licences":{"limit":0}},{"tenantId":"t-00003","externalId":"AS-1","status":"ready","enabled":true,"licences":{"limit":0}}]
    "#);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_a_reason() {
    let said = talk(
        &vendor().await,
        r#"
        GET /tenant/t-9
        PUT /tenant/t-9/enable
        POST /tenant
        DELETE /tenant/t-00001
        DELETE /tenant/t-00001
        PUT /tenant/t-00001/disable
        PUT /tenant/t-00001 {"licences": {"limit": 1}}
        PUT /tenant/t-00001 {"licences": {"limit": -1}}
        PUT /tenant/t-00001
        POST /tenant {"externalId"
        GET /tenant/%FF
        PATCH /tenant/t-00001
        GET /nowhere
        "#,
    )
    .await;
    assert_snapshot!(said, @r#"
    GET /tenant/t-9
        404 {"error":{"code":"tenant_not_found","message":"There is no tenant t-9."}}
    PUT /tenant/t-9/enable
        404 {"error":{"code":"tenant_not_found","message":"There is no tenant t-9."}}
    POST /tenant
        201 {"tenantId":"t-00001","externalId":null,"status":"ready","enabled":true,"licences":{"limit":0}}
    DELETE /tenant/t-00001
        204
    DELETE /tenant/t-00001
        409 {"error":{"code":"tenant_deleted","message":"Tenant t-00001 was deleted."}}
    PUT /tenant/t-00001/disable
        409 {"error":{"code":"tenant_deleted","message":"Tenant t-00001 was deleted."}}
    PUT /tenant/t-00001 {"licences": {"limit": 1}}
        409 {"error":{"code":"tenant_deleted","message":"Tenant t-00001 was deleted."}}
    PUT /tenant/t-00001 {"licences": {"limit": -1}}
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: invalid value: integer `-1`, expected u64 at line 1 column 25"}}
    PUT /tenant/t-00001
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: EOF while parsing a value at line 1 column 0"}}
    POST /tenant {"externalId"
        400 {"error":{"code":"bad_request","message":"The body is not what is expected: EOF while parsing an object at line 1 column 13"}}
    GET /tenant/%FF
        400 {"error":{"code":"bad_request","message":"Invalid URL: Invalid UTF-8 in `id`"}}
    PATCH /tenant/t-00001
        405 {"error":{"code":"method_not_allowed","message":"This address does not take this method."}}
    GET /nowhere
        404 {"error":{"code":"not_found","message":"There is nothing at this address."}}
    "#);
}
