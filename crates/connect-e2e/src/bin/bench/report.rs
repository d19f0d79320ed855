//! The report of a run: tables as they come, or one JSON document at the end.

use std::process::ExitCode;

use anyhow::Result;
use serde::Serialize;

use crate::WORSE;
use crate::against::{self, Comparison};
use crate::figure::{Figure, figures, show};
use crate::machine::Machine;
use crate::progress::tell;

/// The report of one run.
#[derive(Serialize)]
pub(crate) struct Report {
    machine: String,
    optimised: bool,
    #[serde(skip)]
    json: bool,
    parts: Vec<Part>,
}

/// A part with its figures, alone or beside another revision's.
#[derive(Serialize)]
struct Part {
    part: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    figures: Vec<Figure>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comparisons: Vec<Comparison>,
    /// The reason that there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_measured: Option<String>,
}

impl Report {
    pub(crate) fn new(machine: &Machine, json: bool) -> Self {
        let report = Self {
            machine: machine.to_string().trim_end().to_owned(),
            optimised: !cfg!(debug_assertions),
            json,
            parts: Vec::new(),
        };
        report.print(|| format!("{}\n", report.machine));
        if !report.optimised {
            tell("built without --release: the figures mean nothing");
        }
        report
    }

    pub(crate) fn measured(&mut self, part: &'static str, all: Vec<Figure>) {
        self.print(|| figures(part, &all));
        self.parts.push(Part { part, figures: all, comparisons: vec![], not_measured: None });
    }

    pub(crate) fn compared(&mut self, part: &'static str, all: Result<Vec<Comparison>>) {
        let (comparisons, not_measured) = match all {
            Ok(all) => (all, None),
            Err(error) => (Vec::new(), Some(format!("{error:#}"))),
        };
        self.print(|| match &not_measured {
            None => against::table_of(part, &comparisons),
            Some(why) => format!("{part}: NOT MEASURED: {why}\n"),
        });
        self.parts.push(Part { part, figures: vec![], comparisons, not_measured });
    }

    pub(crate) fn end(&self) -> Result<()> {
        if self.json {
            show(&serde_json::to_string_pretty(self)?);
        }
        Ok(())
    }

    pub(crate) fn exit(&self) -> ExitCode {
        let mut comparisons = self.parts.iter().flat_map(|part| &part.comparisons);
        if comparisons.any(Comparison::is_worse) {
            return ExitCode::from(WORSE);
        }
        let unknown = self.parts.iter().any(|part| part.not_measured.is_some());
        if unknown { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn print(&self, text: impl FnOnce() -> String) {
        if !self.json {
            show(&text());
        }
    }
}
