//! Telling what the one request came to that was worked on.

use std::io::{self, Write};

use connect_processor::RequestReport;

use crate::exit::Exit;

/// Prints what it came to, and returns whether all is well, or it has to wait or needs a person.
pub(crate) fn tell(request: &str, report: &RequestReport) -> Exit {
    // Whoever does not listen is told by the exit code.
    let _ = io::stdout().write_all(text(request, report).as_bytes());
    if report.is_well() { Exit::Complete } else { Exit::Left }
}

fn text(request: &str, report: &RequestReport) -> String {
    format!("{}\n", plain::text(&format!("{request}: {report}")))
}

#[cfg(test)]
mod tests {
    use connect_processor::Ending;

    use super::*;

    #[test]
    fn what_a_request_came_to_is_one_line() {
        let why = "the vendor says:\nno\u{1b}[2J".to_owned();
        let due = "2026-03-01T12:00:00Z".parse().ok();
        let told = [
            RequestReport::Ended(Ending::Approved),
            RequestReport::Waiting { due, why: why.clone(), is_planned: true },
            RequestReport::Parked { why },
        ];
        let told: String = told.iter().map(|report| text("PR-1", report)).collect();
        insta::assert_snapshot!(told, @"
        PR-1: approved
        PR-1: waits until 2026-03-01T12:00:00Z: the vendor says: no�[2J
        PR-1: parked for a person: the vendor says: no�[2J. Once that is seen to, `cnct run revive` lets it go on
        ");
    }
}
