//! What was found of workers.

use std::io::{self, Write};

use connect_exec::{Fault, Report};
use serde::Serialize;

use super::table::{Cell, Column, table};
use super::{BAD, GOOD};
use crate::printer::View;

/// Cases that were checked.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct CheckedCases(pub(crate) Report);

impl View for CheckedCases {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        const COLUMNS: [Column; 3] =
            [Column::whole("CASE"), Column::whole("RESULT"), Column::text("A WORKER")];
        let rows = self.0.cases.iter().map(|case| {
            let result = match (&case.fault, &case.skipped) {
                (Some(_), _) => Cell::styled("failed", BAD),
                (None, Some(_)) => "skipped".into(),
                (None, None) => Cell::styled("ok", GOOD),
            };
            [case.name.into(), result, case.shows.into()]
        });
        table(out, COLUMNS, rows)?;
        for case in &self.0.cases {
            let Some(Fault { expected, came }) = &case.fault else { continue };
            let (expected, came) = (plain::text(expected), plain::text(came));
            writeln!(out, "\n{}\n  expected  {expected}\n  came      {came}", case.name)?;
        }
        for case in &self.0.cases {
            let Some(why) = &case.skipped else { continue };
            writeln!(out, "\n{}\n  skipped   {}", case.name, plain::text(why))?;
        }
        Ok(())
    }

    /// The cases that have failed.
    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut failed = self.0.cases.iter().filter(|case| case.fault.is_some());
        failed.try_for_each(|case| writeln!(out, "{}", case.name))
    }
}
