//! `cnct run park`: runs that the processors leave alone.

use connect_console::Answer;
use connect_journal::RunId;
use jiff::Timestamp;

use super::show;
use crate::cli::{Global, ParkRuns};
use crate::exit::Error;
use crate::journals::open_one;
use crate::person::person;
use crate::printer::Printer;

/// Parks one run after the other; what is parked already stays so.
pub(super) async fn run(wanted: ParkRuns, global: &Global, printer: &Printer) -> Result<(), Error> {
    let ParkRuns { journal, runs, by_hand } = wanted;
    let journal = open_one(journal, global)?;
    let answer = if by_hand { Answer::TakeOver } else { Answer::Park };
    for id in runs.iter().map(|id| RunId::from(id.as_str())) {
        answer.give(&journal, &id, &person(), Timestamp::now()).await?;
        show(&journal, &id, printer).await?;
    }
    Ok(())
}
