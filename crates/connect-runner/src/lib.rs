//! Makes a processor a program.
//!
//! A [`Program`] reads settings, keeps logs, listens to signals, and ends with an exit code that
//! says how it went. What a vendor adds is a struct with settings of its own, a state that is made
//! of them, and the handlers:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::sync::Arc;
//! use connect_client::Client;
//! use connect_journal::Journal;
//! use connect_model::{AssetRequest, AssetRequestType};
//! use connect_processor::{Context, Failure, Outcome, Processor};
//! use connect_runner::{Program, SettingsError};
//!
//! #[derive(clap::Args)]
//! struct Settings {
//!     /// The vendor's API
//!     #[arg(long, env = "VENDOR_URL", value_name = "URL")]
//!     vendor_url: String,
//! }
//!
//! /// A client of the vendor's API.
//! struct Api(String);
//!
//! fn api(settings: &Settings) -> Result<Api, SettingsError> {
//!     match settings.vendor_url.strip_prefix("https://") {
//!         Some(host) => Ok(Api(host.to_owned())),
//!         None => Err(SettingsError::of("vendor-url", "it has to begin with https://")),
//!     }
//! }
//!
//! async fn cancel(_: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
//!     Ok(Outcome::approve())
//! }
//!
//! fn processor(api: Api, client: Client, journal: Arc<dyn Journal>) -> Processor<Api> {
//!     Processor::new(api, client, journal).on(AssetRequestType::Cancel, cancel)
//! }
//!
//! fn main() -> ExitCode {
//!     Program::new("vendor").version(env!("CARGO_PKG_VERSION")).run(api, processor)
//! }
//! ```
//!
//! # Settings
//!
//! Flags come before the environment, the environment before a ready file of `cnct up`
//! (`--ready`, `CONNECT_READY`), that before a TOML file (`--config`), and all of them before
//! defaults. In the TOML file the names are those of the flags. `--help` lists them all, with those
//! of the vendor among them. A variable that is empty counts as not set. A setting of the vendor
//! that has no default and is no `Option` must be given, and is asked for by its help's words.
//!
//! Tables `[account.NAME]` of the TOML file are for accounts that the program works for side by side, each with
//! a journal of its own: `docs/accounts.md`. What a table says comes before the environment.
//!
//! A ready file says endpoint and key, and where the demo vendor is: that is taken for a setting
//! `vendor-url`, when the vendor has one. It says nothing when flags or the environment name
//! another endpoint, because a key belongs to its endpoint.
//!
//! # Exit codes
//!
//! | code | meaning |
//! |---|---|
//! | 0 | everything came to an end |
//! | 1 | it could not run; with `--check`: work could not begin |
//! | 2 | wrong usage or settings, or a journal of another platform or account |
//! | 3 | with `--once`: some requests have to wait or need a person; with `--check`: some would; with `--request`: that one does |
//!
//! With several accounts the worst of them counts: 2, then 1, then 3, then 0.
//!
//! # Health
//!
//! With `--listen PORT` the program answers on this machine, unless an address is given, with
//! `--tls-certificate` and `--tls-key` over TLS:
//!
//! * `GET /health`: 200, or 503 when the program is stuck, so starting it again may help;
//! * `GET /ready`: 200 while it works on requests, or 503;
//! * `GET /metrics`: its numbers, in Prometheus' text format.
//!
//! ```json
//! {"state": "busy", "cause": null, "since": "2026-03-01T12:00:00Z", "seconds": 12.3, "program": "acme",
//!  "claimed": 3, "waiting": 40, "planned": 2, "parked": 0, "oldest_waiting": 34.5, "since_look": 5.1,
//!  "ended": {"approved": 7}}
//! ```
//!
//! With several accounts each is among `accounts`, and answers by itself at `GET /health/NAME` and
//! `GET /ready/NAME`.
//!
//! `docs/operations.md` says what states, causes and numbers there are.
//!
//! # Logs
//!
//! The log is on stderr, as much of it as `RUST_LOG` says (`info` unless set): lines of text, or with
//! `--log-format json` a JSON object on each line. Each line that is written while a request is worked
//! on, a vendor's own among them, says which: `request`, `attempt`, `type`, `product`, `asset`, and
//! within a step its name, `step`.
//!
//! # Webhooks
//!
//! With a key, `--webhook-secret`, the same place takes the calls of Connect's webhooks at
//! `POST /webhook`, and has the list walked of whose queue they tell. A token that is not signed with
//! the key by HS256 is answered with 401 and wakes nothing.
//!
//! # Questions
//!
//! Where the processor has validators, the same key lets Connect ask them at `POST /validate`. Where it
//! has actions, the links that Connect makes of them lead to `GET /action`, signed with the key
//! `--action-secret`.
//!
//! # Callbacks
//!
//! With `--callback-url`, the address under which others reach the program, and `--callback-secret`,
//! a key of the program's own, handlers get links to hand to the vendor's system
//! ([`Context::callback`](connect_processor::Context::callback)), and `POST /callback` takes its
//! calls. A link is for one request and good for 30 days; the call has the request look again, and
//! its body is not believed.

mod account;
mod action;
mod arguments;
mod callback;
mod check;
mod doors;
mod error;
mod exit;
#[cfg(test)]
mod forged;
mod key_file;
mod listener;
mod lives;
mod logging;
mod one_request;
mod program;
mod recent;
mod refusal;
mod settings;
mod signals;
mod token;
mod validation;
mod watched;
mod web_address;
mod webhook;
mod window;

pub use program::Program;
pub use settings::SettingsError;
