//! The answers that count as a yes, and what the others come to.

use axum::body::Body;
use connect_vendor::Api;

use crate::vendor::{Vendor, enable, enable_tenant, reply, told};

const YES: &str = r#"{"id": "t-1", "enabled": true}"#;

#[tokio::test]
async fn only_a_proof_is_a_yes_and_only_the_vendors_own_no_is_a_no() {
    let html: &[(&str, &str)] = &[("content-type", "text/html")];
    let asks: &[(&str, &str)] = &[("retry-after", "30")];
    let mut table = String::new();
    for (status, headers, body) in [
        (200, &[][..], YES),
        (202, &[], YES),
        (200, &[], r#"{"id": "t-2", "enabled": true}"#),
        (200, &[], r#"{"id": "t-1", "enabled": false, "status": "deleted"}"#),
        (200, &[], r#"{"id": "t-1"}"#),
        (200, html, "<h1>Please log in</h1>"),
        (200, &[], ""),
        (204, &[], ""),
        (200, &[], "null"),
        (200, &[], r#"{"refused": "no"}"#),
        (400, &[], r#"{"refused": "The invoice is overdue."}"#),
        (404, &[], r#"{"refused": "There is no such tenant."}"#),
        (400, html, "<h1>Bad request</h1>"),
        (404, &[], ""),
        (401, &[], "who are you?"),
        (409, &[], r#"{"error": "busy"}"#),
        (429, asks, ""),
        (500, &[], r#"{"refused": "not by a fault of ours"}"#),
        (503, asks, "soon"),
        (504, html, "<h1>Gateway</h1>"),
    ] {
        let vendor = Vendor::says(status, headers, body).await;
        let result = enable(&vendor.api().build().unwrap()).await;
        table += &format!("{status} {body:56}{}\n", told(result));
        assert_eq!(vendor.asked(), ["PUT /api/tenants/t-1/enable PR-1:enable_tenant"]);
    }
    insta::assert_snapshot!(table);
}

/// Neither as a read of what was to be changed, nor with key and body by a stranger.
#[tokio::test]
async fn a_redirect_is_no_answer_and_is_not_followed() {
    for status in [300, 301, 302, 303, 304, 307, 308] {
        let stranger = Vendor::says(200, &[], YES).await;
        let place = stranger.url.clone();
        let vendor =
            Vendor::that(move || reply(status, &[("location", &place)], Body::from(YES))).await;
        let result = told(enable(&vendor.api().build().unwrap()).await);
        assert!(result.contains("redirects are not followed"), "{status}: {result}");
        assert_eq!((vendor.asked().len(), stranger.asked().len()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn an_id_is_one_segment_of_the_address_or_nothing_is_called() {
    let vendor = Vendor::says(503, &[], "").await;
    let api = vendor.api().build().unwrap();
    for id in ["", ".", ".."] {
        let result = told(enable_tenant(&api, id).await);
        assert!(result.contains("nothing was called"), "{id}: {result}");
    }
    assert!(vendor.asked().is_empty());
    for id in ["../_faults", "t?x=1#", "a/b", "%2e%2e", "ä\r\n"] {
        let _ = enable_tenant(&api, id).await;
    }
    insta::assert_snapshot!(vendor.asked().join("\n"));
}

#[test]
fn an_address_that_is_none_is_refused_with_its_remedy() {
    let mut table = String::new();
    for address in [
        "nonsense",
        "",
        "vendor.example/api",
        "ftp://vendor.example",
        "file:///etc/passwd",
        "http://",
        "https://user:secret@vendor.example",
        "https://vendor.example/api?key=secret",
        "https://vendor.example/api#top",
    ] {
        let refused = Api::builder(address).err().unwrap();
        table += &format!("{}: {refused}\n", refused.code());
    }
    assert!(!table.contains("secret"), "{table}");
    insta::assert_snapshot!(table);
}
