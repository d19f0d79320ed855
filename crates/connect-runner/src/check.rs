//! Telling what a check has found.

use std::io::{self, Write};

use connect_processor::{Finding, Severity};

use crate::exit::Exit;
use crate::settings::AccountName;

/// Prints every finding, the gravest first, each with the account that it is of, and returns what that
/// comes to: whether work could not begin, or some requests would have to wait.
pub(crate) fn tell(account: Option<&AccountName>, findings: &[Finding]) -> Exit {
    // Whoever does not listen is told by the exit code.
    let _ = io::stdout().write_all(text(account, findings).as_bytes());
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => Exit::Failure,
        Some(Severity::Warning) => Exit::Left,
        None => Exit::Complete,
    }
}

fn text(account: Option<&AccountName>, findings: &[Finding]) -> String {
    let mut findings: Vec<&Finding> = findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let of = account.map(|account| format!("account {account}: ")).unwrap_or_default();
    let line = |finding: &Finding| format!("{of}{}\n", plain::text(&finding.to_string()));
    match findings.as_slice() {
        [] => format!("{of}all is there\n"),
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
        insta::assert_snapshot!(text(None, &found), @"
        error PRC_PRODUCT, product PRD-1: it is gone; see to it
        warning PRC_TEMPLATE, product PRD-1: a b�[2J; see to it
        ");
        assert_eq!(text(None, &[]), "all is there\n");
        let preview = "preview".parse().unwrap();
        assert_eq!(text(Some(&preview), &[]), "account preview: all is there\n");
        let told = text(Some(&preview), &found);
        assert!(told.lines().all(|line| line.starts_with("account preview: ")), "{told}");
    }
}
