//! The settings that files say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Spanned, Value};

use crate::settings::SettingsError;
use crate::settings::account_name::{AccountName, BadAccountName};

/// The name of the table that has the tables of accounts.
const ACCOUNTS: &str = "account";

/// What a settings file says.
#[derive(Default)]
pub(crate) struct SettingsFile {
    /// What holds for the program, and for each account that does not say otherwise.
    pub(crate) values: FileValues,
    /// What each account says.
    pub(crate) accounts: BTreeMap<AccountName, FileValues>,
}

/// The part of a settings file that has accounts.
#[derive(Deserialize)]
struct AccountTables {
    #[serde(default)]
    account: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Value>>>,
}

/// The settings that may stand in a file.
pub(crate) struct KnownSettings<'a> {
    /// Those of the program.
    pub(crate) all: Vec<&'a Arg>,
    /// Those of them that are the whole program's, and no account's.
    pub(crate) of_program: &'a [&'a str],
    /// Those that only an account has.
    pub(crate) of_account: Vec<&'a Arg>,
}

/// The values that files say, by the names of their flags.
pub(crate) type FileValues = BTreeMap<String, FileValue>;

/// What a file says of one setting.
#[derive(Clone)]
pub(crate) struct FileValue {
    /// The value, as it would be said in flags.
    pub(crate) words: Vec<String>,
    path: PathBuf,
    line: usize,
}

impl FileValue {
    /// Returns the error that a file's value cannot be used.
    pub(crate) fn wrong(&self, name: &str, problem: &str) -> SettingsError {
        cannot_read(&self.path, format!("line {}: `{name}`: {problem}", self.line))
    }
}

/// The part of a ready file that a processor needs.
#[derive(Deserialize)]
struct Ready {
    platform: Option<String>,
    vendor: Option<String>,
    vendor_key: Option<String>,
}

/// Reads a settings file, which may hold these settings, and accounts.
///
/// # Errors
///
/// When the file is not there, or is no TOML, or has a name that is no setting, or no account's.
pub(crate) fn from_file(
    path: &Path,
    known: &KnownSettings<'_>,
) -> Result<SettingsFile, SettingsError> {
    let text = read(path)?;
    let text = Text { path, text: &text };
    let mut table: Table = text.parse()?;
    let AccountTables { account } = text.accounts(table.remove(ACCOUNTS).as_ref())?;
    let of_account = known.all.iter().chain(&known.of_account).copied();
    let is_of_account =
        |arg: &&Arg| arg.get_long().is_some_and(|name| !known.of_program.contains(&name));
    let of_account: Vec<&Arg> = of_account.filter(is_of_account).collect();
    let mut accounts = BTreeMap::new();
    for (name, table) in account {
        let of_program = |it: &&Spanned<String>| known.of_program.contains(&it.get_ref().as_str());
        if let Some(misplaced) = table.keys().find(of_program) {
            let problem =
                format!("`{misplaced}` is the whole program's: put it before the first table");
            return Err(text.wrong(misplaced.span().start, &problem));
        }
        let problem = |bad| format!("`[{ACCOUNTS}.{}]`: {bad}", name.get_ref());
        let named: Result<AccountName, BadAccountName> = name.get_ref().parse();
        let named = named.map_err(|bad| text.wrong(name.span().start, &problem(bad)))?;
        accounts.insert(named, text.values(table, &of_account)?);
    }
    Ok(SettingsFile { values: text.values(table, &known.all)?, accounts })
}

type Table = BTreeMap<Spanned<String>, Spanned<Value>>;

