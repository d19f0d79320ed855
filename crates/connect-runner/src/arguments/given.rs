//! What a program was given, read for each account: the first that says a setting counts. Flags come
//! first, then the table of the account, the environment, a ready file, and what the settings file says
//! for all.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::{AccountArguments, ArgumentsError, Cli, Mode, READY, all, journal, names};
use crate::settings::{self, AccountName, FileValues, SettingsError, SettingsFile, distinct};

/// The setting that is the key, the one that says where it is, and the one that it belongs to.
const KEY: &str = "api-key";
const KEY_FILE: &str = "api-key-file";
const ENDPOINT: &str = "endpoint";

/// What was given to a program, to be read for each account.
pub(super) struct Given<'a> {
    pub(super) command: Command,
    pub(super) arguments: Vec<OsString>,
    /// The settings that have to be given.
    pub(super) demands: Vec<Arg>,
    pub(super) told: ArgMatches,
    pub(super) program: &'a str,
}

impl Given<'_> {
    /// Reads what was told of these accounts of a file, which must not be told the same.
    pub(super) fn read_several<V: Args>(
        &self,
        file: &SettingsFile,
        chosen: &[AccountName],
        mode: &Mode,
    ) -> Result<Vec<AccountArguments<V>>, ArgumentsError> {
        if let (Some(flag), true) = (self.flag_of_one(mode), chosen.len() > 1) {
            let problem = format!(
                "it is one account's: say with --account which one is meant, of {}",
                names(chosen)
            );
            return Err(SettingsError::of(flag, problem).into());
        }
        let (chosen, others): (Vec<_>, Vec<_>) =
            file.accounts.iter().partition(|(name, _)| chosen.contains(name));
        let mut accounts = Vec::new();
        for (name, table) in chosen {
            let read = self.read(&file.values, Some((name, table)));
            accounts.push(read.map_err(|error| match error {
                ArgumentsError::Settings(problem) => {
                    SettingsError::of_account(name, problem).into()
                }
                told @ ArgumentsError::Told(_) => told,
            })?);
        }
        let named: Vec<distinct::Named<'_>> =
            accounts.iter().filter_map(|it| Some((it.name.as_ref()?, &it.settings))).collect();
        distinct::check(&named)?;
        let others = others.iter().filter_map(|(_, table)| table.get("journal"));
        let others = others.flat_map(|journal| &journal.words).map(Path::new);
        distinct::check_former(journal(self.program, None).as_ref(), &named, others)?;
        Ok(accounts)
    }

    /// Returns a flag that cannot be meant for several accounts.
    fn flag_of_one(&self, mode: &Mode) -> Option<&'static str> {
        if matches!(mode, Mode::Request(_)) {
            return Some("request");
        }
        let of_one = [("api_key", KEY), ("api_key_file", KEY_FILE), ("journal", "journal")];
        let given = of_one.into_iter().find(|(id, _)| is_flag(&self.told, id));
        given.map(|(_, flag)| flag)
    }

    /// Reads what was told of one account. What its table says comes after flags, and before the
    /// environment and all else.
    pub(super) fn read<V: Args>(
        &self,
        top: &FileValues,
        table: Option<(&AccountName, &FileValues)>,
    ) -> Result<AccountArguments<V>, ArgumentsError> {
        let name = table.map(|(name, _)| name.clone());
        let table = table.map_or(Ok(FileValues::new()), |(_, table)| self.with_ready(table))?;
        if let (Some(endpoint), false) = (table.get(ENDPOINT), has_key(&table)) {
            let remedy = "a key belongs to its endpoint: say `api-key` or `api-key-file` beside it";
            return Err(endpoint.wrong(ENDPOINT, remedy).into());
        }
        let command = without_variables(self.command.clone(), &table);
        let told = command.clone().try_get_matches_from(&self.arguments)?;
        let values = values(&command, &told, top, &table)?;
        let matches = behind(command.clone(), &values).try_get_matches_from(&self.arguments);
        let matches = matches.map_err(|error| explained(error, &command, &told, &values))?;
        let Cli { flags, .. } = Cli::from_arg_matches(&matches)?;
        let mut settings = flags.resolve(journal(self.program, name.as_ref()).into())?;
        settings.has_own_vendor_rate =
            table.contains_key("vendor-rate") && !is_flag(&told, "vendor_rate");
        let is_missing = |arg: &&Arg| matches.value_source(arg.get_id().as_str()).is_none();
        match self.demands.iter().find(is_missing) {
            Some(arg) => Err(missing(arg).into()),
            None => Ok(AccountArguments { name, settings, own: V::from_arg_matches(&matches)? }),
        }
    }

    /// Returns what the table of an account says, with what the ready file says that it names.
    fn with_ready(&self, table: &FileValues) -> Result<FileValues, SettingsError> {
        let mut table = table.clone();
        let Some(ready) = table.remove(READY) else { return Ok(table) };
        let twice =
            [ENDPOINT, KEY, KEY_FILE].into_iter().find_map(|name| Some((name, table.get(name)?)));
        if let Some((name, value)) = twice {
            return Err(value.wrong(name, "`ready` says it, too; leave one of both out"));
        }
        // A key belongs to its endpoint: with another endpoint the file says nothing.
        if !is_flag(&self.told, ENDPOINT) {
            let path: PathBuf = ready.words.concat().into();
            let said = settings::from_ready(&path, &all(&self.command))?;
            for (name, value) in said {
                table.entry(name).or_insert(value);
            }
        }
        Ok(table)
    }
}

