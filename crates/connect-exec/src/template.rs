//! Projects made from CloudBlue's Processor Template for Python, as they stand.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::command::CommandLine;
use crate::package::Package;

/// The module of the package that runs a project.
const MODULE: &str = "connect_handlers.template";

/// The Python that runs a project, unless another one is named.
const PYTHON: &str = "python3";

/// How a template's project is run.
#[derive(Args, Clone, Debug)]
pub struct TemplateSettings {
    /// A project made from CloudBlue's Processor Template for Python, whose classes handle requests
    #[arg(long, env = "CONNECT_TEMPLATE_PROJECT", value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// The Python that runs the project: a program, or the folder of a virtual environment
    #[arg(long, env = "CONNECT_PYTHON", value_name = "PATH", default_value = PYTHON)]
    pub python: PathBuf,
    /// A vendor's address that takes a repeated key for the same call, and the header it takes the key
    /// in: `https://api.vendor.example=Idempotency-Key`
    #[arg(long, env = "CONNECT_TEMPLATE_KEYS", value_name = "URL=HEADER", value_delimiter = ',', value_parser = key)]
    pub template_keys: Vec<KeyedHost>,
    /// Addresses that log in: calls of them are no steps, and are never written down
    #[arg(long, env = "CONNECT_TEMPLATE_LOGINS", value_name = "URL", value_delimiter = ',')]
    pub template_logins: Vec<String>,
    /// Believe an approval, too, where no call of the vendor says that anything has happened
    #[arg(long, env = "CONNECT_TEMPLATE_UNPROVEN", value_name = "BOOL", num_args = 0..=1)]
    #[arg(require_equals = true, default_value = "false", default_missing_value = "true")]
    pub template_unproven: bool,
    /// Run the project's classes in a process again and again, and not each time in a fresh one
    #[arg(long, env = "CONNECT_TEMPLATE_REUSE", value_name = "BOOL", num_args = 0..=1)]
    #[arg(require_equals = true, default_value = "false", default_missing_value = "true")]
    pub template_reuse: bool,
}

impl Default for TemplateSettings {
    fn default() -> Self {
        Self {
            template: None,
            python: PYTHON.into(),
            template_keys: Vec::new(),
            template_logins: Vec::new(),
            template_unproven: false,
            template_reuse: false,
        }
    }
}

/// A vendor that honours keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedHost {
    url: String,
    header: String,
}

/// Reads an address and a header.
fn key(text: &str) -> Result<KeyedHost, String> {
    let (url, header) = text
        .rsplit_once('=')
        .filter(|(_, header)| !header.is_empty())
        .ok_or("say it as ADDRESS=HEADER, such as https://api.vendor.example=Idempotency-Key")?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(format!("`{url}` is no address; it begins with https:// or http://"));
    }
    Ok(KeyedHost { url: url.to_owned(), header: header.to_owned() })
}

/// What the project's worker is told.
#[derive(Serialize)]
struct Told<'a> {
    keys: BTreeMap<&'a str, &'a str>,
    logins: &'a [String],
    unproven: bool,
    reuse: bool,
}

/// How a project is started, and the package that its Python is given.
pub(crate) struct Project {
    pub(crate) line: CommandLine,
    pub(crate) variables: Vec<(&'static str, OsString)>,
    pub(crate) package: Package,
}

impl TemplateSettings {
    /// Returns how the workers of a project are started.
    pub(crate) fn project(&self, folder: &Path) -> io::Result<Project> {
        let package = Package::laid_out()?;
        let python = self.python_program();
        let words = ["-m", MODULE].map(str::to_owned).into_iter();
        let line = CommandLine {
            program: python.display().to_string(),
            arguments: words.chain([folder.display().to_string()]).collect(),
        };
        let keys = self.template_keys.iter().map(|it| (it.url.as_str(), it.header.as_str()));
        let told = Told {
            keys: keys.collect(),
            logins: &self.template_logins,
            unproven: self.template_unproven,
            reuse: self.template_reuse,
        };
        let variables = vec![
            ("PYTHONPATH", python_path(package.path(), std::env::var_os("PYTHONPATH"))),
            ("PYTHONHASHSEED", "0".into()),
            ("CONNECT_TEMPLATE", serde_json::to_string(&told).map_err(io::Error::other)?.into()),
        ];
        Ok(Project { line, variables, package })
    }

    /// The program, where the folder of an environment is named.
    fn python_program(&self) -> PathBuf {
        match self.python.is_dir() {
            true => self.python.join("bin/python"),
            false => self.python.clone(),
        }
    }
}

/// Where modules are looked for: in the package, and then wherever the user has them.
fn python_path(package: &Path, of_the_user: Option<OsString>) -> OsString {
    let mut path = package.as_os_str().to_owned();
    // An empty part would be the working folder.
    if let Some(more) = of_the_user.filter(|more| !more.is_empty()) {
        path.push(":");
        path.push(more);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_python_path_is_kept_behind_the_package() {
        let path = |of_the_user: Option<&str>| {
            python_path(Path::new("/p"), of_the_user.map(OsString::from))
        };
        assert_eq!(path(None), "/p");
        assert_eq!(path(Some("")), "/p");
        assert_eq!(path(Some("/mine:/more")), "/p:/mine:/more");
    }

    #[test]
    fn a_keyed_vendor_is_an_address_and_a_header() {
        let keyed = key("https://api.vendor.example/v1?a=b=Idempotency-Key").unwrap();
        assert_eq!(keyed.url, "https://api.vendor.example/v1?a=b");
        assert_eq!(keyed.header, "Idempotency-Key");
        for wrong in ["https://api.vendor.example", "https://api.vendor.example=", "vendor=Key"] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }
}
