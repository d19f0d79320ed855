//! Settings that are missing or cannot be used.

use std::path::PathBuf;

use connect_processor::BoxError;

use crate::settings::AccountName;

/// A setting that is missing or cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A setting without default that was not given.
    #[error("{what} is not set: use --{flag}, {}`{flag}` in the file", or_variable(variable.as_deref()))]
    Missing {
        /// The setting, in words.
        what: String,
        /// Its flag, and its name in the file.
        flag: String,
        /// Its environment variable, where it has one.
        variable: Option<String>,
    },
    /// A setting that was given and cannot be used.
    #[error("setting `{flag}`: `{value}` {problem}")]
    Wrong {
        /// Its flag, and its name in the file.
        flag: &'static str,
        /// The value that was given.
        value: String,
        /// The problem with it.
        problem: String,
    },
    /// A setting that was given and is refused by what it is for. The message repeats the value
    /// only where the reason does, so it is the one for secrets.
    #[error("setting `{flag}`: {reason}")]
    Refused {
        /// Its flag, and its name in the file.
        flag: &'static str,
        /// The reason.
        reason: BoxError,
    },
    /// A setting of one account, of several in the settings file.
    #[error("account `{account}`: {problem}")]
    Account {
        /// The account, as its table is called.
        account: String,
        /// The problem with the setting.
        problem: Box<Self>,
    },
    /// Two accounts share what has to be each one's own.
    #[error(
        "accounts `{}` and `{}` have the same `{flag}`, and {why}: say another one in `[account.{}]`",
        accounts[0], accounts[1], accounts[1]
    )]
    Shared {
        /// The setting.
        flag: &'static str,
        /// The two accounts.
        accounts: [String; 2],
        /// The reason why they must not share it.
        why: &'static str,
    },
    /// The journal from before there were accounts is nobody's.
    #[error(
        "{0} is there, the journal from before there were accounts, and no account has it: say \
         `journal = \"{0}\"` in the table of the account that it is about, or move it away",
        journal.display()
    )]
    FormerJournal {
        /// The file.
        journal: PathBuf,
    },
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {problem}")]
    File {
        /// The file.
        path: PathBuf,
        /// The problem with it.
        problem: String,
    },
}

impl SettingsError {
    /// Says of a setting, by its flag without the dashes, why it cannot be used.
    pub fn of(flag: &'static str, reason: impl Into<BoxError>) -> Self {
        Self::Refused { flag, reason: reason.into() }
    }

    /// Says of which account a setting is.
    pub(crate) fn of_account(account: &AccountName, problem: Self) -> Self {
        Self::Account { account: account.to_string(), problem: Box::new(problem) }
    }

    pub(crate) fn missing(what: &str, flag: &str, variable: &str) -> Self {
        let variable = Some(variable.to_owned());
        Self::Missing { what: what.to_owned(), flag: flag.to_owned(), variable }
    }

    pub(crate) fn wrong(flag: &'static str, value: String, problem: impl Into<String>) -> Self {
        Self::Wrong { flag, value, problem: problem.into() }
    }
}

fn or_variable(name: Option<&str>) -> String {
    name.map_or("or ".to_owned(), |name| format!("the variable {name}, or "))
}