/// Has no variable say what the table of an account says.
fn without_variables(command: Command, table: &FileValues) -> Command {
    let has_key = has_key(table);
    let is_said = |arg: &Arg| {
        let name = arg.get_long().unwrap_or_default();
        table.contains_key(name) || has_key && [KEY, KEY_FILE].contains(&name)
    };
    command.mut_args(|arg| if is_said(&arg) { arg.env(Resettable::Reset) } else { arg })
}

fn has_key(values: &FileValues) -> bool {
    [KEY, KEY_FILE].into_iter().any(|name| values.contains_key(name))
}

/// Returns what the files say of an account that flags and the environment name: the table of the
/// account, then the ready file, then what holds for all.
fn values(
    command: &Command,
    told: &ArgMatches,
    top: &FileValues,
    table: &FileValues,
) -> Result<FileValues, SettingsError> {
    let mut values = top.clone();
    match told.get_one::<PathBuf>(READY) {
        // A key belongs to its endpoint: with another endpoint the file says nothing.
        Some(path) if !is_told(told, ENDPOINT) && !has_key(table) => {
            let ready = settings::from_ready(path, &all(command))?;
            if ready.contains_key(KEY) {
                values.remove(KEY_FILE);
            }
            values.extend(ready);
        }
        _ => {}
    }
    if has_key(table) {
        [KEY, KEY_FILE].into_iter().for_each(|name| drop(values.remove(name)));
    }
    values.extend(table.clone());
    // Of two ways to say the key, the one that comes first counts.
    if is_told(told, "api_key") {
        values.remove(KEY_FILE);
    }
    if is_told(told, "api_key_file") {
        values.remove(KEY);
    }
    Ok(values)
}

fn is_told(told: &ArgMatches, id: &str) -> bool {
    matches!(told.value_source(id), Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

fn is_flag(told: &ArgMatches, id: &str) -> bool {
    told.value_source(id) == Some(ValueSource::CommandLine)
}

/// The command that falls back to what files say.
fn behind(command: Command, values: &FileValues) -> Command {
    command.mut_args(|arg| match arg.get_long().and_then(|name| values.get(name)) {
        // Secrets among them are not for `--help`.
        Some(value) => arg.default_values(value.words.clone()).hide_default_value(true),
        None => arg,
    })
}

/// Says of a setting what a person who wrote a file needs to know.
fn explained(
    error: clap::Error,
    command: &Command,
    told: &ArgMatches,
    values: &FileValues,
) -> ArgumentsError {
    let Some(arg) = subject(&error, command) else { return error.into() };
    let name = arg.get_long().unwrap_or_default();
    let is_of_value = matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue);
    match values.get(name) {
        Some(value) if is_of_value && !is_told(told, arg.get_id().as_str()) => {
            let problem = std::error::Error::source(&error).map(ToString::to_string);
            value.wrong(name, problem.as_deref().unwrap_or("is not possible")).into()
        }
        _ => error.into(),
    }
}

/// Returns the argument that an error is about.
fn subject<'a>(error: &clap::Error, command: &'a Command) -> Option<&'a Arg> {
    let Some(ContextValue::String(named)) = error.get(ContextKind::InvalidArg) else { return None };
    let name = named.strip_prefix("--")?.split([' ', '=', '[']).next()?;
    command.get_arguments().find(|arg| arg.get_long() == Some(name))
}

/// A setting of the vendor's that has to be given is asked for by its help's words.
fn missing(arg: &Arg) -> SettingsError {
    SettingsError::Missing {
        what: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        flag: arg.get_long().unwrap_or_default().to_owned(),
        variable: arg.get_env().map(|name| name.to_string_lossy().into_owned()),
    }
}
