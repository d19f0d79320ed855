//! `cnct run pause`, `resume`, `drain` and `paused`: what the processors of a journal are told, and what
//! holds afterwards.

use std::path::PathBuf;

use connect_journal::{JournalError, SqliteJournal};
use connect_processor::{Drain, Pause, Scope};
use jiff::Timestamp;

use crate::cli::{Global, JournalFile, PausedPart};
use crate::exit::Error;
use crate::journals::{Opened, open_all};
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
    let (named, scope) = part.scope();
    let journals = open_all(named, global)?;
    for opened in &journals {
        match Held::of(&opened.journal).await?.pause(&scope) {
            Some(Pause { by, .. }) => {
                printer.say(opened.told(format_args!("{scope} is paused already, by {by}")));
            }
            None => scope.pause(&opened.journal, &person()).await?,
        }
    }
    show(&journals, printer).await
}

pub(super) async fn resume(
    part: PausedPart,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let (named, scope) = part.scope();
    let mut left = PausedParts::new(Timestamp::now());
    for opened in open_all(named.clone(), global)? {
        let before = Held::of(&opened.journal).await?;
        scope.resume(&opened.journal, &person()).await?;
        let after = Held::of(&opened.journal).await?;
        tell_resumed(&opened, &scope, (&before, &after), printer);
        tell_paused(&opened, &after, &named, printer);
        left.add(opened.account.as_deref(), &after.pauses, after.drain.as_ref());
    }
    printer.show(&left)
}

/// Says what was resumed, or that nothing was.
fn tell_resumed(
    opened: &Opened,
    scope: &Scope,
    (before, after): (&Held, &Held),
    printer: &Printer,
) {
    let gone: Vec<String> = before
        .pauses
        .iter()
        .filter(|pause| after.pause(&pause.scope).is_none())
        .map(|pause| pause.scope.to_string())
        .collect();
    match (gone.as_slice(), scope) {
        ([], Scope::Everything) => {
            printer.warn(opened.told("nothing was paused, so nothing was resumed"));
        }
        ([], scope) => {
            let told = format_args!("{scope} was not paused, so it was not resumed");
            printer.warn(opened.told(told));
        }
        (gone, _) => printer.say(opened.told(format_args!("resumed: {}", gone.join(", ")))),
    }
}

/// Says what is still paused, each with the command that ends it.
fn tell_paused(opened: &Opened, held: &Held, named: &JournalFile, printer: &Printer) {
    for Pause { scope, by, .. } in &held.pauses {
        let ends = ends(scope, named, opened.account.as_deref());
        let told =
            opened.told(format_args!("{scope} is still paused, by {by}; `{ends}` ends that"));
        match scope {
            // It holds what was to go on.
            Scope::Everything => printer.warn(told),
            _ => printer.say(told),
        }
    }
}

pub(super) async fn drain(
    named: JournalFile,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let journals = open_all(named, global)?;
    for Opened { journal, .. } in &journals {
        connect_processor::drain(journal, &person()).await?;
    }
    show(&journals, printer).await
}

/// Shows what holds.
pub(super) async fn show(journals: &[Opened], printer: &Printer) -> Result<(), Error> {
    let mut parts = PausedParts::new(Timestamp::now());
    for Opened { account, journal } in journals {
        let Held { pauses, drain } = Held::of(journal).await?;
        parts.add(account.as_deref(), &pauses, drain.as_ref());
    }
    if parts.is_empty() {
        printer.say("nothing is paused");
    }
    printer.show(&parts)
}

/// Says what holds beside something else, if anything does.
pub(super) async fn mention(journals: &[Opened], printer: &Printer) -> Result<(), Error> {
    for opened in journals {
        let Held { pauses, drain } = Held::of(&opened.journal).await?;
        for Pause { scope, by, .. } in &pauses {
            printer.say(opened.told(format_args!("{scope} is paused, by {by}")));
        }
        if let Some(drain) = drain {
            printer.say(opened.told(format_args!("{}, told by {}", left(&drain), drain.by)));
        }
    }
    Ok(())
}

/// Returns the command that ends a pause in a journal that was named so.
fn ends(scope: &Scope, named: &JournalFile, account: Option<&str>) -> String {
    let part = match scope {
        Scope::Everything => String::new(),
        Scope::Vendor(name) => format!(" --vendor {}", word(name)),
        Scope::Product(id) => format!(" --product {id}"),
    };
    let file = |flag, path: &Option<PathBuf>| {
        let path = path.as_ref().map(|path| format!(" --{flag} {}", word(&path.to_string_lossy())));
        path.unwrap_or_default()
    };
    let (journal, settings) = (file("journal", &named.path), file("settings", &named.settings));
    let account = account.map(|name| format!(" --account {}", word(name))).unwrap_or_default();
    format!("cnct run resume{part}{journal}{settings}{account}")
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
        let usual = JournalFile { path: None, settings: None, only: None };
        let path = Some(PathBuf::from("/var/lib/acme's journal.sqlite"));
        let journal = JournalFile { path, ..usual.clone() };
        let settings = JournalFile { settings: Some("acme.toml".into()), ..usual.clone() };
        let told = [
            ends(&Scope::Everything, &usual, None),
            ends(&Scope::Product("PRD-411-678-887".into()), &usual, None),
            ends(&Scope::Vendor("two words; rm".to_owned()), &journal, None),
            ends(&Scope::Everything, &settings, Some("preview")),
        ];
        insta::assert_snapshot!(told.join("\n"), @r#"
            cnct run resume
            cnct run resume --product PRD-411-678-887
            cnct run resume --vendor 'two words; rm' --journal '/var/lib/acme'\''s journal.sqlite'
            cnct run resume --settings acme.toml --account preview
            "#);
    }
}
