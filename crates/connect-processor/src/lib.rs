//! Runs vendor middleware for CloudBlue Connect.
//!
//! A [`Processor`] fetches pending requests, hands each to the handler registered for its type,
//! and tells the platform what the handler decided. It loses nothing and doubles nothing:
//!
//! * every side effect on the vendor's system is a named [`Step`] of a crash-safe journal;
//! * a request is worked on under a lease, one request of a subscription at a time;
//! * handlers see the request as it is now, never the news that woke them;
//! * what a handler decides is a value, an [`Outcome`]; one file delivers it, and settles a lost
//!   answer by reading the request instead of repeating the call.
//!
//! ```no_run
//! use connect_client::{ApiKey, Client};
//! use connect_clock::SystemClock;
//! use connect_journal::SqliteJournal;
//! use connect_model::{AssetRequest, AssetRequestType};
//! use connect_processor::{Context, Failure, Outcome, Processor};
//! # #[derive(Clone)] struct Acme;
//! # impl Acme {
//! #     async fn enable(&self, _: &str, _: connect_processor::StepKey) -> std::io::Result<()> { Ok(()) }
//! # }
//!
//! async fn resume(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
//!     let acme = cx.state();
//!     let tenant = cx.parameter("subscription_id")?;
//!     cx.step("enable_tenant").run(|key| acme.enable(tenant, key)).await?;
//!     Ok(Outcome::approve())
//! }
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder("https://api.connect.cloudblue.com/public/v1", ApiKey::new("ApiKey SU-…")?).build()?;
//! let journal = SqliteJournal::open("journal.sqlite", SystemClock)?;
//! Processor::new(Acme, client, std::sync::Arc::new(journal))
//!     .products(["PRD-411-678-887".into()])
//!     .on(AssetRequestType::Resume, resume)
//!     .run(async { let _ = tokio::signal::ctrl_c().await; })
//!     .await?;
//! # Ok(()) }
//! ```

mod accounts;
mod action;
mod attempt;
mod backoff;
mod breaker;
mod callback;
mod callback_maker;
mod conclude;
mod conclusion;
mod consent;
mod context;
mod controls;
mod deadline;
mod decide;
mod declarations;
mod delivery;
mod dispatch;
mod doubt;
mod early;
mod elsewhere;
mod ending;
mod engine;
mod error;
mod exchange;
mod failure;
mod family;
mod finding;
mod gate;
mod handler;
mod head;
mod health;
mod hints;
mod identity;
mod intake;
mod layer;
mod lease;
mod limits;
mod log_fields;
mod look;
mod messages;
mod metrics;
mod migration;
mod monthly;
mod observe;
mod offers;
mod one_request;
mod outage;
mod outcome;
mod overdue;
mod pace;
mod payload;
mod pending_list;
mod place;
mod places;
mod poison;
mod polling;
mod preflight;
mod processor;
mod proof;
mod protection;
mod questions;
mod read;
mod read_back;
mod report;
mod request_report;
mod retention;
mod retry_delay;
mod revocation;
mod run;
mod running;
mod served;
mod settings;
mod since;
mod source;
mod standing;
mod start;
mod step;
mod step_check;
mod step_meaning;
mod step_names;
mod step_once;
mod step_retry;
mod step_value;
mod telling;
mod templates;
mod undo;
mod undos;
mod urgency;
mod usage;
mod validation;
mod vendor;
mod wake_limit;
mod wakes;
mod waking;
mod work;

pub use accounts::Accounts;
pub use action::{ActionAnswer, ActionCall, ActionClaims, ActionHandler};
pub use backoff::Backoff;
pub use breaker::Breaker;
pub use callback::Callback;
pub use connect_metrics::Description as MetricDescription;
pub use context::{Context, MissingParameter};
pub use controls::{
    BadVendorName, Drain, Pause, Scope, VendorDown, drain, draining, paused, vendors_down,
};
pub use deadline::Deadline;
pub use ending::Ending;
pub use error::Error;
pub use exchange::{Exchange, ExchangeLog};
pub use failure::{BoxError, Failure, chain};
pub use finding::{Finding, Severity};
pub use handler::Handler;
pub use health::{Condition, Health, Hold, State, Vitals};
pub use intake::Intake;
pub use layer::{Layer, Next, RequestFacts};
pub use look::Look;
pub use metrics::Metrics;
pub use migration::{Migration, MigrationHandler, UnreadableMigration};
pub use monthly::context::MonthlyContext;
pub use monthly::job::MonthlyJob;
pub use observe::vendor_called;
pub use outage::Outage;
pub use outcome::{Approval, Inquiry, Outcome};
pub use processor::Processor;
pub use questions::{QuestionError, Questions};
pub use report::{OpenRun, Report};
pub use request_report::RequestReport;
pub use source::Source;
pub use step::{ProbedStep, Step, StepKey};
pub use step_meaning::StepMeaning;
pub use step_names::StepNames;
pub use step_once::OnceStep;
pub use step_retry::{RetriedStep, StepRetry};
pub use tokio_util::sync::CancellationToken;
pub use usage::collector::UsageCollector;
pub use usage::context::UsageContext;
pub use usage::schedule::UsageSchedule;
pub use validation::{Draft, Findings, Validator};
pub use vendor::Vendor;
