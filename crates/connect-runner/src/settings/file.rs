//! The settings that files say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction};
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::settings::SettingsError;

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

/// Reads a settings file, which may hold these settings.
///
/// # Errors
///
/// When the file is not there, or is no TOML, or has a name that is no setting.
pub(crate) fn from_file(path: &Path, settings: &[&Arg]) -> Result<FileValues, SettingsError> {
    let text = read(path)?;
    let at = |place: usize, problem: &str| {
        let line = text.as_bytes().iter().take(place).filter(|byte| **byte == b'\n').count() + 1;
        (line, cannot_read(path, format!("line {line}: {problem}")))
    };
    // The error's own text would show the line it is about, and that may be the API key's.
    let table: BTreeMap<Spanned<String>, Spanned<Value>> = toml::from_str(&text)
        .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message()).1)?;
    let mut values = FileValues::new();
    for (name, value) in table {
        let known = settings.iter().find(|arg| arg.get_long() == Some(name.get_ref()));
        let arg =
            known.ok_or_else(|| at(name.span().start, &unknown(name.get_ref(), settings)).1)?;
        let place = value.span().start;
        let words =
            words(value.into_inner(), takes_many(arg)).map_err(|problem| at(place, &problem).1)?;
        let (line, _) = at(place, "");
        values.insert(name.into_inner(), FileValue { words, path: path.to_owned(), line });
    }
    Ok(values)
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
