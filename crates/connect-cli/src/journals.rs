//! The journals that a command is about: one, or those of a program's accounts.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use connect_clock::SystemClock;
use connect_journal::SqliteJournal;
use serde::Deserialize;

use crate::cli::{Global, JournalFile};
use crate::exit::Error;
use crate::settings;

/// A journal, and the account that it is of where a program has several.
pub(crate) struct Opened {
    pub(crate) account: Option<String>,
    pub(crate) journal: SqliteJournal,
}

impl Opened {
    /// Returns a message about it, which names the account.
    pub(crate) fn told(&self, message: impl Display) -> String {
        let of = self.account.as_ref().map(|account| format!("account {account}: "));
        plain::text(&format!("{}{message}", of.unwrap_or_default())).into_owned()
    }
}

/// The part of a program's settings that says where journals are.
#[derive(Deserialize)]
struct ProgramSettings {
    journal: Option<PathBuf>,
    #[serde(default)]
    account: BTreeMap<String, AccountSettings>,
}

#[derive(Deserialize)]
struct AccountSettings {
    journal: Option<PathBuf>,
}

/// Opens the journals that are named, all before anything is done with one.
pub(crate) fn open_all(named: JournalFile, global: &Global) -> Result<Vec<Opened>, Error> {
    let JournalFile { path, settings: file, only } = named;
    let Some(file) = file else {
        let path = path.map_or_else(|| settings::journal(global), Ok)?;
        return Ok(vec![Opened { account: None, journal: open(path)? }]);
    };
    let mut journals = Vec::new();
    for (account, path) in of_program(&file, only.as_deref())? {
        journals.push(Opened { account, journal: open(path)? });
    }
    Ok(journals)
}

/// Opens the one journal that is named.
pub(crate) fn open_one(named: JournalFile, global: &Global) -> Result<SqliteJournal, Error> {
    let mut journals = open_all(named, global)?;
    if journals.len() > 1 {
        let names: Vec<String> = journals.into_iter().filter_map(|it| it.account).collect();
        let message = format!("there are several accounts: {}", names.join(", "));
        return Err(Error::usage(message, "say with --account which one is meant"));
    }
    let none = || Error::usage("the settings file names no journal", "say it with --journal FILE");
    journals.pop().map(|it| it.journal).ok_or_else(none)
}

/// Opens the journal of a file that is there: looking must not make one.
pub(crate) fn open(path: PathBuf) -> Result<SqliteJournal, Error> {
    if !path.exists() {
        return Err(Error::File { path, doing: "read", source: io::ErrorKind::NotFound.into() });
    }
    Ok(SqliteJournal::open(path, SystemClock)?)
}

/// Returns where the journals are that a program's settings name.
fn of_program(file: &Path, only: Option<&str>) -> Result<Vec<(Option<String>, PathBuf)>, Error> {
    let remedy = "name the settings file that the program takes with --config";
    let ProgramSettings { journal, account } = settings::from_file(file, remedy)?;
    let unnamed = |of: &str| {
        let message = format!("{}: no `journal` is set {of}", file.display());
        let remedy = "set it there, or name the file with --journal: unless set, the program's is \
                      PROGRAM-ACCOUNT-journal.sqlite";
        Error::usage(message, remedy)
    };
    if account.is_empty() && only.is_none() {
        return Ok(vec![(None, journal.ok_or_else(|| unnamed("at the top"))?)]);
    }
    let names = account.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut journals = Vec::new();
    for (name, own) in account.into_iter().filter(|(name, _)| only.is_none_or(|it| it == name)) {
        let path = own.journal.or_else(|| journal.clone());
        let path = path.ok_or_else(|| unnamed(&format!("in `[account.{name}]`")))?;
        journals.push((Some(name), path));
    }
    if journals.is_empty() {
        let message = format!(
            "{}: there is no account `{}`; it has {}",
            file.display(),
            only.unwrap_or_default(),
            if names.is_empty() { "none" } else { &names },
        );
        return Err(Error::usage(message, "name one of the tables `[account.NAME]`"));
    }
    Ok(journals)
}
