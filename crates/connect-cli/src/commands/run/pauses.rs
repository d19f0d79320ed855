//! `cnct run pause`, `resume`, `drain` and `paused`: what the processors of a journal are told, and what
//! holds afterwards.

use std::path::PathBuf;

use connect_journal::{JournalError, SqliteJournal};
use connect_processor::{Drain, Pause, Scope};
use jiff::Timestamp;

use super::open;
use crate::cli::{Global, JournalFile, PausedPart};
use crate::exit::Error;
use crate::person::person;
use crate::printer::Printer;
use crate::view::{PausedParts, left};

/// What holds of a journal.
struct Held {
    pauses: Vec<Pause>,
    drain: Option<Drain>,
}

impl Held {
    async fn of(journal: &SqliteJournal) -> Result<Self, JournalError> {
        let pauses = connect_processor::paused(journal).await?;
        Ok(Self { pauses, drain: connect_processor::draining(journal).await? })
    }

    fn pause(&self, scope: &Scope) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.scope == *scope)
    }
}

pub(super) async fn pause(
    part: PausedPart,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let (file, scope) = part.scope();
    let journal = open(file, global)?;
    match Held::of(&journal).await?.pause(&scope) {
        Some(Pause { by, .. }) => printer.say(format_args!("{scope} is paused already, by {by}")),
        None => scope.pause(&journal, &person()).await?,
    }
    show(&journal, printer).await
}

pub(super) async fn resume(
    part: PausedPart,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let (file, scope) = part.scope();
    let named = file.path.clone();
    let journal = open(file, global)?;
    let before = Held::of(&journal).await?;
    scope.resume(&journal, &person()).await?;
    let after = Held::of(&journal).await?;
    let gone: Vec<String> = before
        .pauses
        .iter()
        .filter(|pause| after.pause(&pause.scope).is_none())
        .map(|pause| pause.scope.to_string())
        .collect();
    match (gone.as_slice(), &scope) {
        ([], Scope::Everything) => printer.warn("nothing was paused, so nothing was resumed"),
        ([], scope) => printer.warn(format_args!("{scope} was not paused, so it was not resumed")),
        (gone, _) => printer.say(format_args!("resumed: {}", gone.join(", "))),
    }
    for Pause { scope: still, by, .. } in &after.pauses {
        let told = format!("{still} is still paused, by {by}; `{}` ends that", ends(still, &named));
        match still {
            // It holds what was to go on.
            Scope::Everything => printer.warn(told),
            _ => printer.say(told),
        }
    }
    printer.show(&PausedParts::of(&after.pauses, after.drain.as_ref(), Timestamp::now()))
}

pub(super) async fn drain(
    file: JournalFile,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let journal = open(file, global)?;
    connect_processor::drain(&journal, &person()).await?;
    show(&journal, printer).await
}

/// Shows what holds.
pub(super) async fn show(journal: &SqliteJournal, printer: &Printer) -> Result<(), Error> {
    let Held { pauses, drain } = Held::of(journal).await?;
    if pauses.is_empty() {
        printer.say("nothing is paused");
    }
    printer.show(&PausedParts::of(&pauses, drain.as_ref(), Timestamp::now()))
}

/// Says what holds beside something else, if anything does.
pub(super) async fn mention(journal: &SqliteJournal, printer: &Printer) -> Result<(), Error> {
    let Held { pauses, drain } = Held::of(journal).await?;
    for Pause { scope, by, .. } in &pauses {
        printer.say(plain::text(&format!("{scope} is paused, by {by}")));
    }
    if let Some(drain) = drain {
        printer.say(plain::text(&format!("{}, told by {}", left(&drain), drain.by)));
    }
    Ok(())
}

/// Returns the command that ends a pause.
fn ends(scope: &Scope, journal: &Option<PathBuf>) -> String {
    let part = match scope {
        Scope::Everything => String::new(),
        Scope::Vendor(name) => format!(" --vendor {}", word(name)),
        Scope::Product(id) => format!(" --product {id}"),
    };
    let journal =
        journal.as_ref().map(|path| format!(" --journal {}", word(&path.to_string_lossy())));
    format!("cnct run resume{part}{}", journal.unwrap_or_default())
}

/// Returns a text as one word of a shell.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./@:".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_ends_a_pause_can_be_given_as_it_is_told() {
        let journal = Some(PathBuf::from("/var/lib/acme's journal.sqlite"));
        let told = [
            ends(&Scope::Everything, &None),
            ends(&Scope::Product("PRD-411-678-887".into()), &None),
            ends(&Scope::Vendor("two words; rm".to_owned()), &journal),
        ];
        insta::assert_snapshot!(told.join("\n"), @r#"
            cnct run resume
            cnct run resume --product PRD-411-678-887
            cnct run resume --vendor 'two words; rm' --journal '/var/lib/acme'\''s journal.sqlite'
            "#);
    }
}
