//! Failures, their meaning, and the calls that are repeated after them.

use std::time::Duration;

use connect_client::{BoxError, Client, Error, RetryPolicy};
use connect_model::AssetRequest;
use connect_model::asset_request::NewRequest;
use connect_model::asset_request::action::Approve;
use serde_json::json;

use crate::platform::{
    Platform, Says, breaks_off, html, limited, ok, plain, redirects, refuses, request, seen,
    silence, streams, unavailable,
};

const ID: &str = "PR-1";

async fn read(client: &Client) -> Error {
    client.get::<AssetRequest>(ID).await.unwrap_err()
}

async fn approve(client: &Client) -> Error {
    client.act(ID, &Approve::default()).await.unwrap_err()
}

fn one_second() -> RetryPolicy {
    RetryPolicy { base: Duration::from_secs(1), ..RetryPolicy::default() }
}

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_until_it_is_answered() {
    let answers = [html(502), unavailable("7"), breaks_off(), ok(&request(ID))];
    let platform = Platform::that(answers);
    let client = platform.client();

    client.get::<AssetRequest>(ID).await.unwrap();

    assert_eq!(platform.asked(), "GET /requests/PR-1\n".repeat(4));
    assert_eq!(platform.waits()[1], Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_full_update_is_repeated_too() {
    let platform = Platform::that([html(504), ok(&request(ID))]);
    let client = platform.client();
    client.update::<AssetRequest>(ID, &json!({"note": "x"})).await.unwrap();
    assert_eq!(
        platform.asked(),
        "PUT /requests/PR-1 application/json {\"note\":\"x\"}\n".repeat(2)
    );
}

#[tokio::test(start_paused = true)]
async fn an_action_without_an_answer_is_never_repeated() {
    let mut outcomes = String::new();
    for (words, says) in [
        ("a gateway's 502", html(502)),
        ("a 500", refuses(500, "", "oops")),
        ("a 503", unavailable("1")),
        ("a 408", plain(408, "too slow")),
    ] {
        let platform = Platform::that([says, ok(&request(ID))]);
        let client = platform.client();
        let error = approve(&client).await;
        assert_eq!(platform.asked(), "POST /requests/PR-1/approve\n", "{words}");
        assert_eq!(platform.waits(), [], "{words}");
        outcomes += &format!("{words}: {}", seen(&error));
    }
    insta::assert_snapshot!(outcomes, @"
    a gateway's 502: CLT_NO_ANSWER (may have happened): POST requests/PR-1/approve was answered: 502 Bad Gateway: the answer is text/html, not Connect's JSON; it may have happened: look before repeating
    a 500: CLT_NO_ANSWER (may have happened): POST requests/PR-1/approve was answered: 500 Internal Server Error: oops; it may have happened: look before repeating
    a 503: CLT_NO_ANSWER (may have happened): POST requests/PR-1/approve was answered: 503 Service Unavailable: no reason given; it may have happened: look before repeating
    a 408: CLT_NO_ANSWER (may have happened): POST requests/PR-1/approve was answered: 408 Request Timeout: too slow; it may have happened: look before repeating
    ");
}

#[tokio::test(start_paused = true)]
async fn an_action_with_half_an_answer_is_never_repeated() {
    let platform = Platform::that([breaks_off(), ok(&request(ID))]);
    let client = platform.client();
    let error = approve(&client).await;
    assert!(matches!(error, Error::NoAnswer { status: None, .. }), "{error}");
    assert!(error.may_have_happened());
    assert_eq!(platform.asked(), "POST /requests/PR-1/approve\n");
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_not_repeated_either() {
    let platform = Platform::that([html(502), ok(&request(ID))]);
    let client = platform.client();
    let body = NewRequest::resume(&"AS-8027-7606-7082".parse().unwrap());
    let error = client.create::<AssetRequest>(&body).await.unwrap_err();
    assert!(error.may_have_happened());
    assert_eq!(platform.asked().lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_never_answered_says_so() {
    let platform = Platform::that([(); 4].map(|()| silence()));
    let time = Duration::from_secs(10);
    let client = platform.client_with(|builder| builder.timeout(time).retry(one_second()));
    let error = read(&client).await;
    insta::assert_snapshot!(seen(&error), @"CLT_NO_ANSWER (did not happen): GET requests/PR-1 got no answer: it took too long; try again later");
    assert_eq!(platform.asked().lines().count(), 4);
    let most = [1, 2, 4].map(|seconds| time + Duration::from_secs(seconds));
    let waits = platform.waits();
    assert!(waits.iter().zip(most).all(|(wait, most)| (time..=most).contains(wait)), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_waits() {
    let mut traces = Vec::new();
    for seed in [1, 1, 2] {
        let platform = Platform::that([(); 4].map(|()| html(502)));
        let client = platform.client_with(|builder| builder.seed(seed));
        read(&client).await;
        traces.push(platform.waits());
    }
    assert_eq!(traces[0], traces[1]);
    assert_ne!(traces[0], traces[2]);
}

#[tokio::test(start_paused = true)]
async fn an_action_that_times_out_is_never_repeated() {
    let platform = Platform::that([silence(), ok(&request(ID))]);
    let client = platform.client_with(|builder| builder.timeout(Duration::from_secs(10)));
    let error = approve(&client).await;
    insta::assert_snapshot!(seen(&error), @"CLT_NO_ANSWER (may have happened): POST requests/PR-1/approve got no answer: it took too long; it may have happened: look before repeating");
    assert_eq!(platform.asked().lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_limited_action_waits_as_long_as_the_platform_asks() {
    let platform =
        Platform::that([limited("3"), limited("Tue, 19 Mar 2024 12:00:48 GMT"), ok(&request(ID))]);
    let client = platform.client();
    client.act(ID, &Approve::default()).await.unwrap();
    assert_eq!(platform.waits(), [3, 45].map(Duration::from_secs));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_left_to_the_caller() {
    let platform = Platform::that([limited("120")]);
    let client = platform.client();
    let error = approve(&client).await;
    insta::assert_snapshot!(seen(&error), @"CLT_LIMITED (did not happen): POST requests/PR-1/approve: the platform is limiting calls; try again in 120 s");
    assert!(
        matches!(error, Error::Limited { retry_after: Some(wait), .. } if wait.as_secs() == 120)
    );
    assert_eq!(platform.waits(), []);
}

#[tokio::test(start_paused = true)]
async fn waits_end_at_the_deadline() {
    let platform = Platform::that([(); 4].map(|()| limited("40")));
    let policy = RetryPolicy { deadline: Duration::from_secs(60), ..RetryPolicy::default() };
    let client = platform.client_with(|builder| builder.retry(policy));
    assert_eq!(read(&client).await.code(), "CLT_LIMITED");
    assert_eq!(platform.waits(), [Duration::from_secs(40)]);
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_one_attempt_makes_one() {
    let platform = Platform::that([html(502), ok(&request(ID))]);
    let client = platform.client_with(|builder| builder.retry(RetryPolicy::never()));
    assert_eq!(read(&client).await.status().unwrap(), 502);
    assert_eq!(platform.asked().lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn refusals_name_the_call_the_reason_and_the_remedy() {
    let mut outcomes = String::new();
    for says in [
        refuses(400, "REQ_005", "Missed fields: reason."),
        refuses(401, "AUTH_001", "API request is unauthorized."),
        refuses(403, "AUTH_004", "You do not have permission to perform this action."),
        refuses(404, "NOT_FOUND", "Object not found."),
        refuses(501, "EMU_001", "The emulator does not have this."),
        ok_but(404),
        html(404),
        plain(413, "too big"),
        plain(400, ""),
    ] {
        let platform = Platform::that([says, ok(&request(ID))]);
        let client = platform.client();
        outcomes += &seen(&approve(&client).await);
        assert_eq!(platform.asked().lines().count(), 1);
    }
    insta::assert_snapshot!(outcomes, @r#"
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 400 Bad Request: REQ_005 - Missed fields: reason.
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 401 Unauthorized: AUTH_001 - API request is unauthorized. (check that the API key is the whole `ApiKey SU-…:…` value of an enabled token)
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 403 Forbidden: AUTH_004 - You do not have permission to perform this action. (give the token the permission, or use the other side's token)
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 404 Not Found: NOT_FOUND - Object not found. (check the id, and that the API key's account can see it)
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 501 Not Implemented: EMU_001 - The emulator does not have this.
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 404 Not Found: {"detail":"Not here."} (check the id, and that the API key's account can see it)
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 404 Not Found: the answer is text/html, not Connect's JSON (check the id, and that the API key's account can see it)
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 413 Payload Too Large: too big
    CLT_REFUSED (did not happen): POST requests/PR-1/approve was refused: 400 Bad Request: no reason given
    "#);
}

/// A JSON body that is not in Connect's shape.
fn ok_but(status: u16) -> Says {
    let Says::Answer(mut response) = ok(&json!({"detail": "Not here."})) else { unreachable!() };
    *response.status_mut() = status.try_into().unwrap();
    Says::Answer(response)
}

#[tokio::test(start_paused = true)]
async fn the_reason_can_be_read_by_programs() {
    let platform = Platform::that([
        refuses(404, "NOT_FOUND", "Object not found."),
        refuses(401, "AUTH_001", "API request is unauthorized."),
    ]);
    let client = platform.client();
    let missing = read(&client).await;
    assert!(missing.is_not_found() && !missing.is_unauthorized());
    assert_eq!(missing.refusal().unwrap().error_code, "NOT_FOUND");
    assert_eq!(missing.call().unwrap().to_string(), "GET requests/PR-1");
    assert!(read(&client).await.is_unauthorized());
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_not_connects_are_told_from_refusals() {
    let mut outcomes = String::new();
    let mut odd = request(ID);
    odd["status"] = json!(7);
    for says in [html(200), redirects("https://login.example/"), ok(&odd), ok(&json!([]))] {
        let platform = Platform::that([says, ok(&request(ID))]);
        let client = platform.client();
        outcomes += &seen(&approve(&client).await);
        assert_eq!(platform.asked().lines().count(), 1);
    }
    insta::assert_snapshot!(outcomes, @r##"
    CLT_UNEXPECTED (may have happened): POST requests/PR-1/approve was answered (200 OK) with text/html, not JSON; check that the endpoint is Connect's API
    CLT_UNEXPECTED (may have happened): POST requests/PR-1/approve was answered (302 Found) with a redirect to https://login.example/; check that the endpoint is Connect's API
    CLT_DECODE (may have happened): requests/PR-1/approve: status: invalid type: integer `7`, expected a string at line 1 column 39 (answer to POST requests/PR-1/approve)
    CLT_DECODE (may have happened): requests/PR-1/approve: invalid type: sequence, expected struct AssetRequest at line 1 column 0 (answer to POST requests/PR-1/approve)
    "##);
}

#[tokio::test(start_paused = true)]
async fn a_body_longer_than_allowed_is_not_read_to_its_end() {
    let mut outcomes = String::new();
    for says in [streams(101), ok(&json!("x".repeat(99)))] {
        let platform = Platform::that([says]);
        let client = platform.client_with(|builder| builder.max_body(100));
        outcomes += &seen(&read(&client).await);
    }
    insta::assert_snapshot!(outcomes, @"
    CLT_TOO_LARGE (did not happen): the answer to GET requests/PR-1 is longer than 100 bytes: ask for less, or raise `max_body`
    CLT_TOO_LARGE (did not happen): the answer to GET requests/PR-1 is longer than 100 bytes: ask for less, or raise `max_body`
    ");
    let platform = Platform::that([streams(100)]);
    let client = platform.client_with(|builder| builder.max_body(100));
    assert_eq!(read(&client).await.code(), "CLT_DECODE");
}

#[test]
fn errors_can_be_carried_anywhere() {
    fn carried(error: impl Into<BoxError>) -> BoxError {
        error.into()
    }
    let error = connect_client::ApiKey::new("").unwrap_err();
    assert!(carried(error).is::<Error>());
}
