//! Errata, and the disagreements they explain.

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use jsonschema::Validator;
use serde_json::Value;

use crate::breach::{Breach, Kind};

/// A place where the document is wrong, and what is right instead.
#[derive(Debug)]
pub struct Erratum {
    /// A short name to speak of it.
    pub name: &'static str,
    /// The operations it concerns: method and path template, with every parameter written `{}`. `*`
    /// stands for any one segment, `**` for any number of them; the method may be `*`.
    pub operations: &'static [&'static str],
    /// The claim of the document that is wrong.
    pub claim: &'static str,
    /// The correction: what is right instead.
    pub remedy: Remedy,
    /// The evidence.
    pub evidence: &'static str,
}

/// The change that an erratum makes to the judgement. Places are JSON pointers into the body, with
/// `*` and `**` as in [`Erratum::operations`].
#[derive(Debug)]
pub enum Remedy {
    /// The value at one of these places may also be of this JSON Schema.
    AlsoValid {
        /// The places.
        at: &'static [&'static str],
        /// The JSON Schema, as text.
        schema: &'static str,
    },
    /// A property that the document requires at one of these places may be missing.
    MayBeMissing {
        /// The places.
        at: &'static [&'static str],
    },
    /// These statuses occur too. From 400 to 499 the body is the document's general error body, below
    /// it that of the answer which the operation lists.
    AlsoAnswers {
        /// The statuses.
        statuses: &'static [u16],
    },
    /// The operation exists although the document does not list it.
    Exists,
}

/// An erratum at work: its schema compiled, its uses counted.
pub(super) struct ErratumCheck {
    pub(super) erratum: &'static Erratum,
    validator: Option<Validator>,
    uses: AtomicUsize,
}

impl ErratumCheck {
    pub(super) fn new(erratum: &'static Erratum) -> Result<Self> {
        let validator = match &erratum.remedy {
            Remedy::AlsoValid { schema, .. } => Some(
                compile(schema)
                    .with_context(|| format!("the schema of erratum {}", erratum.name))?,
            ),
            _ => None,
        };
        Ok(Self { erratum, validator, uses: AtomicUsize::new(0) })
    }

    /// Whether the erratum explains this disagreement.
    pub(super) fn explains(&self, operation: &str, breach: &Breach) -> bool {
        if !concerns(self.erratum.operations, operation) {
            return false;
        }
        match (&self.erratum.remedy, &breach.kind) {
            (Remedy::AlsoValid { at, .. }, Kind::Value(found)) => {
                let validator = self.validator.as_ref();
                covers(at, &breach.pointer) && validator.is_some_and(|valid| valid.is_valid(found))
            }
            (Remedy::MayBeMissing { at }, Kind::Missing) => covers(at, &breach.pointer),
            (Remedy::AlsoAnswers { statuses }, Kind::Status(status)) => statuses.contains(status),
            (Remedy::Exists, Kind::Unlisted) => true,
            _ => false,
        }
    }

    pub(super) fn count_use(&self) {
        self.uses.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn uses(&self) -> usize {
        self.uses.load(Ordering::Relaxed)
    }
}

fn compile(schema: &str) -> Result<Validator> {
    Ok(jsonschema::draft202012::new(&serde_json::from_str::<Value>(schema)?)?)
}

fn concerns(patterns: &[&str], operation: &str) -> bool {
    let Some((method, path)) = operation.split_once(' ') else { return false };
    patterns.iter().filter_map(|pattern| pattern.split_once(' ')).any(
        |(wanted_method, wanted_path)| {
            (wanted_method == "*" || wanted_method == method) && fits(wanted_path, path)
        },
    )
}

fn covers(places: &[&str], pointer: &str) -> bool {
    places.iter().any(|place| fits(place, pointer))
}

/// Whether a path or pointer fits a pattern with `*` and `**`; a path parameter fits `{}`.
fn fits(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    fits_segments(&pattern, &path)
}

fn fits_segments(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", pattern @ ..], []) => fits_segments(pattern, path),
        (["**", rest @ ..], [_, tail @ ..]) => {
            fits_segments(rest, path) || fits_segments(pattern, tail)
        }
        ([wanted, pattern @ ..], [found, path @ ..]) => {
            fits_segment(wanted, found) && fits_segments(pattern, path)
        }
        _ => false,
    }
}

fn fits_segment(wanted: &str, found: &str) -> bool {
    wanted == "*" || wanted == found || (wanted == "{}" && found.starts_with('{'))
}

/// Writes the table for people who want to know where the document and the platform part ways.
pub(super) fn markdown(errata: impl Iterator<Item = &'static Erratum>) -> String {
    let mut table =
        "| erratum | operations | the document says | really | how we know |\n|---|---|---|---|---|\n"
            .to_owned();
    for Erratum { name, operations, claim, remedy, evidence } in errata {
        let operations = code(operations, "<br>");
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| {name} | {operations} | {claim} | {} | {evidence} |",
            remedy.in_words()
        );
    }
    table
}

impl Remedy {
    fn in_words(&self) -> String {
        match self {
            Self::AlsoValid { at, schema } => {
                let schema = schema.replace('|', "\\|");
                format!("{} may also be `{schema}`", code(at, ", "))
            }
            Self::MayBeMissing { at } => format!("{} may be missing", code(at, ", ")),
            Self::AlsoAnswers { statuses } => {
                let statuses: Vec<_> = statuses.iter().map(u16::to_string).collect();
                format!("also answers {}", statuses.join(", "))
            }
            Self::Exists => "it exists".to_owned(),
        }
    }
}

fn code(texts: &[&str], separator: &str) -> String {
    let quoted: Vec<_> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(separator).replace("``", "the whole body")
}
