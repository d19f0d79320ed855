//! The errata about usage files.

use super::NULL;
use crate::erratum::{Erratum, Remedy};

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        name: "new-usage-file-names-others",
        operations: &["POST /usage/files"],
        claim: "A new usage file names vendor, provider and marketplace by strings.",
        remedy: Remedy::AlsoValid {
            at: &["/vendor", "/provider", "/marketplace"],
            schema: r#"{"type": "object", "required": ["id", "name"]}"#,
        },
        evidence: "Reading the same file shows objects, and CloudBlue's Python SDK reads the answer \
                   to a creation as it reads a file.",
    },
    Erratum {
        name: "new-usage-file-without-currency",
        operations: &["POST /usage/files"],
        claim: "A new usage file has a currency.",
        remedy: Remedy::AlsoValid { at: &["/currency"], schema: NULL },
        evidence: "Reading the same file may show null. A preview has no marketplace whose currency \
                   it could take.",
    },
    Erratum {
        name: "uploaded-sheet-is-created",
        operations: &["POST /usage/files/*/upload"],
        claim: "The upload of a sheet answers 200.",
        remedy: Remedy::AlsoAnswers { statuses: &[201] },
        evidence: "CloudBlue's Python SDK (connect-sdk 22) takes any other answer than 201 to an upload \
                   for a failure.",
    },
];
