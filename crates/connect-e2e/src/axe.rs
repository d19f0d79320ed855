//! Deque's axe, which finds what shuts people out of a page.

use std::path::Path;
use std::process::Command;
use std::{fmt, fs};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::Browser;
use crate::shell::run;

/// The package and the version that judges.
pub const PACKAGE: &str = "axe-core@4.14.1";

/// Something that shuts people out.
#[derive(Debug, Deserialize)]
pub struct Finding {
    /// The broken rule.
    pub id: String,
    /// Its severity: `minor`, `moderate`, `serious` or `critical`.
    pub impact: Option<String>,
    /// The problem, and its place.
    pub says: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let impact = self.impact.as_deref().unwrap_or("unknown");
        write!(f, "{} ({impact})\n{}", self.id, self.says)
    }
}

impl Finding {
    /// Whether it keeps people from using the page.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        matches!(self.impact.as_deref(), Some("serious" | "critical"))
    }
}

/// Whether npm is there to fetch axe with.
#[must_use]
pub fn can_be_fetched() -> bool {
    Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The script, as it comes from the npm registry; kept in a folder below this one.
///
/// # Errors
///
/// When npm or tar fails.
pub fn script(target: &Path) -> Result<String> {
    let kept = target.join(format!("{PACKAGE}.js"));
    if let Ok(script) = fs::read_to_string(&kept) {
        return Ok(script);
    }
    let folder = tempfile::tempdir_in(target)?;
    run(Command::new("npm").args(["pack", PACKAGE, "--silent"]).current_dir(&folder))?;
    let archive = fs::read_dir(&folder)?.next().context("npm pack wrote no archive")??;
    run(Command::new("tar").arg("xzf").arg(archive.path()).current_dir(&folder))?;
    // Renaming is all or nothing: another test may be looking.
    fs::rename(folder.path().join("package/axe.min.js"), &kept)?;
    Ok(fs::read_to_string(&kept)?)
}

/// Judges the page that the browser shows, in which axe's script has run.
///
/// # Errors
///
/// When axe is not in the page.
pub async fn findings(browser: &Browser) -> Result<Vec<Finding>> {
    judge(browser, "{ resultTypes: ['violations'] }").await
}

/// Judges the colours of the page alone: what another look of the same page can break.
///
/// # Errors
///
/// As [`findings`].
pub async fn findings_about_colours(browser: &Browser) -> Result<Vec<Finding>> {
    judge(browser, COLOURS).await
}

const COLOURS: &str =
    "{ resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] }";

/// A colour that is still on its way to another is not judged.
const JUDGE: &str = "
    const says = (rule) => rule.nodes.map((node) => `${node.html}: ${node.failureSummary}`);
    const ends = document.getAnimations().map((it) => it.finished);
    return Promise.all(ends).then(() => axe.run(document, OPTIONS)).then((result) =>
      result.violations.map((rule) =>
        ({ id: rule.id, impact: rule.impact, says: says(rule).join('\\n') })));";

async fn judge(browser: &Browser, options: &str) -> Result<Vec<Finding>> {
    let found = browser.evaluate(&JUDGE.replace("OPTIONS", options)).await?;
    Ok(serde_json::from_value(found)?)
}
