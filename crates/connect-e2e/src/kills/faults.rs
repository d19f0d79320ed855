//! The faults of a bad day: redirects, bodies without an end, wrong yeses, calls that hang, lists that
//! fail, lost calls and answers.

use connect_demo_vendor::FaultEffect;
use connect_emulator::fault::Canned;
use reqwest::StatusCode;
use serde_json::{Value, json};

fn says(status: StatusCode, body: Value) -> Canned {
    Canned { body: Some(body), ..Canned::status(status) }
}

fn leads_to_a_stranger(status: StatusCode) -> Canned {
    let location = "http://stranger.example/login".parse().ok();
    Canned { location, ..Canned::status(status) }
}

fn endless() -> Canned {
    says(StatusCode::OK, Value::String(" ".repeat(3 * 1024 * 1024)))
}

/// Returns what may become of a call to the vendor.
pub(super) fn vendor_faults() -> Vec<FaultEffect> {
    let other = json!({
        "tenantId": "another", "externalId": null, "status": "ready", "enabled": true,
        "licences": {"limit": 10},
    });
    vec![
        FaultEffect::Answer(leads_to_a_stranger(StatusCode::TEMPORARY_REDIRECT)),
        FaultEffect::AnswerAfter(leads_to_a_stranger(StatusCode::FOUND)),
        FaultEffect::Answer(endless()),
        FaultEffect::AnswerAfter(endless()),
        FaultEffect::Answer(says(StatusCode::OK, other)),
        FaultEffect::Answer(login()),
        FaultEffect::AnswerAfter(login()),
        FaultEffect::Delay { millis: 3_000 },
        FaultEffect::LoseCall,
        FaultEffect::LoseAnswer,
    ]
}

/// What may become of a call to the platform, by its method and path.
type PlatformFaults = Vec<(&'static str, &'static str, FaultEffect)>;

fn login() -> Canned {
    says(StatusCode::OK, json!("<h1>Please log in</h1>"))
}

/// Returns what may become of a call to the platform about requests.
pub(super) fn platform_faults() -> PlatformFaults {
    vec![
        ("POST", "/requests/*/approve", FaultEffect::Answer(login())),
        ("POST", "/requests/*/approve", FaultEffect::AnswerAfter(login())),
        (
            "POST",
            "/requests/*/approve",
            FaultEffect::Answer(says(StatusCode::NO_CONTENT, json!(""))),
        ),
        (
            "POST",
            "/requests/*/approve",
            FaultEffect::Answer(leads_to_a_stranger(StatusCode::FOUND)),
        ),
        ("POST", "/requests/*/approve", FaultEffect::LoseAnswer),
        (
            "GET",
            "/requests",
            FaultEffect::Answer(Canned::status(StatusCode::INTERNAL_SERVER_ERROR)),
        ),
        ("GET", "/requests", FaultEffect::Answer(login())),
        ("GET", "/requests", FaultEffect::LoseCall),
    ]
}

/// The same of a call about usage: first what is carried out, and not said to be.
pub(super) fn usage_faults() -> PlatformFaults {
    let nothing = || says(StatusCode::NO_CONTENT, json!(""));
    vec![
        ("POST", "/usage/files", FaultEffect::AnswerAfter(login())),
        ("POST", "/usage/files", FaultEffect::LoseAnswer),
        ("POST", "/usage/files", FaultEffect::Answer(login())),
        ("POST", "/usage/files/*/upload", FaultEffect::LoseAnswer),
        ("POST", "/usage/files/*/upload", FaultEffect::Answer(nothing())),
        ("POST", "/usage/files/*/submit", FaultEffect::LoseAnswer),
        ("POST", "/usage/files/*/submit", FaultEffect::AnswerAfter(nothing())),
        ("POST", "/usage/files/*/submit", FaultEffect::Answer(login())),
        (
            "GET",
            "/usage/files",
            FaultEffect::Answer(Canned::status(StatusCode::INTERNAL_SERVER_ERROR)),
        ),
        ("GET", "/usage/files/*", FaultEffect::Answer(login())),
    ]
}
