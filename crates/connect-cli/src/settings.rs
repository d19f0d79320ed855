//! Which platform to talk to: flags, then environment, then file, then the local emulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use connect_client::{ApiKey, Client, RetryPolicy};
use serde::Deserialize;

use crate::cli::Global;
use crate::exit::Error;
use crate::ready::Ready;

/// The port of a local platform, unless told otherwise.
pub(crate) const LOCAL_PORT: u16 = 8080;

/// The port of a demo vendor, unless told otherwise.
pub(crate) const VENDOR_PORT: u16 = 8081;

/// How long a local emulator may take to say that it is one.
const HEALTH: Duration = Duration::from_secs(1);

/// What one source says.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Given {
    endpoint: Option<String>,
    api_key: Option<String>,
    ready: Option<PathBuf>,
    allow_plain_http: Option<bool>,
}

/// A client of the platform that arguments, environment and file name.
pub(crate) async fn client(global: &Global) -> Result<Client, Error> {
    let sources = sources(global)?;
    let plain_http = sources.iter().find_map(|source| source.allow_plain_http).unwrap_or(false);
    let (endpoint, key) = resolve(sources)?;
    let (endpoint, key) = match (endpoint, key) {
        (Some(endpoint), Some(key)) => (endpoint, key),
        (Some(endpoint), None) => with_demo_key(endpoint).await?,
        (None, None) => with_demo_key(local_endpoint()).await?,
        // A key is for one platform; it is not shown to whoever listens here.
        (None, Some(_)) => {
            return Err(Error::NoPlatform("there is an API key, but no endpoint".into()));
        }
    };
    let key = ApiKey::new(&key)?;
    let builder = Client::builder(&endpoint, key).allow_plain_http(plain_http);
    Ok(builder.retry(patience()).build()?)
}

/// The endpoint that arguments, environment and file name, or the local one.
pub(crate) fn endpoint(global: &Global) -> Result<String, Error> {
    Ok(resolve(sources(global)?)?.0.unwrap_or_else(local_endpoint))
}

/// Where the emulator and the demo vendor are told to misbehave.
pub(crate) struct Control {
    /// Scheme, host and port of the emulator.
    pub(crate) platform: String,
    /// The base address of the demo vendor.
    pub(crate) vendor: String,
    /// A key of the platform, which lets other machines in.
    pub(crate) key: Option<String>,
}

/// The emulator and the demo vendor that arguments, environment and file name, or those with the
/// usual ports.
pub(crate) fn control(global: &Global) -> Result<Control, Error> {
    let ready = ready(global)?;
    // The ready file of a vendor alone names no platform.
    let (endpoint, key) = match (&ready.platform, &ready.vendor) {
        (None, Some(_)) => (None, None),
        _ => resolve(sources(global)?)?,
    };
    let endpoint = endpoint.unwrap_or_else(local_endpoint);
    let url = reqwest::Url::parse(&endpoint)
        .map_err(|error| Error::usage(format!("endpoint: `{endpoint}`: {error}"), "give a URL"))?;
    let vendor = ready.vendor.unwrap_or_else(|| format!("http://127.0.0.1:{VENDOR_PORT}"));
    Ok(Control { platform: url.origin().ascii_serialization(), vendor, key })
}

/// The journal that the ready file names.
pub(crate) fn journal(global: &Global) -> Result<PathBuf, Error> {
    ready(global)?.journal.ok_or_else(|| {
        let remedy = "name it with --journal FILE, or name the ready file of a `cnct up` that runs \
                      a processor: --ready FILE or CONNECT_READY";
        Error::usage("no journal is named", remedy)
    })
}

/// What the strongest ready file says; nothing when none is named.
fn ready(global: &Global) -> Result<Ready, Error> {
    let path = sources(global)?.into_iter().find_map(|source| source.ready);
    path.map_or_else(|| Ok(Ready::default()), |path| Ready::read(&path))
}

/// A person waits: fewer attempts, sooner.
fn patience() -> RetryPolicy {
    RetryPolicy { attempts: 3, base: Duration::from_millis(200), ..RetryPolicy::default() }
}

/// The sources, the strongest first.
fn sources(global: &Global) -> Result<[Given; 3], Error> {
    let flags = Given {
        endpoint: global.endpoint.clone(),
        api_key: global.api_key.clone(),
        ready: global.ready.clone(),
        allow_plain_http: global.allow_plain_http,
    };
    let environment = Given {
        endpoint: variable("CONNECT_ENDPOINT"),
        api_key: variable("CONNECT_API_KEY"),
        ready: variable("CONNECT_READY").map(PathBuf::from),
        allow_plain_http: switch("CONNECT_ALLOW_PLAIN_HTTP")?,
    };
    let file = global.config.clone().or_else(|| variable("CONNECT_CONFIG").map(PathBuf::from));
    let file = file.as_deref().map(from_file).transpose()?.unwrap_or_default();
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

fn from_file(path: &Path) -> Result<Given, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::File {
        path: path.to_owned(),
        doing: "read",
        source,
    })?;
    toml::from_str(&text).map_err(|error| {
        let message = format!("{}: {}", path.display(), error.message());
        Error::usage(message, "it may hold `endpoint`, `api-key`, `ready` and `allow-plain-http`")
    })
}

/// The first endpoint and the first key. A ready file gives both together, where no stronger or
/// equal source names an endpoint.
fn resolve(
    sources: impl IntoIterator<Item = Given>,
) -> Result<(Option<String>, Option<String>), Error> {
    let (mut endpoint, mut key) = (None, None);
    for source in sources {
        match source.ready {
            Some(path) if endpoint.is_none() && source.endpoint.is_none() => {
                let ready = Ready::read(&path)?;
                endpoint = Some(platform_of(&path, ready.platform)?);
                key = key.or(ready.vendor_key);
            }
            _ => {
                endpoint = endpoint.or(source.endpoint);
                key = key.or(source.api_key);
            }
        }
    }
    Ok((endpoint, key))
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
async fn with_demo_key(endpoint: String) -> Result<(String, String), Error> {
    match emulator_at(&endpoint).await {
        true => Ok((endpoint, crate::local::demo_keys().vendor)),
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
