//! The settings as they are given, by flag, by environment variable, or in a file.

use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::Args;

use crate::logging::LogFormat;

/// The settings of every program, as they are given.
#[derive(Args, Clone, Default)]
#[group(skip)]
pub(crate) struct Flags {
    /// Connect's API, such as `https://api.connect.cloudblue.com/public/v1`
    #[arg(long, env = "CONNECT_ENDPOINT", value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// The API key: the whole header value, `ApiKey SU-…:…`
    #[arg(long, env = "CONNECT_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub(crate) api_key: Option<String>,
    /// A file that holds the API key alone, and is read again when it has changed
    #[arg(long, env = "CONNECT_API_KEY_FILE", value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Take plain `http` to another machine too; the key travels readable
    #[arg(long, env = "CONNECT_ALLOW_PLAIN_HTTP", value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) allow_plain_http: Option<bool>,
    /// Only requests of these products
    #[arg(long, env = "CONNECT_PRODUCTS", value_name = "ID", value_delimiter = ',')]
    pub(crate) products: Option<Vec<String>>,
    /// Only requests of these environments: preview, test, production
    #[arg(long, env = "CONNECT_ENVIRONMENTS", value_name = "ENV", value_delimiter = ',')]
    pub(crate) environments: Option<Vec<String>>,
    /// The fulfillment template to approve with, by name or id
    #[arg(long, env = "CONNECT_ACTIVATION_TEMPLATE", value_name = "NAME")]
    pub(crate) activation_template: Option<String>,
    /// Where the journal is kept
    #[arg(long, env = "CONNECT_JOURNAL", value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// How many requests are listed in one call, 1 to 1000 [default: 100]
    #[arg(long, env = "CONNECT_PAGE_SIZE", value_name = "N")]
    pub(crate) page_size: Option<NonZeroU32>,
    /// The longest answer of Connect's that is read, in MiB [default: 32]
    #[arg(long, env = "CONNECT_MAX_BODY", value_name = "MIB")]
    pub(crate) max_body: Option<NonZeroU16>,
    /// How many requests are worked on at the same time [default: 16]
    #[arg(long, env = "CONNECT_CONCURRENCY", value_name = "N")]
    pub(crate) concurrency: Option<NonZeroUsize>,
    /// How many requests of one product are worked on at the same time [default: as many as of all]
    #[arg(long, env = "CONNECT_PRODUCT_CONCURRENCY", value_name = "N")]
    pub(crate) product_concurrency: Option<NonZeroUsize>,
    /// How many steps call the vendor per second [default: no limit]
    #[arg(long, env = "CONNECT_VENDOR_RATE", value_name = "N")]
    pub(crate) vendor_rate: Option<NonZeroU32>,
    /// How many calls of Connect are made per second [default: no limit]
    #[arg(long, env = "CONNECT_PLATFORM_RATE", value_name = "N")]
    pub(crate) platform_rate: Option<NonZeroU32>,
    /// After how many failed attempts in a row a request is left to a person [default: 20]
    #[arg(long, env = "CONNECT_MOST_FAILURES", value_name = "N")]
    pub(crate) most_failures: Option<NonZeroU32>,
    /// Say in a request's conversation that it was left to a person for that [default: true]
    #[arg(long, env = "CONNECT_TELL_PARKED", value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) tell_parked: Option<bool>,
    /// Pause everything before it begins: `cnct run resume` lets it begin
    #[arg(long, env = "CONNECT_START_PAUSED", value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) start_paused: Option<bool>,
    /// How long a request stays with a process that died [default: 60s]
    #[arg(long, env = "CONNECT_LEASE", value_name = "TIME")]
    pub(crate) lease: Option<String>,
    /// How often to look for pending requests [default: 30s]
    #[arg(long, env = "CONNECT_POLL", value_name = "TIME")]
    pub(crate) poll: Option<String>,
    /// With --once and --request: how far ahead to wait for requests that are due later [default: 30s]
    #[arg(long, env = "CONNECT_PATIENCE", value_name = "TIME")]
    pub(crate) patience: Option<String>,
    /// Answer `GET /health`, `/ready` and `/metrics` on this port of this machine, or on this address
    #[arg(long, env = "CONNECT_LISTEN", value_name = "[ADDRESS:]PORT")]
    pub(crate) listen: Option<String>,
    /// With --listen: take the calls of Connect's webhooks at `POST /webhook`, and its questions at
    /// `POST /validate`, signed with this key
    #[arg(long, env = "CONNECT_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(crate) webhook_secret: Option<String>,
    /// With --listen: take the links of the product's actions at `GET /action`, signed with this key
    #[arg(long, env = "CONNECT_ACTION_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(crate) action_secret: Option<String>,
    /// With --listen: where the vendor's system calls back, ending in `/callback`
    #[arg(long, env = "CONNECT_CALLBACK_URL", value_name = "URL")]
    pub(crate) callback_url: Option<String>,
    /// With --callback-url: the key that signs the links which handlers hand out
    #[arg(long, env = "CONNECT_CALLBACK_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub(crate) callback_secret: Option<String>,
    /// With --listen: speak TLS with the certificate in this PEM file
    #[arg(long, env = "CONNECT_TLS_CERTIFICATE", value_name = "FILE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, in a PEM file
    #[arg(long, env = "CONNECT_TLS_KEY", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// How lines of the log are written [default: text]
    #[arg(long, env = "CONNECT_LOG_FORMAT", value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
    /// How long runs may get nowhere before `/health` says that the program is stuck [default: 15m]
    #[arg(long, env = "CONNECT_STUCK_AFTER", value_name = "TIME")]
    pub(crate) stuck_after: Option<String>,
}
