//! The settings of every program, complete and checked.

mod account_name;
mod bounds;
pub(crate) mod distinct;
mod error;
mod file;
mod flags;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use connect_client::ApiKey;
use connect_model::{ConnectionType, ProductId};
use jiff::SignedDuration;
use secrecy::SecretString;

use bounds::{Bounds, LEASE, PATIENCE, POLL, STUCK_AFTER};

use crate::key_file::KeyFile;
use crate::logging::LogFormat;
use crate::web_address::is_web_address;

pub(crate) use account_name::AccountName;
pub use error::SettingsError;
pub(crate) use file::{FileValues, KnownSettings, SettingsFile, from_file, from_ready};
pub(crate) use flags::Flags;

/// The number of requests that are worked on at the same time, unless told otherwise.
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).expect("16 is not 0");

/// The number of requests that are listed in one call, unless told otherwise.
const PAGE_SIZE: u32 = 100;

const MIB: usize = 1024 * 1024;

/// The settings, complete and checked.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Connect's API.
    pub(crate) endpoint: String,
    /// The key to it; it does not print.
    pub(crate) api_key: ApiKey,
    /// The file that it is in, if it may be replaced there.
    pub(crate) key_file: Option<KeyFile>,
    /// Whether `http` to another machine is taken.
    pub(crate) allow_plain_http: bool,
    /// The products whose requests are taken; all, when empty.
    pub(crate) products: Vec<ProductId>,
    /// The environments whose requests are taken; all, when empty.
    pub(crate) environments: Vec<ConnectionType>,
    /// The fulfillment template to approve with.
    pub(crate) template: String,
    /// The file of the journal.
    pub(crate) journal: PathBuf,
    /// The number of requests that are listed in one call.
    pub(crate) page_size: u32,
    /// The longest answer of Connect's that is read, in bytes.
    pub(crate) max_body: usize,
    /// The number of requests that are worked on at the same time.
    pub(crate) concurrency: NonZeroUsize,
    /// The number of requests of one product that are worked on at the same time.
    pub(crate) product_concurrency: Option<NonZeroUsize>,
    /// The number of steps that call the vendor per second.
    pub(crate) vendor_rate: Option<NonZeroU32>,
    /// Whether that number is this account's own, and not that of all accounts together.
    pub(crate) has_own_vendor_rate: bool,
    /// The number of calls of Connect per second.
    pub(crate) platform_rate: Option<NonZeroU32>,
    /// The number of failures in a row after which a request is left to a person.
    pub(crate) most_failures: Option<NonZeroU32>,
    /// Whether that is said in the request's conversation.
    pub(crate) tell_parked: bool,
    /// Whether everything is paused before it begins.
    pub(crate) start_paused: bool,
    /// The time that a request stays with a process that died.
    pub(crate) lease: Duration,
    /// The time between looks for pending requests.
    pub(crate) poll: Duration,
    /// The time ahead for which a single pass waits.
    pub(crate) patience: Duration,
    /// How lines of the log are written.
    pub(crate) log_format: LogFormat,
    /// The time for which runs may get nowhere.
    pub(crate) stuck_after: Duration,
    /// The place where others may call; nowhere, when `None`.
    pub(crate) listen: Option<Listen>,
    /// The address at which the vendor's system calls back, and the key that signs the links to it;
    /// none are made when `None`.
    pub(crate) callback: Option<(String, SecretString)>,
    /// The key that signs the calls of webhooks; none are taken when `None`.
    pub(crate) webhook_secret: Option<SecretString>,
    /// The key that signs the links of actions; none are followed when `None`.
    pub(crate) action_secret: Option<SecretString>,
}

/// The place where others may call, and how.
#[derive(Clone, Debug)]
pub(crate) struct Listen {
    pub(crate) address: SocketAddr,
    /// The files of the certificate and its key.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Flags {
    /// The complete settings; the journal is the one that is given, unless another one is set.
    ///
    /// # Errors
    ///
    /// Names the first setting that is missing or cannot be used, and what to do.
    pub(crate) fn resolve(self, journal: PathBuf) -> Result<Settings, SettingsError> {
        let seconds = Duration::from_secs;
        let listens = self.listen.is_some();
        let webhook_secret = secret(self.webhook_secret, listens, "that webhooks call")?;
        let action_secret = secret(self.action_secret, listens, "that links of actions lead to")?;
        let callback = callback(self.callback_url, self.callback_secret, listens)?;
        let endpoint = given(self.endpoint, "Connect's API", "endpoint", "CONNECT_ENDPOINT")?;
        let (api_key, key_file) = key(self.api_key, self.api_key_file)?;
        Ok(Settings {
            callback,
            webhook_secret,
            action_secret,
            endpoint,
            api_key,
            key_file,
            allow_plain_http: self.allow_plain_http.unwrap_or(false),
            products: products(self.products.unwrap_or_default())?,
            environments: environments(self.environments.unwrap_or_default())?,
            template: self
                .activation_template
                .unwrap_or_else(|| "Default Activation Template".to_owned()),
            journal: self.journal.unwrap_or(journal),
            page_size: self.page_size.map_or(PAGE_SIZE, NonZeroU32::get),
            max_body: MIB * self.max_body.map_or(32, |mib: NonZeroU16| usize::from(mib.get())),
            concurrency: self.concurrency.unwrap_or(CONCURRENCY),
            product_concurrency: self.product_concurrency,
            vendor_rate: self.vendor_rate,
            has_own_vendor_rate: false,
            platform_rate: self.platform_rate,
            most_failures: self.most_failures,
            tell_parked: self.tell_parked.unwrap_or(true),
            start_paused: self.start_paused.unwrap_or(false),
            lease: duration("lease", self.lease, seconds(60), &LEASE)?,
            poll: duration("poll", self.poll, seconds(30), &POLL)?,
            patience: duration("patience", self.patience, seconds(30), &PATIENCE)?,
            log_format: self.log_format.unwrap_or_default(),
            stuck_after: duration("stuck-after", self.stuck_after, seconds(15 * 60), &STUCK_AFTER)?,
            listen: listen(self.listen, self.tls_certificate, self.tls_key)?,
        })
    }
}

