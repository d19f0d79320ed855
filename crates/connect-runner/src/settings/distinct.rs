//! What two accounts of a program must not have in common.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::settings::{AccountName, Settings, SettingsError};

/// An account, by its name and its settings.
pub(crate) type Named<'a> = (&'a AccountName, &'a Settings);

/// Refuses accounts that share what has to be each one's own: their key, their journal, and the keys
/// that calls are signed with.
pub(crate) fn check(accounts: &[Named<'_>]) -> Result<(), SettingsError> {
    for (index, one) in accounts.iter().enumerate() {
        for other in accounts.iter().take(index) {
            if let Some((flag, why)) = shared(other.1, one.1) {
                let accounts = [other.0, one.0].map(ToString::to_string);
                return Err(SettingsError::Shared { flag, accounts, why });
            }
        }
    }
    Ok(())
}

/// Returns what two accounts share, and why they must not.
fn shared(one: &Settings, other: &Settings) -> Option<(&'static str, &'static str)> {
    let is_same_secret = |of: fn(&Settings) -> Option<&SecretString>| {
        let secret = |settings| of(settings).map(ExposeSecret::expose_secret);
        secret(one).is_some() && secret(one) == secret(other)
    };
    let platform = |settings: &Settings| settings.endpoint.trim_end_matches('/').to_owned();
    let believed = "what is signed for one would be believed of the other";
    // Local worlds have the same keys, and nothing else in common.
    if one.api_key == other.api_key && platform(one) == platform(other) {
        return Some(("api-key", "every request would be worked on twice"));
    }
    if place(&one.journal) == place(&other.journal) {
        return Some(("journal", "it is about the requests of one account"));
    }
    if is_same_secret(|it| it.webhook_secret.as_ref()) {
        return Some(("webhook-secret", believed));
    }
    if is_same_secret(|it| it.action_secret.as_ref()) {
        return Some(("action-secret", believed));
    }
    let callbacks = is_same_secret(|it| it.callback.as_ref().map(|(_, secret)| secret));
    callbacks.then_some(("callback-secret", believed))
}

/// Refuses to begin new journals beside one that the program had before it had accounts, and that no
/// account has, not even one of those `others`: what has happened stands in it.
pub(crate) fn check_former<'a>(
    former: &Path,
    accounts: &[Named<'a>],
    others: impl IntoIterator<Item = &'a Path>,
) -> Result<(), SettingsError> {
    let own = accounts.iter().map(|(_, settings)| settings.journal.as_path());
    let is_taken = own.chain(others).any(|journal| place(journal) == place(former));
    let begins = accounts.iter().any(|(_, settings)| !settings.journal.exists());
    if former.exists() && begins && !is_taken {
        return Err(SettingsError::FormerJournal { journal: former.to_owned() });
    }
    Ok(())
}

/// Returns where a file is, whatever way leads to it, also before it is there.
fn place(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        folder.join(file.file_name().unwrap_or_else(|| OsStr::new("")))
    })
}
