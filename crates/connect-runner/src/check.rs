//! Looking whether work could begin, and telling what was found.

use std::io::{self, Write};
use std::process::ExitCode;

use connect_processor::{Finding, Severity, chain};

use crate::listener::Listener;
use crate::settings::Settings;

/// Returns what this machine lacks: the address that is to be listened on. It is free again when this
/// returns.
pub(crate) async fn machine(settings: &Settings) -> Vec<Finding> {
    let Some(listen) = &settings.listen else { return Vec::new() };
    let refused = Listener::open(listen).await.err();
    let finding = |error| Finding {
        code: "RUN_LISTEN",
        severity: Severity::Error,
        place: "this machine".to_owned(),
        problem: chain(&error),
        remedy: "end what listens there, or set another address with `--listen`".to_owned(),
    };
    refused.into_iter().map(finding).collect()
}

/// Prints every finding, the gravest first, and what was looked at, and returns the exit code: 1 where
/// work could not begin, 3 where some requests would have to wait, and 0 where all is well.
pub(crate) fn tell(findings: &[Finding], settings: &Settings) -> ExitCode {
    let told = text(findings) + &looked_at(settings);
    // Whoever does not listen is told by the exit code.
    let _ = io::stdout().write_all(told.as_bytes());
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
        [] => "nothing is missing\n".to_owned(),
        findings => findings.iter().map(|finding| line(finding)).collect(),
    }
}

/// Says what the findings are about, and what they are not.
fn looked_at(settings: &Settings) -> String {
    let port = settings.listen.as_ref().map(|listen| format!("; that {} is free", listen.address));
    let journal = settings.journal.display().to_string();
    format!(
        "looked at: the key and its rights, products, templates and parameters on Connect{}\n\
         not looked at: the journal {}, the vendor's system\n",
        port.unwrap_or_default(),
        plain::text(&journal)
    )
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
        assert_eq!(text(&[]), "nothing is missing\n");
    }
}
