//! Behaviour that only shows over the network.

use std::net::TcpListener;
use std::time::Duration;

use connect_client::{Client, Error, RetryPolicy};
use connect_model::AssetRequest;
use connect_model::asset_request::action::{Approve, Fail};
use connect_model::rql::field;

use crate::platform::{
    Says, breaks_off, breaks_off_with, ok, redirects, request, seen, silence, streams,
};
use crate::server::{Server, quick};

const ID: &str = "PR-1";

async fn read(client: &Client) -> Error {
    client.get::<AssetRequest>(ID).await.unwrap_err()
}

async fn approve(client: &Client) -> Error {
    client.act(ID, &Approve::default()).await.unwrap_err()
}

#[tokio::test]
async fn calls_arrive_as_they_were_made() {
    let server = Server::that([(); 3].map(|()| ok(&request(ID)))).await;
    let client = server.client();
    client.act(ID, &Approve::default()).await.unwrap();
    client.act(ID, &Fail { reason: "sold out".to_owned() }).await.unwrap();
    let list = client.list::<AssetRequest>().filter(field("name").eq("Acme Corp"));
    assert_eq!(list.first().await.unwrap_err().code(), "CLT_DECODE");
    insta::assert_snapshot!(server.asked(), @r#"
    POST /requests/PR-1/approve
    POST /requests/PR-1/fail application/json {"reason":"sold out"}
    GET /requests?eq(name,Acme%20Corp)&limit=1&offset=0
    "#);
}

#[tokio::test]
async fn an_action_with_half_an_answer_is_never_repeated() {
    let server = Server::that([breaks_off(), ok(&request(ID))]).await;
    let error = approve(&server.client()).await;
    assert!(matches!(error, Error::NoAnswer { status: None, .. }), "{error}");
    assert!(error.may_have_happened());
    assert_eq!(server.asked(), "POST /requests/PR-1/approve\n");
}

#[tokio::test]
async fn half_a_refusal_is_a_refusal() {
    let server = Server::that([breaks_off_with(400)]).await;
    let error = approve(&server.client()).await;
    assert!(matches!(error, Error::Refused { .. }), "{error}");
}

#[tokio::test]
async fn an_action_into_a_dropped_connection_is_never_repeated() {
    let server = Server::that_hangs_up().await;
    let error = approve(&server.client()).await;
    assert!(matches!(error, Error::NoAnswer { status: None, .. }), "{error}");
    assert!(error.may_have_happened());
    assert_eq!(server.asked(), "POST /requests/PR-1/approve\n");
}

#[tokio::test]
async fn a_call_that_is_not_answered_ends_with_its_time() {
    let server = Server::that([silence()]).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_millis(100)));
    insta::assert_snapshot!(seen(&approve(&client).await), @"CLT_NO_ANSWER (may have happened): POST requests/PR-1/approve got no answer: it took too long; it may have happened: look before repeating");
    assert_eq!(server.asked(), "POST /requests/PR-1/approve\n");
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_out_of_reach() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let builder = quick(&format!("http://127.0.0.1:{port}")).retry(RetryPolicy::never());
    let error = approve(&builder.build().unwrap()).await;
    insta::assert_snapshot!(seen(&error).replace(&port, "PORT"), @"CLT_UNREACHABLE (did not happen): POST requests/PR-1/approve: http://127.0.0.1:PORT could not be reached: Connection refused (os error 111); check the endpoint and the network");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stranger = Server::that([ok(&request(ID))]).await;
    let server = Server::that([redirects(stranger.url())]).await;
    assert_eq!(read(&server.client()).await.code(), "CLT_UNEXPECTED");
    assert_eq!((server.asked().lines().count(), stranger.asked()), (1, String::new()));
}

#[tokio::test]
async fn a_long_body_is_not_read_to_its_end_whether_announced_or_not() {
    let announced: fn() -> Says = || ok(&serde_json::json!("x".repeat(99)));
    for says in [announced, || streams(101)] {
        let server = Server::that([says()]).await;
        let client = server.client_with(|builder| builder.max_body(100));
        assert_eq!(read(&client).await.code(), "CLT_TOO_LARGE");
    }
}
