//! The page of errata that people read.

use std::path::Path;

use crate::contract::Contract;

const INTRODUCTION: &str = "\
# Errata of the OpenAPI document

Where CloudBlue's OpenAPI document of Connect (version 37.0) and the platform part ways. Each entry
names the place, what the document claims there, what is right instead, and the evidence. The tests
hold every answer of the emulator against the document; only these entries may differ.

This page is generated from `connect-contract/src/errata.rs` and `errata/`:
`UPDATE_DOCS=1 cargo nextest run -p connect-contract` writes it.
";

#[test]
fn the_page_says_what_the_errata_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/contract-errata.md");
    let wanted = format!("{INTRODUCTION}\n{}", Contract::errata_markdown());
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/contract-errata.md is out of date; run with UPDATE_DOCS=1");
}
