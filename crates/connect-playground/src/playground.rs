//! Platform, vendor and processor, all in this process.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_client::{ApiKey, Client};
use connect_clock::SystemClock;
use connect_journal::{Journal, SqliteJournal};
use connect_model::ProductId;
use connect_processor::{Processor, Report};
use connect_world::Keys;
use connect_world::scenario::Scenario;
use connect_world::{Setting, World};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::ready::Ready;
use crate::remind;

/// The time that a stopped processor has to finish what it has begun.
const GRACE: Duration = Duration::from_secs(5);

/// The time between looks for pending requests of a story that is told to people who wait.
const QUICK: Duration = Duration::from_millis(50);

/// The settings of all that is to run.
#[derive(Debug)]
pub struct Plan {
    /// The emulator's settings.
    pub platform: connect_emulator::Config,
    /// The address that the demo vendor listens on.
    pub vendor: SocketAddr,
    /// The time between looks for pending requests; `None` runs no processor.
    pub poll: Option<Duration>,
}

impl Plan {
    /// Everything on free ports of this machine, with a new world that follows from the seed, and a
    /// processor that looks 20 times a second.
    #[must_use]
    pub fn quick(seed: u64) -> Self {
        Self {
            platform: connect_emulator::Config { seed: Some(seed), ..platform() },
            vendor: (Ipv4Addr::LOCALHOST, 0).into(),
            poll: Some(QUICK),
        }
    }
}

/// All that runs.
pub struct Playground {
    pub(crate) emulator: connect_emulator::Running,
    pub(crate) vendor: connect_demo_vendor::Running,
    pub(crate) client: Client,
    journal: Option<PathBuf>,
    processor: Option<Work>,
}

impl Playground {
    /// Starts everything; it answers as soon as this returns.
    ///
    /// # Errors
    ///
    /// When a part cannot start: a port is taken, a folder or a journal cannot be used.
    pub async fn start(plan: Plan) -> Result<Self, Error> {
        let data = plan.platform.data.clone();
        let emulator = connect_emulator::start(plan.platform).await?;
        let vendor = demo_vendor(plan.vendor).await?;
        let key = ApiKey::new(&emulator.keys().vendor)?;
        // The emulator is here, whatever address of this machine it listens on.
        let client = Client::builder(&emulator.endpoint(), key)
            .allow_plain_http(true)
            .user_agent(concat!("acme/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let journal = plan.poll.map(|_| JournalPlace::open(data.as_deref())).transpose()?;
        if data.is_some() {
            remind::remind(&vendor, &client, journal.as_ref().map(JournalPlace::journal)).await?;
        }
        let path = journal.as_ref().map(|place| place.path.clone());
        let start = |(poll, journal)| {
            Work::start(&vendor.url(), client.clone(), journal, emulator.product(), poll)
        };
        let processor = plan.poll.zip(journal).map(start).transpose()?;
        Ok(Self { emulator, vendor, client, journal: path, processor })
    }

    /// Returns where everything is.
    #[must_use]
    pub fn ready(&self) -> Ready {
        let (vendor, journal) = (Some(self.vendor.url()), self.journal.clone());
        Ready { vendor, journal, ..Ready::of(&self.emulator) }
    }

    /// Comes back when the processor ends by itself; never when there is none.
    pub async fn broken(&mut self) -> Error {
        match &mut self.processor {
            Some(work) => work.broken().await,
            None => std::future::pending().await,
        }
    }

    /// Lets the processor finish what it has begun, then stops everything.
    ///
    /// # Errors
    ///
    /// When the processor had ended by itself.
    pub async fn stop(self) -> Result<(), Error> {
        let ended = match self.processor {
            Some(work) => work.stop().await,
            None => Ok(()),
        };
        tokio::join!(self.emulator.stop(), self.vendor.stop());
        ended
    }
}

impl fmt::Debug for Playground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Playground").field("url", &self.emulator.url()).finish_non_exhaustive()
    }
}

/// Returns the settings of a local platform: the demo's world, whose product can ask for the
/// configuration of resellers.
#[must_use]
pub fn platform() -> connect_emulator::Config {
    let scenario = Scenario::demo().with_resellers();
    connect_emulator::Config { scenario, ..connect_emulator::Config::default() }
}

/// Returns the keys that an emulator with demo data takes.
#[must_use]
pub fn demo_keys() -> Keys {
    World::found(Scenario::demo(), Setting::new(0)).keys()
}

/// Starts the demo vendor alone.
///
/// # Errors
///
/// When the address cannot be listened on.
pub async fn demo_vendor(listen: SocketAddr) -> Result<connect_demo_vendor::Running, Error> {
    let config = connect_demo_vendor::Config { listen, ..Default::default() };
    Ok(connect_demo_vendor::start(config).await?)
}

/// The Acme processor at work.
struct Work {
    task: JoinHandle<Result<Report, connect_processor::Error>>,
    stop: CancellationToken,
    // The folder of a journal that nobody asked to keep.
    _folder: Option<TempDir>,
}

impl Work {
    fn start(
        vendor: &str,
        client: Client,
        place: JournalPlace,
        product: ProductId,
        poll: Duration,
    ) -> Result<Self, Error> {
        let JournalPlace { journal, _folder, .. } = place;
        let acme = Acme::new(vendor)?;
        let processor: Processor<Acme> = acme::processor(acme, client, journal)
            .products([product])
            .poll_every(poll)
            .grace(GRACE);
        let stop = CancellationToken::new();
        let task = tokio::spawn(processor.run(stop.clone().cancelled_owned()));
        Ok(Self { task, stop, _folder })
    }

    async fn broken(&mut self) -> Error {
        match (&mut self.task).await {
            Ok(Err(error)) => error.into(),
            Ok(Ok(_)) | Err(_) => Error::Died("the processor"),
        }
    }

    async fn stop(self) -> Result<(), Error> {
        self.stop.cancel();
        match self.task.await {
            Ok(ended) => Ok(ended.map(drop)?),
            Err(_) => Err(Error::Died("the processor")),
        }
    }
}

/// The processor's journal.
struct JournalPlace {
    journal: Arc<SqliteJournal>,
    path: PathBuf,
    // The folder of a journal that nobody asked to keep.
    _folder: Option<TempDir>,
}

impl JournalPlace {
    /// The journal in the folder, or in one that goes away with the process.
    fn open(data: Option<&Path>) -> Result<Self, Error> {
        let (path, _folder) = journal_in(data)?;
        let journal = Arc::new(SqliteJournal::open(&path, SystemClock)?);
        // Whoever reads the ready file may stand in another folder.
        let path = std::path::absolute(&path).unwrap_or(path);
        Ok(Self { journal, path, _folder })
    }

    fn journal(&self) -> &dyn Journal {
        self.journal.as_ref()
    }
}

/// Returns the path of the journal: in the folder, or in one that goes away with the process.
fn journal_in(data: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), Error> {
    const NAME: &str = "journal.sqlite";
    if let Some(folder) = data {
        return Ok((folder.join(NAME), None));
    }
    let folder = TempDir::with_prefix("cnct-").map_err(|source| Error::File {
        path: std::env::temp_dir(),
        doing: "used for the journal",
        source,
    })?;
    Ok((folder.path().join(NAME), Some(folder)))
}
