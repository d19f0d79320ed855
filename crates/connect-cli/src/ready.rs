//! The ready file: where everything is, written once everything answers.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::exit::Error;
use crate::printer::View;
use crate::view;

/// Where a local platform and its vendor are, and the keys to them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// The endpoint, ending in `/public/v1`.
    pub(crate) platform: Option<String>,
    /// Where a browser finds the platform's pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pages: Option<String>,
    /// What the pages ask for when other machines can reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) login: Option<String>,
    /// The base address of the vendor's API.
    pub(crate) vendor: Option<String>,
    /// The vendor's API key, as the whole header value.
    pub(crate) vendor_key: Option<String>,
    /// The distributor's API key, as the whole header value.
    pub(crate) distributor_key: Option<String>,
    /// The product to begin with.
    pub(crate) product: Option<String>,
}

impl Ready {
    /// Reads what a ready file says.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |source| Error::File { path: path.to_owned(), doing: "read", source };
        let text = fs::read(path).map_err(wrong)?;
        serde_json::from_slice(&text).map_err(|error| wrong(error.into()))
    }
}

impl View for Ready {
    /// Keys are left out: they are in the file, and in the JSON form. The login token is shown,
    /// because whoever reads this is to type it in.
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let places = [
            ("open", &self.pages),
            ("log in with", &self.login),
            ("platform", &self.platform),
            ("vendor", &self.vendor),
            ("product", &self.product),
        ];
        let known = places.map(|(name, place)| (name, place.clone().unwrap_or_default()));
        view::facts(out, &known)
    }
}

/// A ready file as long as its process lives. Without a path it does nothing.
pub(crate) struct ReadyFile(Option<PathBuf>);

impl ReadyFile {
    /// Takes away the file of an earlier life, so that nobody believes it.
    pub(crate) fn new(path: Option<PathBuf>) -> Result<Self, Error> {
        if let Some(path) = &path {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(cannot_write(path, error));
                }
                _ => {}
            }
        }
        Ok(Self(path))
    }

    /// Writes the file whole: whoever sees it can read it. Only this user can.
    pub(crate) fn write(&self, ready: &Ready) -> Result<(), Error> {
        match &self.0 {
            Some(path) => write(path, ready).map_err(|error| cannot_write(path, error)),
            None => Ok(()),
        }
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // There may be none yet, and its reader may have taken it away.
            drop(fs::remove_file(path));
        }
    }
}

fn write(path: &Path, ready: &Ready) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    serde_json::to_writer_pretty(&mut file, ready)?;
    writeln!(file)?;
    file.persist(path)?;
    Ok(())
}

fn cannot_write(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), doing: "written", source }
}