/// The text of a settings file.
struct Text<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Text<'_> {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, SettingsError> {
        // The error's own text would show the line it is about, and that may be the API key's.
        toml::from_str(self.text)
            .map_err(|error| self.wrong(error.span().map_or(0, |span| span.start), error.message()))
    }

    /// Returns the tables of accounts, as far as what is said of them are tables: an error of the parser's
    /// would repeat what stands there instead.
    fn accounts(&self, said: Option<&Spanned<Value>>) -> Result<AccountTables, SettingsError> {
        let has_tables = |value: &&Spanned<Value>| {
            let tables = value.get_ref().as_table();
            tables.is_some_and(|table| table.values().all(Value::is_table))
        };
        if let Some(other) = said.filter(|value| !has_tables(value)) {
            let problem = format!("`{ACCOUNTS}` has nothing but tables: write `[{ACCOUNTS}.NAME]`");
            return Err(self.wrong(other.span().start, &problem));
        }
        self.parse()
    }

    fn line(&self, place: usize) -> usize {
        self.text.as_bytes().iter().take(place).filter(|byte| **byte == b'\n').count() + 1
    }

    fn wrong(&self, place: usize, problem: &str) -> SettingsError {
        cannot_read(self.path, format!("line {}: {problem}", self.line(place)))
    }

    /// Returns the values of a table, which may hold these settings.
    fn values(&self, table: Table, settings: &[&Arg]) -> Result<FileValues, SettingsError> {
        let mut values = FileValues::new();
        for (name, value) in table {
            let known = settings.iter().find(|arg| arg.get_long() == Some(name.get_ref()));
            let unknown = || self.wrong(name.span().start, &unknown(name.get_ref(), settings));
            let arg = known.ok_or_else(unknown)?;
            let place = value.span().start;
            let words = words(value.into_inner(), takes_many(arg))
                .map_err(|problem| self.wrong(place, &problem))?;
            let (path, line) = (self.path.to_owned(), self.line(place));
            values.insert(name.into_inner(), FileValue { words, path, line });
        }
        Ok(values)
    }
}

/// Reads where a local platform and vendor are, and the key to it, from the ready file that
/// `cnct up --ready-file FILE` writes.
///
/// # Errors
///
/// When the file is not there, or is no ready file.
pub(crate) fn from_ready(path: &Path, settings: &[&Arg]) -> Result<FileValues, SettingsError> {
    // Nothing of the error's text is repeated: the file holds keys.
    let Ready { platform, vendor, vendor_key } = serde_json::from_str(&read(path)?)
        .map_err(|_| cannot_read(path, "it is no ready file of `cnct up`".to_owned()))?;
    let said = [
        ("endpoint", platform),
        ("api-key", vendor_key),
        ("vendor-url", vendor),
        // It is this machine's, whatever address it listens on.
        ("allow-plain-http", Some("true".to_owned())),
    ];
    let is_setting = |name: &str| settings.iter().any(|arg| arg.get_long() == Some(name));
    let value = |word| FileValue { words: vec![word], path: path.to_owned(), line: 1 };
    let said = said.into_iter().filter(|(name, _)| is_setting(name));
    Ok(said.filter_map(|(name, word)| Some((name.to_owned(), value(word?)))).collect())
}

fn read(path: &Path) -> Result<String, SettingsError> {
    std::fs::read_to_string(path).map_err(|error| cannot_read(path, error.to_string()))
}

fn cannot_read(path: &Path, problem: String) -> SettingsError {
    SettingsError::File { path: path.to_owned(), problem }
}

fn unknown(name: &str, settings: &[&Arg]) -> String {
    let names: Vec<String> =
        settings.iter().filter_map(|arg| Some(format!("`{}`", arg.get_long()?))).collect();
    format!("unknown field `{name}`, expected one of {}", names.join(", "))
}

fn takes_many(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

/// Returns a value as it would be said in flags. Errors do not repeat it.
fn words(value: Value, many: bool) -> Result<Vec<String>, String> {
    match value {
        Value::Array(values) if many => values.into_iter().map(word).collect(),
        other if many => Err(format!("invalid type: {}, expected a sequence", kind(&other))),
        other => word(other).map(|word| vec![word]),
    }
}

fn word(value: Value) -> Result<String, String> {
    match value {
        Value::String(word) => Ok(word),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        Value::Boolean(yes) => Ok(yes.to_string()),
        other => Err(format!("invalid type: {}, expected a string", kind(&other))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "sequence",
        Value::Table(_) => "map",
        other => other.type_str(),
    }
}
