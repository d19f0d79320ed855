//! The platform to talk to: flags, then environment, then file, then the local emulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use connect_client::{ApiKey, Client, RetryPolicy};
use connect_playground::Ready;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cli::{Global, Side};
use crate::exit::Error;

/// The port of a local platform, unless told otherwise.
pub(crate) const LOCAL_PORT: u16 = 8080;

/// The port of a demo vendor, unless told otherwise.
pub(crate) const VENDOR_PORT: u16 = 8081;

/// The time that a local emulator has to say that it is one.
const HEALTH: Duration = Duration::from_secs(1);

/// The settings of one source.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SettingsSource {
    endpoint: Option<String>,
    api_key: Option<String>,
    ready: Option<PathBuf>,
    allow_plain_http: Option<bool>,
}

/// A client of the platform that arguments, environment and file name.
pub(crate) async fn client(global: &Global) -> Result<Client, Error> {
    let sources = sources(global)?;
    let plain_http = allows_plain_http(&sources);
    let side = global.side.unwrap_or(Side::Vendor);
    let merged = merge(sources, side)?;
    if global.side.is_some() && merged.key.is_some() && merged.ready.is_none() {
        let remedy = "leave --as out, or the key (CONNECT_API_KEY, or `api-key` in a file)";
        return Err(Error::usage("a key is given, so --as has none to choose", remedy));
    }
    let (endpoint, key) = match (merged.endpoint()?, merged.key) {
        (Some(endpoint), Some(key)) => (endpoint, key),
        (Some(endpoint), None) => with_demo_key(endpoint, side).await?,
        (None, None) => with_demo_key(local_endpoint(), side).await?,
        // A key is for one platform; it is not shown to whoever listens here.
        (None, Some(_)) => {
            return Err(Error::NoPlatform("there is an API key, but no endpoint".into()));
        }
    };
    let key = ApiKey::new(&key)?;
    let builder = Client::builder(&endpoint, key).allow_plain_http(plain_http);
    let builder = builder.user_agent(concat!("cnct/", env!("CARGO_PKG_VERSION")));
    Ok(builder.retry(patience()).build()?)
}

/// The endpoint that arguments, environment and file name, or the local one.
pub(crate) fn endpoint(global: &Global) -> Result<String, Error> {
    Ok(merge(sources(global)?, Side::Vendor)?.endpoint()?.unwrap_or_else(local_endpoint))
}

/// The addresses at which the emulator and the demo vendor are told to misbehave.
pub(crate) struct Control {
    /// Scheme, host and port of the emulator.
    pub(crate) platform: String,
    /// The base address of the demo vendor; `None` when nobody says where the one of this platform
    /// is.
    pub(crate) vendor: Option<String>,
    /// A key of the platform, which lets other machines in.
    pub(crate) key: Option<String>,
}

/// The emulator and the demo vendor that arguments, environment and file name, or those with the
/// usual ports. A key goes only where any other command would send it.
pub(crate) fn control(global: &Global) -> Result<Control, Error> {
    let sources = sources(global)?;
    let plain_http = allows_plain_http(&sources);
    let merged = merge(sources, Side::Vendor)?;
    let vendor = merged.ready().and_then(|ready| ready.vendor.clone());
    // The ready file of a vendor alone names no platform.
    let endpoint = if vendor.is_some() { merged.endpoint.clone() } else { merged.endpoint()? };
    // A key is for one platform; it is not shown to whoever listens here.
    let key = merged.key.filter(|_| endpoint.is_some());
    let endpoint = endpoint.unwrap_or_else(local_endpoint);
    if let Some(key) = &key {
        let client = Client::builder(&endpoint, ApiKey::new(key)?);
        client.allow_plain_http(plain_http).build()?;
    }
    let url = reqwest::Url::parse(&endpoint)
        .map_err(|error| Error::usage(format!("endpoint: `{endpoint}`: {error}"), "give a URL"))?;
    let usual = || format!("http://127.0.0.1:{VENDOR_PORT}");
    let vendor = vendor.or_else(|| (endpoint == local_endpoint()).then(usual));
    Ok(Control { platform: url.origin().ascii_serialization(), vendor, key })
}

/// The journal that the ready file names.
pub(crate) fn journal(global: &Global) -> Result<PathBuf, Error> {
    let merged = merge(sources(global)?, Side::Vendor)?;
    let journal = merged.ready().and_then(|ready| ready.journal.clone());
    journal.ok_or_else(|| {
        let remedy = "name it with --journal FILE, or name the ready file of a `cnct up` that runs \
                      a processor: --ready FILE or CONNECT_READY";
        Error::usage("no journal is named", remedy)
    })
}

/// A person waits: fewer attempts, sooner.
fn patience() -> RetryPolicy {
    RetryPolicy { attempts: 3, base: Duration::from_millis(200), ..RetryPolicy::default() }
}

