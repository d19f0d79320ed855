//! The emulator, and what it is opened with.

use std::net::{Ipv4Addr, SocketAddr};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::middleware::from_fn_with_state;
use connect_clock::{Clock, SystemClock};
use connect_model::ProductId;
use connect_world::scenario::Scenario;
use connect_world::{Keys, Setting, WorldId, Zones};
use serve::InProcess;
use thiserror::Error;

use crate::activity::Activity;
use crate::background::Background;
use crate::calls::Calls;
use crate::due;
use crate::fault::Faults;
use crate::gate::{self, Gate};
use crate::platform::Platform;
use crate::random;
use crate::rest;
use crate::store::StoreError;
use crate::webhooks::deliveries;
use crate::webhooks::receivers::{HttpReceivers, Receivers};

/// The settings that the emulator starts with.
#[derive(Debug)]
pub struct Config {
    /// The address to listen on; a free port of the loopback interface unless told otherwise.
    /// Whoever reaches the port and knows the keys of the scenario can do anything. The endpoints
    /// below `/emulator` answer without a key to this machine alone.
    pub listen: SocketAddr,
    /// The folder that keeps the world between two runs; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// The scenario the world begins with when the folder holds none.
    pub scenario: Scenario,
    /// The clock of the world.
    pub clock: Arc<dyn Clock>,
    /// The seed of the id of a new world and every id and code in it: the same seed and the same
    /// calls give the same world. Without one each new world is another, as the system's randomness
    /// has it.
    pub seed: Option<u64>,
    /// The number of calls the activity log keeps; 5,000 unless told otherwise.
    pub activity: usize,
    /// Whether lists refuse filters they do not know. Connect ignores them, and so does the
    /// emulator unless told otherwise: a misspelled filter then finds everything.
    pub strict: bool,
    /// How long a draft stays that nobody writes to; a day unless told otherwise.
    pub draft_life: Duration,
    /// The days after which requests come to other zones of their service level; one day for each
    /// unless told otherwise.
    pub zones: Zones,
    /// The way to the receivers of webhooks; over the network unless told otherwise.
    pub receivers: Arc<dyn Receivers>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            data: None,
            scenario: Scenario::demo(),
            clock: Arc::new(SystemClock),
            seed: None,
            activity: 5_000,
            strict: false,
            draft_life: Setting::DRAFT_LIFE,
            zones: Zones::default(),
            receivers: Arc::new(HttpReceivers::default()),
        }
    }
}

/// A reason why the emulator could not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// An address that somebody else listens on.
    #[error("{listen} is taken; stop what listens there, or choose another port (0: a free one)")]
    PortTaken {
        /// The address that was asked for.
        listen: SocketAddr,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// An address that the system does not let this user listen on.
    #[error("no permission to listen on {listen}; choose a port above 1023 (0: a free one)")]
    NotPermitted {
        /// The address that was asked for.
        listen: SocketAddr,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// An address that cannot be listened on for another reason, such as being another machine's.
    #[error("cannot listen on {listen}; choose an address of this machine, such as 127.0.0.1")]
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A lack of random numbers in the system: new worlds and the pages need some.
    #[error("the system gives no random numbers: make its randomness readable to this program")]
    NoRandomness(#[source] io::Error),
    /// A folder of [`Config::data`] that cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl StartError {
    pub(crate) fn listening(listen: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortTaken { listen, source },
            io::ErrorKind::PermissionDenied => Self::NotPermitted { listen, source },
            _ => Self::Listen { listen, source },
        }
    }
}

/// An emulator that callers in the same process can reach.
///
/// ```
/// use connect_emulator::{Config, Emulator};
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Emulator::open(Config::default()).await?;
/// let call = http::Request::get("/public/v1/requests")
///     .header("Authorization", &emulator.keys().vendor)
///     .body(axum::body::Body::empty())?;
/// assert_eq!(emulator.service().call(call).await?.status(), 200);
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    gate: Arc<Gate>,
    keys: Keys,
    /// Delivers webhooks, and does what is due.
    tasks: [Background; 2],
}

impl Emulator {
    /// Opens an emulator that listens nowhere; [`Config::listen`] only stands in the addresses it
    /// answers with. [`start`](crate::start) opens one and lets it listen.
    ///
    /// # Errors
    ///
    /// [`StartError::Store`] when the folder cannot be used, and [`StartError::NoRandomness`].
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let setting =
            setting(&config, serve::url(config.listen)).map_err(StartError::NoRandomness)?;
        let gate = Gate {
            platform: open(
                config.scenario,
                setting,
                config.clock.clone(),
                config.data,
                config.receivers.clone(),
            )
            .await?,
            activity: Arc::new(Activity::new(config.activity)),
            faults: Faults::default(),
            clock: config.clock,
            calls: Calls::default(),
        };
        let keys = gate.platform.keys();
        let tasks = [
            deliveries::start(gate.platform.clone(), gate.clock.clone(), config.receivers),
            due::start(gate.platform.clone(), gate.clock.clone()),
        ];
        Ok(Self { gate: Arc::new(gate), keys, tasks })
    }

    /// Returns Connect's API as a service that is called in this process, below `/public/v1`.
    #[must_use]
    pub fn service(&self) -> InProcess {
        InProcess::new(self.api())
    }

    /// Returns the tokens of the scenario, as values of the `Authorization` header.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Returns the product of the scenario.
    #[must_use]
    pub fn product(&self) -> ProductId {
        self.gate.platform.product()
    }

    /// Returns the world and its store, for callers in the same process.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.gate.platform
    }

    /// Returns the log of what was asked and answered; who keeps it can still read it when the
    /// emulator has stopped.
    #[must_use]
    pub fn activity(&self) -> &Arc<Activity> {
        &self.gate.activity
    }

    /// Returns the faults that make it misbehave.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.gate.faults
    }

    /// Breaks off what goes on by itself, such as calls of webhooks, and returns when nothing does.
    pub(crate) async fn stop_tasks(&mut self) {
        for task in &mut self.tasks {
            task.stop().await;
        }
    }

    pub(crate) fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    pub(crate) fn api(&self) -> Router {
        rest::router()
            .with_state(self.gate.platform.clone())
            .layer(from_fn_with_state(self.gate.clone(), gate::pass))
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("world", self.gate.platform.world_id())
            .finish_non_exhaustive()
    }
}

/// Returns what the world is given: with a seed its chance follows from it, else it is the
/// system's.
fn setting(config: &Config, base_url: String) -> io::Result<Setting> {
    let chosen = match config.seed {
        Some(seed) => Setting::new(seed),
        None => {
            let seed = u64::from_le_bytes(random::bytes()?);
            let id = WorldId::of_bits(u128::from_le_bytes(random::bytes()?));
            Setting { id, ..Setting::new(seed) }
        }
    };
    let Config { strict, draft_life, zones, .. } = *config;
    Ok(Setting { base_url, strict, draft_life, zones, ..chosen })
}

/// Opens the platform. Reading a large world takes seconds, and must not hold up its caller's other
/// tasks.
async fn open(
    scenario: Scenario,
    setting: Setting,
    clock: Arc<dyn Clock>,
    data: Option<PathBuf>,
    receivers: Arc<dyn Receivers>,
) -> Result<Platform, StoreError> {
    let Some(data) = data else {
        return Platform::open(scenario, setting, clock, None, receivers);
    };
    let open = move || Platform::open(scenario, setting, clock, Some(&data), receivers);
    tokio::task::spawn_blocking(open)
        .await
        .unwrap_or_else(|broken| resume_unwind(broken.into_panic()))
}
