//! Telling what a check has found.

use std::io::{self, Write};
use std::process::ExitCode;

use connect_processor::{Finding, Severity};

/// Prints every finding, the gravest first, and returns the exit code: 1 where work could not begin,
/// 3 where some requests would have to wait, and 0 where all is well.
pub(crate) fn tell(findings: &[Finding]) -> ExitCode {
    // Whoever does not listen is told by the exit code.
    let _ = io::stdout().write_all(text(findings).as_bytes());
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => ExitCode::FAILURE,
        Some(Severity::Warning) => ExitCode::from(3),
        None => ExitCode::SUCCESS,
    }
}

fn text(findings: &[Finding]) -> String {
    let mut findings: Vec<&Finding> = findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let line = |finding: &Finding| format!("{}\n", plain::text(&finding.to_string()));
    match findings.as_slice() {
        [] => "all is there\n".to_owned(),
        findings => findings.iter().map(|finding| line(finding)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_comes_first_and_each_is_one_line() {
        let finding = |severity, code, problem: &str| Finding {
            code,
            severity,
            place: "product PRD-1".to_owned(),
            problem: problem.to_owned(),
            remedy: "see to it".to_owned(),
        };
        let found = [
            finding(Severity::Warning, "PRC_TEMPLATE", "a\nb\u{1b}[2J"),
            finding(Severity::Error, "PRC_PRODUCT", "it is gone"),
        ];
        insta::assert_snapshot!(text(&found), @"
        error PRC_PRODUCT, product PRD-1: it is gone; see to it
        warning PRC_TEMPLATE, product PRD-1: a b�[2J; see to it
        ");
        assert_eq!(text(&[]), "all is there\n");
    }
}
