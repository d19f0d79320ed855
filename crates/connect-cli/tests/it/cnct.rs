//! The harness: run the binary, compare what it said.

use std::fmt::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The binary, without the settings of whoever runs the tests.
pub(crate) fn cnct(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cnct"));
    for name in ["ENDPOINT", "API_KEY", "READY", "CONFIG"] {
        command.env_remove(format!("CONNECT_{name}"));
    }
    command.env_remove("RUST_LOG").env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1");
    command.args(words(arguments)).stdin(Stdio::null());
    command
}

/// The one who runs the tests, as the journal is told: `ines@ops-1`.
pub(crate) fn person() -> String {
    let said = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    format!("{}@{}", said("id", "-un"), said("uname", "-n"))
}

/// Splits at spaces; single quotes keep words together.
fn words(arguments: &str) -> Vec<String> {
    let quoted = arguments.split('\'').enumerate();
    let words = quoted.flat_map(|(place, part)| match place % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// A finished command, as text: exit code, then what it said on which stream.
pub(crate) fn said(output: &Output) -> String {
    let mut text = String::new();
    let code = output.status.code();
    writeln!(text, "exit {}", code.map_or("by signal".to_owned(), |code| code.to_string()))
        .unwrap();
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            writeln!(text, "--- {stream}\n{}", tidy(&String::from_utf8_lossy(bytes)).trim_end())
                .unwrap();
        }
    }
    text
}

/// Runs it to its end.
pub(crate) fn run(arguments: &str) -> String {
    said(&cnct(arguments).output().unwrap())
}

/// Runs it to its end and reads the JSON on its stdout.
pub(crate) fn json(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Without what differs from run to run: ports, times.
pub(crate) fn tidy(text: &str) -> String {
    let text = replace_digits(text, |before, _| before.ends_with("127.0.0.1:"), "PORT");
    let text = replace_digits(&text, |_, after| after.starts_with(" s ago"), "N");
    let text = replace_digits(&text, |_, after| after.starts_with(" ms"), "N");
    let lines = text.lines().map(|line| match line.trim_start().strip_prefix("N ms") {
        Some(rest) => format!("     N ms{rest}\n"),
        None => format!("{}\n", line.trim_end()),
    });
    lines.collect()
}

/// Replaces runs of digits that stand in a certain place.
fn replace_digits(text: &str, is_there: impl Fn(&str, &str) -> bool, by: &str) -> String {
    let (mut done, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        done.push_str(before);
        let instead = if is_there(&done, after) { by } else { digits };
        done.push_str(instead);
        rest = after;
    }
    done + rest
}
