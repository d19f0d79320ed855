//! The arguments: flags and the environment, and behind them what files say.

mod given;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::settings::{
    self, AccountName, Flags, KnownSettings, Settings, SettingsError, SettingsFile,
};
use given::Given;

/// All that a program was told.
pub(crate) struct Arguments<V> {
    pub(crate) mode: Mode,
    /// What it was told of each account; of one without a name, where the settings name none.
    pub(crate) accounts: Vec<AccountArguments<V>>,
}

/// What a program is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Work until it is told to stop.
    Run,
    /// Work on what is pending now.
    Once,
    /// Work on this request alone.
    Request(String),
    /// Look if the platform has what the processor needs.
    Check,
}

/// What a program was told of one account.
pub(crate) struct AccountArguments<V> {
    pub(crate) name: Option<AccountName>,
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
    /// Work for this account alone, of those that the settings file has
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
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

impl Cli {
    fn mode(&self) -> Mode {
        match (&self.request, self.once, self.check) {
            (Some(request), ..) => Mode::Request(request.clone()),
            (None, true, _) => Mode::Once,
            (None, false, true) => Mode::Check,
            (None, false, false) => Mode::Run,
        }
    }
}

/// The flags that no file has, but that an account may have a ready file.
const NO_SETTINGS: [&str; 6] = ["config", READY, "account", "once", "request", "check"];

/// The settings that no account has for itself.
const OF_PROGRAM: [&str; 4] = ["listen", "tls-certificate", "tls-key", "log-format"];

/// The setting that names a ready file.
const READY: &str = "ready";

/// Reads arguments, environment and files.
pub(crate) fn parse<V: Args>(
    command: Command,
    name: &str,
    arguments: impl Iterator<Item = OsString>,
) -> Result<Arguments<V>, ArgumentsError> {
    let arguments: Vec<OsString> = arguments.collect();
    let (command, demands) = complete::<V>(command, name);
    let told = command.clone().try_get_matches_from(&arguments)?;
    let cli = Cli::from_arg_matches(&told)?;
    let file = settings_file(&command, &told)?;
    let mode = cli.mode();
    let given = Given { command, arguments, demands, told, program: name };
    let accounts = match (cli.account, file.accounts.is_empty()) {
        (None, true) => vec![given.read(&file.values, None)?],
        (Some(account), true) => {
            let problem = "is no account: there is no `[account.NAME]` in a file of --config";
            return Err(SettingsError::wrong("account", account, problem).into());
        }
        (wanted, false) => given.read_several(&file, &chosen(&file, wanted)?, &mode)?,
    };
    Ok(Arguments { mode, accounts })
}

/// Returns the command with all that it takes, and the settings that have to be given.
fn complete<V: Args>(command: Command, name: &str) -> (Command, Vec<Arg>) {
    let help = format!("Where the journal is kept [default: {}]", journal(name, None));
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
    (command.mut_args(|arg| arg.required(false)), demands)
}

/// The name of a journal's file, unless another one is set.
fn journal(program: &str, account: Option<&AccountName>) -> String {
    match account {
        Some(account) => format!("{program}-{account}-journal.sqlite"),
        None => format!("{program}-journal.sqlite"),
    }
}

/// Returns those accounts of a file that are to be worked for.
fn chosen(file: &SettingsFile, wanted: Option<String>) -> Result<Vec<AccountName>, SettingsError> {
    let all: Vec<AccountName> = file.accounts.keys().cloned().collect();
    match wanted {
        None => Ok(all),
        Some(wanted) => match all.iter().find(|name| name.as_str() == wanted) {
            Some(it) => Ok(vec![it.clone()]),
            None => {
                let has = names(&all);
                let problem = format!("is no account of the settings file; it has {has}");
                Err(SettingsError::wrong("account", wanted, problem))
            }
        },
    }
}

fn names(accounts: &[AccountName]) -> String {
    accounts.iter().map(AccountName::as_str).collect::<Vec<_>>().join(", ")
}

/// A variable that is set to nothing counts as not set.
fn is_empty(arg: &Arg) -> bool {
    let value = arg.get_env().and_then(std::env::var_os);
    value.is_some_and(|value| value.is_empty())
}

/// Returns what the settings file says, where there is one.
fn settings_file(command: &Command, told: &ArgMatches) -> Result<SettingsFile, SettingsError> {
    let Some(path) = told.get_one::<PathBuf>("config") else { return Ok(SettingsFile::default()) };
    let of_account = command.get_arguments().filter(|arg| arg.get_long() == Some(READY)).collect();
    let known = KnownSettings { all: all(command), of_program: &OF_PROGRAM, of_account };
    settings::from_file(path, &known)
}

fn all(command: &Command) -> Vec<&Arg> {
    let is_setting = |arg: &&Arg| arg.get_long().is_some_and(|name| !NO_SETTINGS.contains(&name));
    command.get_arguments().filter(is_setting).collect()
}
