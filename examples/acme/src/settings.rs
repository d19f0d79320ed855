//! The settings of the program: flags, then environment, then a file, then defaults.

use std::fmt;
use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use connect_client::ApiKey;
use connect_model::{ConnectionType, ProductId};
use connect_vendor::{Api, ApiError};
use jiff::SignedDuration;
use serde::Deserialize;

/// The number of requests that are worked on at the same time, unless told otherwise.
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).expect("16 is not 0");

/// The number of requests that are listed in one call, unless told otherwise.
const PAGE_SIZE: u32 = 100;

const MIB: usize = 1024 * 1024;

/// The settings as they are given, by flag, by environment variable, or as a TOML file with the
/// same names.
#[derive(Args, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Flags {
    /// Connect's API, such as `https://api.connect.cloudblue.com/public/v1`
    #[arg(long, env = "CONNECT_ENDPOINT", value_name = "URL")]
    pub endpoint: Option<String>,
    /// The API key: the whole header value, `ApiKey SU-…:…`
    #[arg(long, env = "CONNECT_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub api_key: Option<String>,
    /// Take plain `http` to another machine too; the key travels readable
    #[arg(long, env = "CONNECT_ALLOW_PLAIN_HTTP", value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub allow_plain_http: Option<bool>,
    /// Acme's API
    #[arg(long, env = "ACME_URL", value_name = "URL")]
    pub vendor_url: Option<String>,
    /// Only requests of these products
    #[arg(long, env = "CONNECT_PRODUCTS", value_name = "ID", value_delimiter = ',')]
    pub products: Option<Vec<String>>,
    /// Only requests of these environments: preview, test, production
    #[arg(long, env = "CONNECT_ENVIRONMENTS", value_name = "ENV", value_delimiter = ',')]
    pub environments: Option<Vec<String>>,
    /// The fulfillment template to approve with, by name or id
    #[arg(long, env = "CONNECT_TEMPLATE", value_name = "NAME")]
    pub template: Option<String>,
    /// Where the journal is kept [default: acme-journal.sqlite]
    #[arg(long, env = "CONNECT_JOURNAL", value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// How many requests are listed in one call, 1 to 1000 [default: 100]
    #[arg(long, env = "CONNECT_PAGE_SIZE", value_name = "N")]
    pub page_size: Option<NonZeroU32>,
    /// The longest answer of Connect's that is read, in MiB [default: 32]
    #[arg(long, env = "CONNECT_MAX_BODY", value_name = "MIB")]
    pub max_body: Option<NonZeroU16>,
    /// How many requests are worked on at the same time [default: 16]
    #[arg(long, env = "CONNECT_CONCURRENCY", value_name = "N")]
    pub concurrency: Option<NonZeroUsize>,
    /// How long a request stays with a process that died [default: 60s]
    #[arg(long, env = "CONNECT_LEASE", value_name = "TIME")]
    pub lease: Option<String>,
    /// How often to look for pending requests [default: 30s]
    #[arg(long, env = "CONNECT_POLL", value_name = "TIME")]
    pub poll: Option<String>,
    /// With --once: how far ahead to wait for requests that are due later [default: 30s]
    #[arg(long, env = "CONNECT_PATIENCE", value_name = "TIME")]
    pub patience: Option<String>,
}

/// The part of a ready file that a processor needs.
#[derive(Deserialize)]
struct Ready {
    platform: Option<String>,
    vendor: Option<String>,
    vendor_key: Option<String>,
}

/// The settings, complete and checked.
#[derive(Clone)]
pub struct Settings {
    /// Connect's API.
    pub endpoint: String,
    /// The key to it; it does not print.
    pub api_key: ApiKey,
    /// Whether `http` to another machine is taken.
    pub allow_plain_http: bool,
    /// Acme's API.
    pub vendor_url: String,
    /// The products whose requests are taken; all, when empty.
    pub products: Vec<ProductId>,
    /// The environments whose requests are taken; all, when empty.
    pub environments: Vec<ConnectionType>,
    /// The fulfillment template to approve with.
    pub template: String,
    /// The file of the journal.
    pub journal: PathBuf,
    /// The number of requests that are listed in one call.
    pub page_size: u32,
    /// The longest answer of Connect's that is read, in bytes.
    pub max_body: usize,
    /// The number of requests that are worked on at the same time.
    pub concurrency: NonZeroUsize,
    /// The time that a request stays with a process that died.
    pub lease: Duration,
    /// The time between looks for pending requests.
    pub poll: Duration,
    /// The time ahead for which a single pass waits.
    pub patience: Duration,
}

