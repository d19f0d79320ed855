//! What was done to a journal.

use std::io::{self, Write};
use std::path::Path;

use connect_journal::{Restoration, RunId};
use connect_processor::Pause;
use jiff::Timestamp;
use serde::Serialize;

use super::time::second;
use super::{facts, ids};
use crate::printer::View;

/// A backup that was written.
#[derive(Serialize)]
pub(crate) struct BackupDone {
    backup: String,
}

impl BackupDone {
    pub(crate) fn of(file: &Path) -> Self {
        Self { backup: file.display().to_string() }
    }
}

impl View for BackupDone {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        facts(out, &[("backup", self.backup.clone())])
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.backup.as_str()])
    }
}

/// A journal that was restored.
#[derive(Serialize)]
pub(crate) struct RestoreDone {
    journal: String,
    backup: Timestamp,
    restored: Timestamp,
    /// What is paused in it.
    paused: Vec<String>,
}

impl RestoreDone {
    pub(crate) fn of(
        file: &Path,
        Restoration { backup, at }: Restoration,
        paused: &[Pause],
    ) -> Self {
        let told =
            |pause: &Pause| format!("{}, by {} at {}", pause.scope, pause.by, second(pause.at));
        Self {
            journal: file.display().to_string(),
            backup: second(backup),
            restored: second(at),
            paused: paused.iter().map(told).collect(),
        }
    }
}

impl View for RestoreDone {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut known = vec![
            ("journal", self.journal.clone()),
            ("as of", self.backup.to_string()),
            ("restored", self.restored.to_string()),
        ];
        known.extend(self.paused.iter().map(|it| ("paused", it.clone())));
        facts(out, &known)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.journal.as_str()])
    }
}

/// The runs whose data was erased.
#[derive(Serialize)]
pub(crate) struct ErasedRuns {
    erased: Vec<String>,
}

impl ErasedRuns {
    pub(crate) fn of(runs: &[RunId]) -> Self {
        Self { erased: runs.iter().map(ToString::to_string).collect() }
    }
}

impl View for ErasedRuns {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let known: Vec<_> = self.erased.iter().map(|run| ("erased", run.clone())).collect();
        facts(out, &known)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, self.erased.iter().map(String::as_str))
    }
}