fn given(
    value: Option<String>,
    what: &str,
    flag: &str,
    variable: &str,
) -> Result<String, SettingsError> {
    let value = value.filter(|value| !value.trim().is_empty());
    value.ok_or_else(|| SettingsError::missing(what, flag, variable))
}

/// The key that is given, or is in a file.
fn key(
    text: Option<String>,
    file: Option<PathBuf>,
) -> Result<(ApiKey, Option<KeyFile>), SettingsError> {
    let text = text.filter(|text| !text.trim().is_empty());
    let Some(file) = file else {
        let text = given(text, "the API key", "api-key", "CONNECT_API_KEY")?;
        let key = ApiKey::new(&text).map_err(|error| SettingsError::of("api-key", error))?;
        return Ok((key, None));
    };
    if text.is_some() {
        let both = "`api-key` is given, too; leave one of both out";
        return Err(SettingsError::of("api-key-file", both));
    }
    let opened = KeyFile::open(&file);
    let (file, key) = opened.map_err(|error| SettingsError::of("api-key-file", error))?;
    Ok((key, Some(file)))
}

fn products(ids: Vec<String>) -> Result<Vec<ProductId>, SettingsError> {
    ids.into_iter()
        .map(|value| {
            value.parse().map_err(|error: connect_model::BadId| {
                let problem = format!("is no product: expected {}", error.shape);
                SettingsError::wrong("products", value, problem)
            })
        })
        .collect()
}

fn environments(words: Vec<String>) -> Result<Vec<ConnectionType>, SettingsError> {
    words
        .into_iter()
        .map(|value| match ConnectionType::from(value.as_str()) {
            ConnectionType::Other(_) => {
                let problem = format!("is none of {}", ConnectionType::KNOWN.join(", "));
                Err(SettingsError::wrong("environments", value, problem))
            }
            known => Ok(known),
        })
        .collect()
}

fn duration(
    flag: &'static str,
    value: Option<String>,
    default: Duration,
    bounds: &Bounds,
) -> Result<Duration, SettingsError> {
    let Some(value) = value else { return Ok(default) };
    let time = value.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    let time = time.ok_or_else(|| "is no time; write it like `30s` or `5m`".to_owned());
    let checked = time.and_then(|time| bounds.check(time));
    checked.map_err(|problem| SettingsError::wrong(flag, value, problem))
}

fn listen(
    address: Option<String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> Result<Option<Listen>, SettingsError> {
    let tls = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        (Some(_), None) => {
            let what = "the certificate's key";
            return Err(SettingsError::missing(what, "tls-key", "CONNECT_TLS_KEY"));
        }
        (None, Some(_)) => {
            let what = "the key's certificate";
            return Err(SettingsError::missing(what, "tls-certificate", "CONNECT_TLS_CERTIFICATE"));
        }
    };
    match address {
        Some(text) => Ok(Some(Listen { address: socket(text)?, tls })),
        None if tls.is_some() => {
            let what = "the address for TLS";
            Err(SettingsError::missing(what, "listen", "CONNECT_LISTEN"))
        }
        None => Ok(None),
    }
}

/// A key of calls needs a place where they can be made.
fn secret(
    secret: Option<String>,
    listens: bool,
    place: &str,
) -> Result<Option<SecretString>, SettingsError> {
    let secret = secret.filter(|secret| !secret.trim().is_empty());
    if secret.is_some() && !listens {
        let what = format!("the address {place}");
        return Err(SettingsError::missing(&what, "listen", "CONNECT_LISTEN"));
    }
    Ok(secret.map(SecretString::from))
}

/// A link needs an address and a key, and a place where its calls are taken.
fn callback(
    url: Option<String>,
    secret: Option<String>,
    listens: bool,
) -> Result<Option<(String, SecretString)>, SettingsError> {
    let secret = secret.filter(|secret| !secret.trim().is_empty());
    let (url, secret) = match (url, secret) {
        (Some(url), Some(secret)) => (url, secret),
        (None, None) => return Ok(None),
        (Some(_), None) => {
            let (flag, variable) = ("callback-secret", "CONNECT_CALLBACK_SECRET");
            return Err(SettingsError::missing("the key of callbacks", flag, variable));
        }
        (None, Some(_)) => {
            let (flag, variable) = ("callback-url", "CONNECT_CALLBACK_URL");
            return Err(SettingsError::missing("the address of callbacks", flag, variable));
        }
    };
    if !listens {
        let what = "the address that takes callbacks";
        return Err(SettingsError::missing(what, "listen", "CONNECT_LISTEN"));
    }
    if !is_web_address(&url) {
        let problem = "is no address; write it like `https://processor.example/callback`";
        return Err(SettingsError::wrong("callback-url", url, problem));
    }
    Ok(Some((url, secret.into())))
}

/// A port alone is one of this machine, for this machine.
fn socket(text: String) -> Result<SocketAddr, SettingsError> {
    let port = text.parse().map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    port.or_else(|_| text.parse()).map_err(|_| {
        let problem =
            "is no port and no address with a port; write it like `8090` or `0.0.0.0:8090`";
        SettingsError::wrong("listen", text, problem)
    })
}

#[cfg(test)]
mod tests;