/// A setting that is missing or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A setting without default that was not given.
    #[error("{what} is not set: use --{flag}, the variable {variable}, or `{flag}` in the file")]
    Missing {
        /// The setting, in words.
        what: &'static str,
        /// Its flag, and its name in the file.
        flag: &'static str,
        /// Its environment variable.
        variable: &'static str,
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
    /// The API key was given and is not one. The message does not repeat it.
    #[error("setting `api-key`: {0}")]
    Key(connect_client::Error),
    /// The address of Acme's API was given and is not one.
    #[error("setting `vendor-url`: {0}")]
    Vendor(ApiError),
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {problem}")]
    File {
        /// The file.
        path: PathBuf,
        /// The problem with it.
        problem: String,
    },
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Flags {
    /// Reads a settings file.
    ///
    /// # Errors
    ///
    /// When the file is not there, or is no TOML, or has a name that is no setting.
    pub fn from_file(path: &Path) -> Result<Self, SettingsError> {
        let wrong = |problem: String| SettingsError::File { path: path.to_owned(), problem };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        // The error's own text would show the line it is about, and that may be the API key's.
        toml::from_str(&text)
            .map_err(|error| wrong(format!("line {}: {}", line(&text, &error), error.message())))
    }

    /// Reads where a local platform and vendor are, and the key to it, from the ready file that
    /// `cnct up --ready-file FILE` writes.
    ///
    /// # Errors
    ///
    /// When the file is not there, or is no ready file.
    pub fn from_ready(path: &Path) -> Result<Self, SettingsError> {
        let wrong = |problem: String| SettingsError::File { path: path.to_owned(), problem };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        // Nothing of the error's text is repeated: the file holds keys.
        let Ready { platform, vendor, vendor_key } = serde_json::from_str(&text)
            .map_err(|_| wrong("it is no ready file of `cnct up`".to_owned()))?;
        Ok(Self {
            endpoint: platform,
            api_key: vendor_key,
            vendor_url: vendor,
            // It is this machine's, whatever address it listens on.
            allow_plain_http: Some(true),
            ..Self::default()
        })
    }

    /// These settings, and for those that are not given the other ones.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            endpoint: self.endpoint.or(other.endpoint),
            api_key: self.api_key.or(other.api_key),
            allow_plain_http: self.allow_plain_http.or(other.allow_plain_http),
            vendor_url: self.vendor_url.or(other.vendor_url),
            products: self.products.or(other.products),
            environments: self.environments.or(other.environments),
            template: self.template.or(other.template),
            journal: self.journal.or(other.journal),
            page_size: self.page_size.or(other.page_size),
            max_body: self.max_body.or(other.max_body),
            concurrency: self.concurrency.or(other.concurrency),
            lease: self.lease.or(other.lease),
            poll: self.poll.or(other.poll),
            patience: self.patience.or(other.patience),
        }
    }

    /// The complete settings.
    ///
    /// # Errors
    ///
    /// Names the first setting that is missing or cannot be used, and what to do.
    pub fn resolve(self) -> Result<Settings, SettingsError> {
        let seconds = Duration::from_secs;
        Ok(Settings {
            endpoint: given(self.endpoint, "Connect's API", "endpoint", "CONNECT_ENDPOINT")?,
            api_key: key(&given(self.api_key, "the API key", "api-key", "CONNECT_API_KEY")?)?,
            allow_plain_http: self.allow_plain_http.unwrap_or(false),
            vendor_url: address(given(self.vendor_url, "Acme's API", "vendor-url", "ACME_URL")?)?,
            products: products(self.products.unwrap_or_default())?,
            environments: environments(self.environments.unwrap_or_default())?,
            template: self.template.unwrap_or_else(|| "Default Activation Template".to_owned()),
            journal: self.journal.unwrap_or_else(|| "acme-journal.sqlite".into()),
            page_size: self.page_size.map_or(PAGE_SIZE, NonZeroU32::get),
            max_body: MIB * self.max_body.map_or(32, |mib| usize::from(mib.get())),
            concurrency: self.concurrency.unwrap_or(CONCURRENCY),
            lease: duration("lease", self.lease, seconds(60))?,
            poll: duration("poll", self.poll, seconds(30))?,
            patience: duration("patience", self.patience, seconds(30))?,
        })
    }
}

/// The line of a file that an error is about, counted from 1.
fn line(text: &str, error: &toml::de::Error) -> usize {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.as_bytes().iter().take(start);
    before.filter(|byte| **byte == b'\n').count() + 1
}

fn given(
    value: Option<String>,
    what: &'static str,
    flag: &'static str,
    variable: &'static str,
) -> Result<String, SettingsError> {
    let value = value.filter(|value| !value.trim().is_empty());
    value.ok_or(SettingsError::Missing { what, flag, variable })
}

fn address(url: String) -> Result<String, SettingsError> {
    Api::builder(&url).map(|_| url).map_err(SettingsError::Vendor)
}

fn key(text: &str) -> Result<ApiKey, SettingsError> {
    ApiKey::new(text).map_err(SettingsError::Key)
}

fn products(ids: Vec<String>) -> Result<Vec<ProductId>, SettingsError> {
    ids.into_iter()
        .map(|value| {
            value.parse().map_err(|error: connect_model::BadId| SettingsError::Wrong {
                flag: "products",
                problem: format!("is no product: expected {}", error.shape),
                value,
            })
        })
        .collect()
}

fn environments(words: Vec<String>) -> Result<Vec<ConnectionType>, SettingsError> {
    words
        .into_iter()
        .map(|value| match ConnectionType::from(value.as_str()) {
            ConnectionType::Other(_) => Err(SettingsError::Wrong {
                flag: "environments",
                value,
                problem: format!("is none of {}", ConnectionType::KNOWN.join(", ")),
            }),
            known => Ok(known),
        })
        .collect()
}

fn duration(
    flag: &'static str,
    value: Option<String>,
    default: Duration,
) -> Result<Duration, SettingsError> {
    let Some(value) = value else { return Ok(default) };
    let positive =
        value.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    positive.filter(|time| !time.is_zero()).ok_or_else(|| SettingsError::Wrong {
        flag,
        value,
        problem: "is no time; write it like `30s` or `5m`".to_owned(),
    })
}
