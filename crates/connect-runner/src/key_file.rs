//! The API key in a file, which may be replaced while the program runs.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use connect_client::{ApiKey, ApiKeySource};
use tracing::{info, warn};

/// The longest file that may hold a key, in bytes.
const LONGEST: u64 = 4096;

/// A file that holds an API key and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct KeyFile {
    path: Arc<Path>,
    seen: Arc<Mutex<Seen>>,
}

/// How the file was when it was last looked at.
#[derive(Debug)]
struct Seen {
    /// When the key in use was written.
    modified: Option<SystemTime>,
    /// Whether it was told that there is no key in it.
    is_told: bool,
}

/// The reason for which no key can be had from a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error("{} cannot be read: {source}; write the API key into it", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} is no file; name one that holds the API key alone", path.display())]
    NoFile { path: PathBuf },
    #[error("{} is empty; write the API key into it, `ApiKey SU-…:…`", path.display())]
    Empty { path: PathBuf },
    #[error(
        "{} is longer than {LONGEST} bytes or no text; write the API key into it, and nothing else",
        path.display()
    )]
    NoText { path: PathBuf },
    #[error("in {}: {source}", path.display())]
    NoKey { path: PathBuf, source: connect_client::Error },
}

impl KeyFile {
    /// Reads the key for the first time.
    pub(crate) fn open(path: &Path) -> Result<(Self, ApiKey), KeyFileError> {
        let (key, metadata) = read(path)?;
        let seen = Seen { modified: metadata.modified().ok(), is_told: false };
        Ok((Self { path: path.into(), seen: Arc::new(Mutex::new(seen)) }, key))
    }

    /// Warns of a file that everybody on the machine can read.
    pub(crate) fn warn_of_others(&self) {
        if fs::metadata(&self.path).is_ok_and(|metadata| is_for_others(&metadata)) {
            let file = self.path.display();
            warn!(%file, "everybody on this machine can read the API key; `chmod o-r` keeps them out");
        }
    }

    /// Takes down what came of reading the file again. That there is no key in it is told once.
    fn read_again(&self) -> Option<ApiKey> {
        let found = read(&self.path);
        let mut seen = self.seen();
        match found {
            Ok((key, metadata)) => {
                if seen.is_told {
                    info!(file = %self.path.display(), "there is an API key in the file again");
                }
                *seen = Seen { modified: metadata.modified().ok(), is_told: false };
                Some(key)
            }
            Err(problem) => {
                // Where nothing is remembered, it is read again, however it looks.
                seen.modified = None;
                if !std::mem::replace(&mut seen.is_told, true) {
                    warn!(%problem, "no API key is in the file: calls go on with the one before");
                }
                None
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ApiKeySource for KeyFile {
    fn changed(&self) -> Option<ApiKey> {
        let modified = fs::metadata(&self.path).and_then(|metadata| metadata.modified()).ok();
        let is_as_before = modified.is_some() && modified == self.seen().modified;
        if is_as_before { None } else { self.read_again() }
    }

    fn read(&self) -> Option<ApiKey> {
        self.read_again()
    }
}

/// Reads a key, and when it was written. Whatever else stands in the file is in no error.
fn read(path: &Path) -> Result<(ApiKey, Metadata), KeyFileError> {
    let at = || path.to_owned();
    let unreadable = |source| KeyFileError::Unreadable { path: at(), source };
    // What is no file may keep its reader waiting for ever.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(KeyFileError::NoFile { path: at() });
    }
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let text = str::from_utf8(&bytes).ok().filter(|text| text.len() as u64 <= LONGEST);
    let text = text.ok_or_else(|| KeyFileError::NoText { path: at() })?.trim();
    if text.is_empty() {
        return Err(KeyFileError::Empty { path: at() });
    }
    let key = ApiKey::new(text).map_err(|source| KeyFileError::NoKey { path: at(), source })?;
    Ok((key, metadata))
}

#[cfg(unix)]
fn is_for_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn is_for_others(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests;
