//! The ready file: where everything is, written once everything answers.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::error::Error;

/// The addresses of a local platform and its vendor, and the keys to them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Ready {
    /// The endpoint, ending in `/public/v1`.
    pub platform: Option<String>,
    /// The address of the platform's pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<String>,
    /// The token that the pages ask for when other machines can reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The base address of the vendor's API.
    pub vendor: Option<String>,
    /// The vendor's API key, as the whole header value.
    pub vendor_key: Option<String>,
    /// The distributor's API key, as the whole header value.
    pub distributor_key: Option<String>,
    /// The product to begin with.
    pub product: Option<String>,
    /// The journal of the processor that runs here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<PathBuf>,
}

impl Ready {
    /// Returns what is to be said about an emulator.
    #[must_use]
    pub fn of(emulator: &connect_emulator::Running) -> Self {
        Self {
            platform: Some(emulator.endpoint()),
            pages: Some(emulator.url()),
            login: emulator.login().map(str::to_owned),
            vendor: None,
            vendor_key: Some(emulator.keys().vendor.clone()),
            distributor_key: Some(emulator.keys().distributor.clone()),
            product: Some(emulator.product().to_string()),
            journal: None,
        }
    }

    /// Reads what a ready file says.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when it is not there, or is none.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |source| Error::File { path: path.to_owned(), doing: "read", source };
        let text = fs::read(path).map_err(wrong)?;
        serde_json::from_slice(&text).map_err(|error| wrong(error.into()))
    }
}

/// A ready file as long as its process lives. Without a path it does nothing.
pub struct ReadyFile {
    path: Option<PathBuf>,
    /// The text that was written: only that is taken away again.
    written: Mutex<Option<Vec<u8>>>,
    /// The text that stood there before; a start that fails gives it back.
    before: Option<Vec<u8>>,
}

impl ReadyFile {
    /// Takes away the file of an earlier life, so that nobody believes it. Any other file that
    /// stands there is left alone, and refused.
    ///
    /// # Errors
    ///
    /// [`Error::ForeignFile`], or [`Error::File`] when the earlier file cannot be removed.
    pub fn new(path: Option<PathBuf>) -> Result<Self, Error> {
        let mut before = None;
        if let Some(path) = &path {
            match read_to(path, MOST) {
                // An empty one is a place that somebody has made for it.
                Ok(text) if text.is_empty() || is_ready_file(&text) => {
                    fs::remove_file(path).map_err(|error| cannot_write(path, error))?;
                    before = Some(text);
                }
                Ok(_) => return Err(Error::ForeignFile(path.clone())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(cannot_write(path, error)),
            }
        }
        Ok(Self { path, written: Mutex::default(), before })
    }

    /// Writes the file whole: whoever sees it can read it. Only this user can.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or somebody else's stands there by now.
    pub fn write(&self, ready: &Ready) -> Result<(), Error> {
        let Some(path) = &self.path else { return Ok(()) };
        let text = write(path, ready).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::ForeignFile(path.clone()),
            _ => cannot_write(path, error),
        })?;
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        Ok(())
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        let written = self.written.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        match (&self.path, written, self.before.take()) {
            // Its reader may have taken it away.
            (Some(path), Some(written), _)
                if read_to(path, MOST).is_ok_and(|text| text == written) =>
            {
                drop(fs::remove_file(path));
            }
            // Whoever it belongs to may be at work all the same.
            (Some(path), None, Some(before)) => drop(place(path, &before)),
            _ => {}
        }
    }
}

/// More bytes than any ready file has.
const MOST: u64 = 64 * 1024;

/// The beginning of a file: of a foreign one, no more than it takes to see that.
fn read_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Looked at before it is opened: a pipe would wait for its writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let file = fs::File::open(path)?;
    let mut text = Vec::new();
    file.take(most).read_to_end(&mut text)?;
    Ok(text)
}

/// Whether it is what some `cnct` has written: an object with the fields of one, and no others.
fn is_ready_file(text: &[u8]) -> bool {
    const FIELDS: [&str; 5] = ["platform", "vendor", "vendor_key", "distributor_key", "product"];
    let fields = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(text);
    fields.is_ok_and(|fields| FIELDS.iter().all(|field| fields.contains_key(*field)))
}

fn write(path: &Path, ready: &Ready) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(ready)?;
    text.push(b'\n');
    place(path, &text)?;
    Ok(text)
}

/// Writes beside it and renames into place, over nothing that stands there.
fn place(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text)?;
    file.persist_noclobber(path)?;
    Ok(())
}

fn cannot_write(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), doing: "written", source }
}