/// The sources, the strongest first.
fn sources(global: &Global) -> Result<[SettingsSource; 3], Error> {
    let flags = SettingsSource {
        endpoint: global.endpoint.clone(),
        api_key: global.api_key.clone(),
        ready: global.ready.clone(),
        allow_plain_http: global.allow_plain_http,
    };
    let environment = SettingsSource {
        endpoint: variable("CONNECT_ENDPOINT"),
        api_key: variable("CONNECT_API_KEY"),
        ready: variable("CONNECT_READY").map(PathBuf::from),
        allow_plain_http: switch("CONNECT_ALLOW_PLAIN_HTTP")?,
    };
    let file = global.config.clone().or_else(|| variable("CONNECT_CONFIG").map(PathBuf::from));
    let remedy = "it may hold `endpoint`, `api-key`, `ready` and `allow-plain-http`";
    let read = |path| from_file::<SettingsSource>(path, remedy);
    let file = file.as_deref().map(read).transpose()?.unwrap_or_default();
    Ok([flags, environment, file])
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable that says yes or no.
fn switch(name: &str) -> Result<Option<bool>, Error> {
    let said = variable(name).map(|value| {
        value.parse().map_err(|_| {
            Error::usage(format!("{name} is `{value}`"), "set it to `true` or `false`")
        })
    });
    said.transpose()
}

/// Reads a TOML file; the remedy is for one that says something else.
pub(crate) fn from_file<T: DeserializeOwned>(
    path: &Path,
    remedy: &'static str,
) -> Result<T, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::File {
        path: path.to_owned(),
        doing: "read",
        source,
    })?;
    toml::from_str(&text).map_err(|error| {
        // The error's own text would show the line it is about, and that may be a key.
        Error::usage(format!("{}: {}", path.display(), error.message()), remedy)
    })
}

/// The settings that the sources come to.
#[derive(Default)]
struct MergedSettings {
    endpoint: Option<String>,
    key: Option<String>,
    ready: Option<(PathBuf, Ready)>,
}

impl MergedSettings {
    /// Returns what the ready file says, where it is the one that names the platform. What it says
    /// of a vendor or a journal belongs to that platform, and to no other.
    fn ready(&self) -> Option<&Ready> {
        self.ready.as_ref().map(|(_, ready)| ready)
    }

    /// The endpoint; a ready file has to name one.
    fn endpoint(&self) -> Result<Option<String>, Error> {
        match &self.ready {
            Some((path, ready)) => platform_of(path, ready.platform.clone()).map(Some),
            None => Ok(self.endpoint.clone()),
        }
    }
}

/// The first endpoint and the first key. A ready file gives both together, where no stronger or
/// equal source names an endpoint.
fn merge(
    sources: impl IntoIterator<Item = SettingsSource>,
    side: Side,
) -> Result<MergedSettings, Error> {
    let mut merged = MergedSettings::default();
    for source in sources {
        let is_open = merged.endpoint.is_none() && merged.ready.is_none();
        match source.ready {
            Some(path) if is_open && source.endpoint.is_none() => {
                let ready = Ready::read(&path)?;
                merged.endpoint = ready.platform.clone();
                let key = match side {
                    Side::Vendor => &ready.vendor_key,
                    Side::Distributor => &ready.distributor_key,
                };
                merged.key = merged.key.or_else(|| key.clone());
                merged.ready = Some((path, ready));
            }
            _ => {
                merged.endpoint = merged.endpoint.or(source.endpoint.filter(|_| is_open));
                merged.key = merged.key.or(source.api_key);
            }
        }
    }
    Ok(merged)
}

fn allows_plain_http(sources: &[SettingsSource]) -> bool {
    sources.iter().find_map(|source| source.allow_plain_http).unwrap_or(false)
}

fn platform_of(path: &Path, platform: Option<String>) -> Result<String, Error> {
    platform.ok_or_else(|| {
        let message = format!("{} names no platform", path.display());
        Error::usage(message, "use the ready file of `cnct up` or `cnct emulator`")
    })
}

fn local_endpoint() -> String {
    format!("http://127.0.0.1:{LOCAL_PORT}/public/v1")
}

/// The emulator's demo keys are no secret; whoever says that it is one, on this machine, gets it.
async fn with_demo_key(endpoint: String, side: Side) -> Result<(String, String), Error> {
    let keys = connect_playground::demo_keys();
    match emulator_at(&endpoint).await {
        true => Ok((endpoint, if side == Side::Vendor { keys.vendor } else { keys.distributor })),
        false if loopback_base(&endpoint).is_some() => Err(Error::NoPlatform(format!(
            "no API key is given, and no local emulator answers at {endpoint}"
        ))),
        false => Err(no_key(&endpoint)),
    }
}

/// An endpoint on another machine needs a key; one without a path is likely not the API's.
fn no_key(endpoint: &str) -> Error {
    let has_path = reqwest::Url::parse(endpoint).is_ok_and(|url| url.path().len() > 1);
    let path = if has_path { "" } else { "; Connect's API is below the path /public/v1" };
    let remedy = "give the key of a token: --api-key or CONNECT_API_KEY, the whole `ApiKey SU-…:…`";
    Error::usage(format!("no API key is given for {endpoint}{path}"), remedy)
}

/// Whether an emulator of ours answers at an endpoint on this machine.
async fn emulator_at(endpoint: &str) -> bool {
    #[derive(Deserialize)]
    struct Health {
        platform: String,
    }
    let Some(base) = loopback_base(endpoint) else { return false };
    let Ok(http) = reqwest::Client::builder().no_proxy().timeout(HEALTH).build() else {
        return false;
    };
    match http.get(format!("{base}/emulator/health")).send().await {
        Ok(answer) => {
            answer.json::<Health>().await.is_ok_and(|health| health.platform.contains("emulated"))
        }
        Err(_) => false,
    }
}

/// Scheme, host and port of an endpoint on this machine.
fn loopback_base(endpoint: &str) -> Option<String> {
    let url = reqwest::Url::parse(endpoint).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let is_here = host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    is_here.then(|| url.origin().ascii_serialization())
}
