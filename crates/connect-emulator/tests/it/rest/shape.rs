//! Paths, methods, bodies and headers, whatever the call is about.

use reqwest::Method;
use serde_json::json;

use super::stage::{Said, Stage};

#[tokio::test]
async fn the_root_tells_the_version() {
    let stage = Stage::set().await;
    for path in ["", "/"] {
        let said = stage.vendor().get(path).await;
        assert_eq!((said.status, said.body.as_str()), (200, "{}"));
        assert_eq!(said.header("connect-version"), "37");
    }
}

#[tokio::test]
async fn what_the_emulator_does_not_do_is_said_in_connects_shape() {
    let stage = Stage::set().await;
    let calls = [
        ("GET", "/nothing"),
        ("GET", "/requests/PR-1/approve"),
        ("DELETE", "/requests/PR-1"),
        ("POST", "/requests/PR-1/explode"),
        ("PATCH", "/requests"),
        ("GET", "/helpdesk/cases"),
        ("POST", "/notifications/email/send"),
        ("GET", "/products/PRD-411-678-887/versions/1/items"),
        ("GET", "/products/PRD-411-678-887/nothing"),
        ("DELETE", "/tier/accounts/TA-1"),
        ("GET", "/requests/PR-0000-0000-0000-000"),
        ("GET", "/requests/%FF"),
    ];
    let mut table = String::new();
    for (method, path) in calls {
        let said = stage.vendor().call(method.parse().unwrap(), path).await;
        assert_eq!(said.header("content-type"), "application/json");
        table += &format!("{method} {path}: {}\n", said.refusal());
    }
    insta::assert_snapshot!(table, @r"
    GET /nothing: 404 NOT_FOUND There is nothing at /public/v1/nothing; the API lives below /public/v1.
    GET /requests/PR-1/approve: 405 METHOD_NOT_ALLOWED Method GET is not allowed here.
    DELETE /requests/PR-1: 405 METHOD_NOT_ALLOWED Method DELETE is not allowed here.
    POST /requests/PR-1/explode: 404 NOT_FOUND There is nothing at /public/v1/requests/PR-1/explode; the API lives below /public/v1.
    PATCH /requests: 405 METHOD_NOT_ALLOWED Method PATCH is not allowed here.
    GET /helpdesk/cases: 501 EMU_001 Not emulated yet: /helpdesk/cases. Nothing was changed.
    POST /notifications/email/send: 501 EMU_001 Not emulated yet: /notifications/email/send. Nothing was changed.
    GET /products/PRD-411-678-887/versions/1/items: 501 EMU_001 Not emulated yet: /products/PRD-411-678-887/versions/1/items. Nothing was changed.
    GET /products/PRD-411-678-887/nothing: 404 NOT_FOUND There is nothing at /public/v1/products/PRD-411-678-887/nothing; the API lives below /public/v1.
    DELETE /tier/accounts/TA-1: 501 EMU_001 Not emulated yet: DELETE /tier/accounts/TA-1. Nothing was changed.
    GET /requests/PR-0000-0000-0000-000: 404 NOT_FOUND Object not found.
    GET /requests/%FF: 404 NOT_FOUND Object not found.
    ");
}

#[tokio::test]
async fn a_method_that_is_not_allowed_names_those_that_are() {
    let stage = Stage::set().await;
    let said = stage.vendor().call(Method::DELETE, "/requests").await;
    let mut allowed: Vec<&str> = said.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let path = format!("/requests/{}", order.id);
    let vendor = stage.vendor();
    assert_eq!(vendor.get(&path).await.body, vendor.get(&format!("{path}/")).await.body);
    assert_eq!(vendor.get("/requests/?limit=0").await.header("content-range"), "items 0-0/1");
    stage.fill(&order).await;
    assert_eq!(vendor.call(Method::POST, &format!("{path}/approve/")).await.status, 200);
}

#[tokio::test]
async fn json_is_exactly_application_json_and_templates_are_markdown() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let request = format!("/requests/{}", order.id);
    for (path, kind) in [
        ("/requests".to_owned(), "application/json"),
        (request.clone(), "application/json"),
        (format!("{request}/render"), "text/markdown"),
        (format!("/assets/{}/render", order.asset), "text/markdown"),
    ] {
        let said = stage.vendor().get(&path).await;
        assert_eq!(
            (said.status, said.header("content-type")),
            (200, kind),
            "{path}: {}",
            said.body
        );
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let stage = Stage::set().await;
    let path = format!("/requests/{}", stage.purchase().await.id);
    let (get, head) =
        (stage.vendor().get(&path).await, stage.vendor().call(Method::HEAD, &path).await);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_and_says_where() {
    let stage = Stage::set().await;
    let bodies: [(&str, &str, Vec<u8>); 5] = [
        ("cut off", "application/json", b"{\"type\": \"purchase\",\n \"asset\": {".to_vec()),
        ("not JSON", "application/json", b"type=purchase".to_vec()),
        ("not text", "application/json", b"{\"type\": \"\xff\"}".to_vec()),
        ("a form", "multipart/form-data; boundary=b", b"--b--".to_vec()),
        ("too large", "application/json", vec![b' '; 1024 * 1024 + 1]),
    ];
    let mut table = String::new();
    for (name, kind, body) in bodies {
        let post = stage.vendor().request(Method::POST, "/requests");
        let said = Said::of(post.header("Content-Type", kind).body(body)).await;
        table += &format!("{name}: {}\n", said.refusal());
    }
    insta::assert_snapshot!(table, @r"
    cut off: 400 VAL_001 body: JSON parse error: it ends too early (line 2, character 11).
    not JSON: 400 VAL_001 body: JSON parse error: it is not JSON (line 1, character 2).
    not text: 400 VAL_001 body: JSON parse error: it is not JSON (line 1, character 11).
    a form: 501 EMU_001 Not emulated yet: a multipart body. Nothing was changed.
    too large: 413 BODY_TOO_LARGE The body is larger than 1048576 bytes.
    ");
    assert_eq!(stage.vendor().get("/requests").await.body, "[]");
}

#[tokio::test]
async fn json_of_an_unexpected_kind_is_refused_not_fatal() {
    let stage = Stage::set().await;
    let nested = (0..100).fold(json!(1), |inner, _| json!([inner]));
    for body in [json!(null), json!([]), json!("text"), json!(7), json!({"asset": 7}), nested] {
        let said = stage.vendor().post("/requests", body.clone()).await;
        assert_eq!(said.status, 400, "{body}: {}", said.body);
    }
}

#[tokio::test]
async fn unknown_headers_of_extensions_are_ignored() {
    let stage = Stage::set().await;
    let list = stage.vendor().request(Method::GET, "/requests");
    let said = Said::of(list.header("EAAS_TASK_ID", "TQ-1").header("ext-traceparent", "x")).await;
    assert_eq!(said.status, 200);
}
