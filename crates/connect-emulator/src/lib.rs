//! A faithful local CloudBlue Connect: its REST API over one world in memory or in a folder.
//!
//! [`start`] gives a platform of one's own with a vendor, a distributor and a product; it stops
//! when dropped. Every test can have one.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let emulator = connect_emulator::start(connect_emulator::Config::default()).await?;
//!
//! let pending = reqwest::Client::new()
//!     .get(format!("{}/requests?eq(status,pending)", emulator.endpoint()))
//!     .header("Authorization", &emulator.keys().vendor)
//!     .send()
//!     .await?;
//! assert_eq!(pending.headers()["Content-Range"], "items 0-0/0");
//!
//! emulator.stop().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Read first:
//!
//! * [`connect_world`] is the platform: commands in, events or a refusal out. All rules are there.
//! * [`platform`] is the world behind a lock, with the file that keeps it.
//! * `rest` is a door to it: the table of contents of Connect's REST API (OpenAPI 37.0). What Connect
//!   has and the emulator does not is refused with 501 `EMU_001`, never guessed.
//! * [`activity`] is the log of all calls; [`fault`] makes the platform misbehave, for rehearsals.
//!
//! Beside Connect's API, `/emulator` has endpoints of the emulator's own. They answer without a key
//! to callers on this machine who use its own names, so that no web page can reach them, and to
//! others with a key of the vendor:
//!
//! | call | answer |
//! |---|---|
//! | `GET /emulator/health` | 200 `{status, platform, endpoint, product, world}`; 503 with a `cause` once every call is refused |
//! | `GET /emulator/activity?after=SEQ&limit=N` | 200 the calls after `SEQ`, oldest first |
//! | `POST`, `GET`, `DELETE /emulator/faults` | 201, 200 [`Fault`]s, 204 |

mod action_link;
pub mod activity;
mod answer;
mod auth;
mod background;
mod calls;
mod control;
mod due;
mod emulator;
pub mod fault;
mod gate;
mod json_text;
mod locality;
mod media;
pub mod platform;
mod random;
mod rest;
mod server;
mod store;
mod token;
mod ui;
mod webhooks;

pub use self::fault::{Canned, Fault, FaultEffect, Faults, Refuse};
pub use activity::{Activity, LoggedCall};
pub use emulator::{Config, Emulator, StartError};
pub use platform::Platform;
pub use server::{Running, start};
pub use store::StoreError;
pub use webhooks::receivers::{HttpReceivers, Receivers};
