//! `cnct explain`: one request, for whoever is on call.

use connect_console::{Explanation, RunStory, timeline};
use connect_journal::RunId;
use connect_timeline::Timeline;
use jiff::Timestamp;

use super::run::unknown;
use crate::cli::{Global, JournalFile};
use crate::exit::Error;
use crate::journals::open_all;
use crate::printer::Printer;
use crate::view::ExplainedRun;

/// Explains a request from the journal that knows it.
pub(super) async fn run(
    journal: JournalFile,
    request: &str,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let (id, now) = (RunId::from(request), Timestamp::now());
    for opened in open_all(journal, global)? {
        if let Some(story) = RunStory::read(&opened.journal, &id).await? {
            let mut told = Timeline::new(request, now);
            told.add(timeline(&story));
            return printer
                .show(&ExplainedRun { explanation: Explanation::of(&story, now), timeline: told });
        }
    }
    Err(unknown(&id))
}
