//! Endpoints and keys, accepted or not.

use connect_client::{ApiKey, Client, Error};
use connect_model::AssetRequest;

use crate::platform::{KEY, Platform, ok, request};

fn outcome(result: Result<impl Sized, Error>) -> String {
    result.map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
}

#[test]
fn an_endpoint_is_checked_before_anything_is_sent() {
    let mut table = String::new();
    for endpoint in [
        "https://api.connect.cloudblue.com/public/v1",
        "https://api.connect.cloudblue.com/public/v1/",
        "http://127.0.0.1:8080/public/v1",
        "http://[::1]:8080/public/v1",
        "http://localhost:8080",
        "http://connect.example/public/v1",
        "http://127.0.0.1.connect.example",
        "ftp://connect.example",
        "connect.example/public/v1",
        "https://user:word@connect.example",
        "https://connect.example/v1?x=1",
        "",
    ] {
        let built = Client::builder(endpoint, ApiKey::new(KEY).unwrap()).build();
        table += &format!("{endpoint}\n    {}\n", outcome(built));
    }
    insta::assert_snapshot!(table, @"
    https://api.connect.cloudblue.com/public/v1
        accepted
    https://api.connect.cloudblue.com/public/v1/
        accepted
    http://127.0.0.1:8080/public/v1
        accepted
    http://[::1]:8080/public/v1
        accepted
    http://localhost:8080
        accepted
    http://connect.example/public/v1
        endpoint: over plain http the API key would travel readable; use https, or say allow-plain-http where you trust the network between
    http://127.0.0.1.connect.example
        endpoint: over plain http the API key would travel readable; use https, or say allow-plain-http where you trust the network between
    ftp://connect.example
        endpoint: its scheme is `ftp`; give it as `https://api.connect.cloudblue.com/public/v1`
    connect.example/public/v1
        endpoint: `connect.example/public/v1` is not a URL: relative URL without a base; give it as `https://api.connect.cloudblue.com/public/v1`
    https://user:word@connect.example
        endpoint: it holds a user name or password; give it as `https://api.connect.cloudblue.com/public/v1`
    https://connect.example/v1?x=1
        endpoint: it holds a query or a fragment; give it as `https://api.connect.cloudblue.com/public/v1`

        endpoint: `` is not a URL: relative URL without a base; give it as `https://api.connect.cloudblue.com/public/v1`
    ");
}

#[test]
fn plain_http_can_be_allowed() {
    let builder = Client::builder("http://connect.example", ApiKey::new(KEY).unwrap());
    assert!(builder.allow_plain_http(true).build().is_ok());
}

#[test]
fn a_user_agent_must_fit_into_a_header() {
    let builder = Client::builder("http://localhost", ApiKey::new(KEY).unwrap());
    let error = builder.user_agent("line\nbreak").build().unwrap_err();
    assert_eq!(error.code(), "CLT_CONFIG");
}

#[test]
fn a_key_is_taken_whole_or_not_at_all() {
    let mut table = String::new();
    for key in [
        "ApiKey SU-123-456-789:4f9c0e",
        "SU-123-456-789:4f9c0e",
        "ApiKey SU-123-456-789:4f9c0e\n",
        " ApiKey SU-123-456-789:4f9c0e",
        "ApiKey  SU-123-456-789:4f9c0e",
        "ApiKey SU-123-456-789:4f9c0é",
        "ApiKey SU-123-456-789",
        "ApiKey :4f9c0e",
        "",
    ] {
        table += &format!("{key:?}\n    {}\n", outcome(ApiKey::new(key)));
    }
    insta::assert_snapshot!(table, @r#"
    "ApiKey SU-123-456-789:4f9c0e"
        accepted
    "SU-123-456-789:4f9c0e"
        API key: it does not start with `ApiKey` and one space; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    "ApiKey SU-123-456-789:4f9c0e\n"
        API key: it holds a line break; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    " ApiKey SU-123-456-789:4f9c0e"
        API key: it does not start with `ApiKey` and one space; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    "ApiKey  SU-123-456-789:4f9c0e"
        API key: it holds white space or characters that are not plain ASCII; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    "ApiKey SU-123-456-789:4f9c0é"
        API key: it holds white space or characters that are not plain ASCII; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    "ApiKey SU-123-456-789"
        API key: it has no token id and secret with a colon between them; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    "ApiKey :4f9c0e"
        API key: it has no token id and secret with a colon between them; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    ""
        API key: it does not start with `ApiKey` and one space; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_slash_at_the_end_of_the_endpoint_changes_nothing() {
    let platform = Platform::that([(); 4].map(|()| ok(&request("PR-1"))));
    let host = "http://localhost";
    for place in ["/public/v1", "/public/v1/", "", "/"] {
        let client = platform.client_at(&format!("{host}{place}"), |builder| builder);
        client.get::<AssetRequest>("PR-1").await.unwrap();
    }
    assert_eq!(platform.asked(), "GET /requests/PR-1\n".repeat(4));
}
