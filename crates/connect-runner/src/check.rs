//! Looking whether work could begin, and telling what was found.

use std::collections::BTreeMap;
use std::io::{self, Write};

use connect_processor::{Finding, Severity, chain};

use crate::exit::Exit;
use crate::listener::Listener;
use crate::settings::{AccountName, Listen, Settings};

/// What was found, by the account that it is of. What is of no account is of the program itself.
pub(crate) type Found<'a> = BTreeMap<Option<&'a AccountName>, Vec<Finding>>;

/// Returns what this machine lacks: the address that is to be listened on. It is free again when this
/// returns.
pub(crate) async fn machine(listen: Option<&Listen>) -> Option<Finding> {
    let error = Listener::open(listen?).await.err()?;
    Some(Finding {
        code: "RUN_LISTEN",
        severity: Severity::Error,
        place: "this machine".to_owned(),
        problem: chain(&error),
        remedy: "end what listens there, or set another address with `--listen`".to_owned(),
    })
}

/// Prints every finding, the gravest of each account first, and what was looked at, and returns what
/// that comes to: whether work could not begin, or some requests would have to wait.
pub(crate) fn tell(found: &Found<'_>, settings: &[&Settings]) -> Exit {
    let told = found.iter().map(|(account, findings)| text(*account, findings));
    let told = told.collect::<String>() + &looked_at(settings);
    // Whoever does not listen is told by the exit code.
    let _ = io::stdout().write_all(told.as_bytes());
    match found.values().flatten().map(|finding| finding.severity).max() {
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
        [] => format!("{of}nothing is missing\n"),
        findings => findings.iter().map(|finding| line(finding)).collect(),
    }
}

/// Says what the findings are about, and what they are not.
fn looked_at(settings: &[&Settings]) -> String {
    let listen = settings.first().and_then(|settings| settings.listen.as_ref());
    let port = listen.map(|listen| format!("; that {} is free", listen.address));
    let journal = |settings: &&Settings| {
        let path = settings.journal.display().to_string();
        format!("the journal {}", plain::text(&path))
    };
    let journals: Vec<String> = settings.iter().map(journal).collect();
    format!(
        "looked at: the key and its rights, products, templates and parameters on Connect{}{}\n\
         not looked at: {}, the vendor's system\n",
        if settings.len() > 1 { ", for each account" } else { "" },
        port.unwrap_or_default(),
        journals.join(", "),
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
        insta::assert_snapshot!(text(None, &found), @"
        error PRC_PRODUCT, product PRD-1: it is gone; see to it
        warning PRC_TEMPLATE, product PRD-1: a b�[2J; see to it
        ");
        assert_eq!(text(None, &[]), "nothing is missing\n");
        let preview = "preview".parse().unwrap();
        assert_eq!(text(Some(&preview), &[]), "account preview: nothing is missing\n");
        let told = text(Some(&preview), &found);
        assert!(told.lines().all(|line| line.starts_with("account preview: ")), "{told}");
    }
}
