//! The arguments: flags and the environment, and behind them what files say.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::settings::{self, FileValues, Flags, Settings, SettingsError};

/// All that a program was told.
pub(crate) struct Arguments<V> {
    pub(crate) once: bool,
    /// The one request that is worked on.
    pub(crate) request: Option<String>,
    /// Whether only to look if the platform has what the processor needs.
    pub(crate) check: bool,
    pub(crate) settings: Settings,
    /// The vendor's own settings.
    pub(crate) own: V,
}

/// The reason that the arguments are none to work with.
#[derive(Debug)]
pub(crate) enum ArgumentsError {
    /// Wrong usage, `--help` or `--version`: to be printed.
    Told(clap::Error),
    Settings(SettingsError),
}

impl From<clap::Error> for ArgumentsError {
    fn from(told: clap::Error) -> Self {
        Self::Told(told)
    }
}

impl From<SettingsError> for ArgumentsError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

/// What every program takes.
#[derive(Args)]
#[group(skip)]
struct Cli {
    /// A TOML file with settings; flags and the environment come before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The ready file of `cnct up`: where everything is, unless flags or the environment say it
    #[arg(long, env = "CONNECT_READY", value_name = "FILE")]
    ready: Option<PathBuf>,
    /// Work on what is pending now, then end
    #[arg(long)]
    once: bool,
    /// Work on this request alone, say what it came to, then end
    #[arg(long, value_name = "ID", conflicts_with = "once")]
    request: Option<String>,
    /// Look whether the platform has what is needed, tell everything that it lacks, then end
    #[arg(long, conflicts_with_all = ["once", "request"])]
    check: bool,
    #[command(flatten)]
    flags: Flags,
}

/// The flags that no file has.
const NO_SETTINGS: [&str; 5] = ["config", "ready", "once", "request", "check"];

/// The setting that is the key, and the one that says where it is.
const KEY: &str = "api-key";
const KEY_FILE: &str = "api-key-file";

/// Reads arguments, environment and files.
pub(crate) fn parse<V: Args>(
    command: Command,
    name: &str,
    arguments: impl Iterator<Item = OsString>,
) -> Result<Arguments<V>, ArgumentsError> {
    let arguments: Vec<OsString> = arguments.collect();
    let journal = format!("{name}-journal.sqlite");
    let help = format!("Where the journal is kept [default: {journal}]");
    // The settings' own words are about them, and not about the program.
    let about = command.get_about().cloned().unwrap_or_default();
    let command = V::augment_args(Cli::augment_args(command))
        .about(about)
        .long_about(None)
        .mut_args(|arg| match arg {
            arg if arg.get_id() == "journal" => arg.help(help.clone()),
            arg => arg,
        });
    let command =
        command.mut_args(|arg| if is_empty(&arg) { arg.env(Resettable::Reset) } else { arg });
    let demands: Vec<Arg> =
        command.get_arguments().filter(|arg| arg.is_required_set()).cloned().collect();
    // What is demanded may stand in a file, which is found when the flags are understood.
    let command = command.mut_args(|arg| arg.required(false));
    let told = command.clone().try_get_matches_from(&arguments)?;
    let values = file_values(&command, &told)?;
    let matches = behind(command.clone(), &values).try_get_matches_from(&arguments);
    let matches = matches.map_err(|error| explained(error, &command, &told, &values))?;
    let Cli { once, request, check, flags, .. } = Cli::from_arg_matches(&matches)?;
    let settings = flags.resolve(journal.into())?;
    let is_missing = |arg: &&Arg| matches.value_source(arg.get_id().as_str()).is_none();
    match demands.iter().find(is_missing) {
        Some(arg) => Err(missing(arg).into()),
        None => {
            let own = V::from_arg_matches(&matches)?;
            Ok(Arguments { once, request, check, settings, own })
        }
    }
}

/// A variable that is set to nothing counts as not set.
fn is_empty(arg: &Arg) -> bool {
    let value = arg.get_env().and_then(std::env::var_os);
    value.is_some_and(|value| value.is_empty())
}

/// Returns what the files say that flags and the environment name.
fn file_values(command: &Command, told: &ArgMatches) -> Result<FileValues, SettingsError> {
    let settings: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| arg.get_long().is_some_and(|name| !NO_SETTINGS.contains(&name)))
        .collect();
    let mut values = match told.get_one::<PathBuf>("config") {
        Some(path) => settings::from_file(path, &settings)?,
        None => FileValues::default(),
    };
    match told.get_one::<PathBuf>("ready") {
        // A key belongs to its endpoint: with another endpoint the file says nothing.
        Some(path) if !is_told(told, "endpoint") => {
            let ready = settings::from_ready(path, &settings)?;
            if ready.contains_key(KEY) {
                values.remove(KEY_FILE);
            }
            values.extend(ready);
        }
        _ => {}
    }
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
