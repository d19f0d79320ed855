//! The calls that each method sends.

use connect_client::{Call, Error};
use connect_model::asset_request::action::{Approve, Fail, Inquire};
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::{AssetRequest, Message, ParameterUpdate, Template};
use serde_json::{Value, json};

use crate::platform::{Platform, no_content, ok, plain, request};

const ID: &str = "PR-8027-7606-7082-003";

#[tokio::test(start_paused = true)]
async fn every_method_is_one_call() {
    let answers = [(); 7].map(|()| ok(&request(ID)));
    let platform = Platform::that(answers);
    let client = platform.client();

    let read: AssetRequest = client.get(ID).await.unwrap();
    client.act(ID, &Approve::default()).await.unwrap();
    client.act(ID, &Fail { reason: "sold out".to_owned() }).await.unwrap();
    client.act(ID, &Inquire::default()).await.unwrap();
    client.update::<AssetRequest>(ID, &json!({"note": "hello"})).await.unwrap();
    client.create::<AssetRequest>(&NewRequest::resume(read.asset_id())).await.unwrap();
    client.call(Call::delete("/usage/files/UF-2024-03-1234-5678")).await.unwrap();

    assert_eq!(read.id.as_str(), ID);
    insta::assert_snapshot!(platform.asked(), @r##"
    GET /requests/PR-8027-7606-7082-003
    POST /requests/PR-8027-7606-7082-003/approve
    POST /requests/PR-8027-7606-7082-003/fail application/json {"reason":"sold out"}
    POST /requests/PR-8027-7606-7082-003/inquire
    PUT /requests/PR-8027-7606-7082-003 application/json {"note":"hello"}
    POST /requests application/json {"type":"resume","asset":{"id":"AS-8027-7606-7082"}}
    DELETE /usage/files/UF-2024-03-1234-5678
    "##);
}

#[tokio::test(start_paused = true)]
async fn objects_below_others_are_reached_by_path() {
    let template = json!({"id": "TL-111-222-333", "scope": "asset"});
    let message = json!({"id": "ME-111-222-333", "type": "message", "text": "hello"});
    let platform = Platform::that([ok(&template), ok(&message)]);
    let client = platform.client();

    let path = "products/PRD-111-222-333/templates/TL-111-222-333";
    client.get_at::<Template>(path).await.unwrap();
    let path = "conversations/PR-8027-7606-7082-003/messages";
    client.create_at::<Message>(path, &json!({"text": "hello"})).await.unwrap();

    insta::assert_snapshot!(platform.asked(), @r#"
    GET /products/PRD-111-222-333/templates/TL-111-222-333
    POST /conversations/PR-8027-7606-7082-003/messages application/json {"text":"hello"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn no_content_reads_as_nothing() {
    let platform = Platform::that([no_content(), no_content()]);
    let client = platform.client();

    let answer = client.call(Call::delete("usage/files/UF-1")).await.unwrap();
    assert_eq!(answer.status, 204);
    answer.json::<()>().unwrap();
    let answer = client.call(Call::post("usage/files/UF-1/submit")).await.unwrap();
    assert_eq!(answer.json::<Option<Value>>().unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn rendered_texts_come_as_bytes() {
    let platform = Platform::that([plain(200, "# Welcome")]);
    let client = platform.client();

    let answer = client.call(Call::get("requests/PR-1/render")).await.unwrap();
    assert_eq!(answer.body, "# Welcome");
}

#[tokio::test(start_paused = true)]
async fn an_id_never_changes_the_path() {
    let platform = Platform::that([ok(&request(ID)), ok(&request(ID))]);
    let client = platform.client();
    let mut outcomes = String::new();
    for id in ["PR-1/approve", "PR-1?limit=1", "", "..", "."] {
        let line = match client.get::<AssetRequest>(id).await {
            Ok(_) => "sent".to_owned(),
            Err(error) => error.to_string(),
        };
        outcomes += &format!("{id:14}{line}\n");
    }
    insta::assert_snapshot!(outcomes, @"
    PR-1/approve  sent
    PR-1?limit=1  sent
                  id: it is empty; give the id of an object
    ..            path: `requests/..`: it holds `.` or `..`; name a place below the endpoint, such as `requests`; a query goes apart from it
    .             path: `requests/.`: it holds `.` or `..`; name a place below the endpoint, such as `requests`; a query goes apart from it
    ");
    insta::assert_snapshot!(platform.asked(), @"
    GET /requests/PR-1%2Fapprove
    GET /requests/PR-1%3Flimit%3D1
    ");
}

#[tokio::test(start_paused = true)]
async fn a_raw_path_stays_below_the_endpoint() {
    let platform = Platform::that([]);
    let client = platform.client();
    for path in ["../v2/requests", "requests/%2e%2E/x", "requests?limit=1", "a#b", "a\\b", "", "/"]
    {
        let error = client.call(Call::get(path)).await.unwrap_err();
        assert!(matches!(error, Error::Config { setting: "path", .. }), "{path}: {error}");
    }
    assert_eq!(platform.asked(), "");
}

#[tokio::test(start_paused = true)]
async fn what_an_address_would_leave_out_is_refused() {
    let platform = Platform::that([]);
    let client = platform.client();
    let mut refused = String::new();
    for call in [
        Call::get("requests\r\nX: y"),
        Call::delete("requests/PR-\t1"),
        Call::get("requests").query("limit=1\n0"),
        Call::get("requests").query("like(name,\u{7f}a)"),
    ] {
        refused += &format!("{}\n", client.call(call).await.unwrap_err());
    }
    insta::assert_snapshot!(refused, @r"
    path: `requests\r\nX: y`: it holds control characters; write them percent-encoded
    path: `requests/PR-\t1`: it holds control characters; write them percent-encoded
    query: `limit=1\n0`: it holds control characters; write them percent-encoded
    query: `like(name,\u{7f}a)`: it holds control characters; write them percent-encoded
    ");
    assert_eq!(platform.asked(), "");
}

#[tokio::test(start_paused = true)]
async fn values_are_written_as_given() {
    let platform = Platform::that([ok(&request(ID))]);
    let client = platform.client();
    let update = RequestUpdate::params([ParameterUpdate::value("domain", "münchen.example")]);
    client.update::<AssetRequest>(ID, &update).await.unwrap();
    insta::assert_snapshot!(platform.asked(), @r#"PUT /requests/PR-8027-7606-7082-003 application/json {"asset":{"params":[{"id":"domain","value":"münchen.example"}]}}"#);
}
