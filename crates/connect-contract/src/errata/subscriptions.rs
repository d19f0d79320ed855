//! The errata about subscriptions as recurring billing sees them.

use super::NULL;
use crate::erratum::{Erratum, Remedy};

const SUBSCRIPTIONS: &[&str] = &["GET /subscriptions/assets/**"];

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        name: "unselected-parts",
        operations: SUBSCRIPTIONS,
        claim: "Every subscription shows its template, its pending request and the template of that.",
        remedy: Remedy::MayBeMissing {
            at: &[
                "/template",
                "/*/template",
                "/pending_request",
                "/*/pending_request",
                "**/pending_request/template",
            ],
        },
        evidence: "The same list says of the three that they are hidden unless they are selected.",
    },
    Erratum {
        name: "billing-attributes",
        operations: &["* /subscriptions/requests", "GET /subscriptions/requests/{}"],
        claim: "The attributes of a billing request are a list.",
        remedy: Remedy::AlsoValid {
            at: &["/attributes", "/*/attributes"],
            schema: r#"{"type": "object"}"#,
        },
        evidence: "Recorded billing requests have an object, as the bodies that create them and \
                   write their attributes do.",
    },
    Erratum {
        name: "parts-that-are-not-there",
        operations: SUBSCRIPTIONS,
        claim: "Every subscription has a template and a pending request.",
        remedy: Remedy::AlsoValid {
            at: &["/template", "/*/template", "/pending_request", "/*/pending_request"],
            schema: NULL,
        },
        evidence: "There is a template once a request was approved, and a pending request while \
                   there is one; that they are null otherwise is the emulator's decision, as under \
                   `/assets`.",
    },
];
