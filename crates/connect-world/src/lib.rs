//! The emulated platform as a value: commands go in, events or a refusal come out.
//!
//! A [`World`] is synchronous and does no I/O. Time and chance are passed in, so the same commands
//! at the same times make the same world. It speaks the platform's language, not that of HTTP:
//! whoever opens a door to it, such as a REST API or pages, parses, sends a command, and prints.
//!
//! ```
//! use connect_world::command::{Command, RequestCommand};
//! use connect_world::scenario::Scenario;
//! use connect_world::{Collection, Setting, World};
//! use jiff::Timestamp;
//!
//! let mut world = World::found(Scenario::demo(), Setting::new(7));
//! let vendor = world.authenticate(&world.keys().vendor).ok_or("the demo has a vendor")?;
//! let body = serde_json::json!({
//!     "type": "purchase",
//!     "asset": {
//!         "product": {"id": world.product()},
//!         "connection": {"type": "preview"},
//!         "items": [{"mpn": "MPN-A", "quantity": 10}],
//!     },
//! });
//! let now = Timestamp::now();
//! world.apply(now, &vendor, RequestCommand::Create { body })?;
//! let listed = world.list(now, &vendor, &Collection::Requests, "eq(status,pending)")?;
//! assert_eq!(listed.range.to_string(), "items 0-0/1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A concept of the platform is a folder: what is kept of it (`record`), how it is filed
//! (`stored`), asked for (`filters`, `listed`), shown (`view`), and what can be done to it
//! (`commands`). Three pages list them all, a line each: `kinds` what is stored, `collections` what
//! is listed, [`command`] what can be done.

mod actor;
mod asset;
mod billing_request;
mod body;
mod carry_out;
mod channel;
mod collections;
pub mod command;
mod conversation;
mod course;
pub mod customer;
mod denial;
mod drafts;
mod due;
mod due_index;
mod dump;
mod event;
mod field_kinds;
mod form;
mod format;
mod formerly;
mod identity;
mod index;
mod kinds;
mod listed;
mod number;
mod page;
mod party;
mod product;
mod query;
mod read;
mod records;
mod refusal_text;
mod render;
mod request;
mod restore;
mod row;
mod row_constraints;
mod sales_channel;
pub mod scenario;
mod secret_values;
mod seed;
mod service_level;
mod setting;
mod shared;
mod shown;
mod state;
mod stored;
mod subscription;
mod table;
mod tier_account;
mod tier_account_request;
mod tier_config;
mod tier_config_request;
mod unwritten;
mod usage_chunk;
mod usage_file;
mod usage_reconciliation;
mod usage_record;
mod usage_rule;
mod validation;
mod view;
mod webhook;
mod world;
mod write;

pub use actor::{Actor, Keys, Side, Token};
pub use carry_out::CommandResult;
pub use collections::Collection;
pub use command::Command;
pub use denial::{Denial, DenialKind};
pub use event::{Event, EventKind, ObjectRef};
pub use identity::WorldId;
pub use listed::ListPage;
pub use party::record::{NO_CONNECTION, Person};
pub use product::action_link::{ActionLink, ActionSubject};
pub use query::page::{ContentRange, MAX_LIMIT};
pub use records::{BadRecord, Records};
pub use seed::Fixture;
pub use service_level::{BadZones, Zones};
pub use setting::{API_PATH, Setting};
pub use usage_file::download::{DOWNLOAD_PATH, Download};
pub use usage_record::sheet_row::SheetRow;
pub use validation::call::ValidatorCall;
pub use webhook::call::{DueCalls, WebhookAnswer, WebhookCall};
pub use world::World;
pub use write::{Write, Writes};
