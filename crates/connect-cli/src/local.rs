//! Platform, vendor and processor, all in this process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_client::{ApiKey, Client};
use connect_emulator::clock::SystemClock as EmulatorClock;
use connect_emulator::scenario::{Keys, Scenario};
use connect_emulator::world::{Setting, World};
use connect_journal::{SqliteJournal, SystemClock};
use connect_model::rql::field;
use connect_model::{Asset, AssetStatus, ProductId};
use connect_processor::{Processor, Report};
use futures::TryStreamExt;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::exit::Error;
use crate::ready::Ready;

/// How long a stopped processor may go on with what it has begun.
const GRACE: Duration = Duration::from_secs(5);

/// What to run, and where.
pub(crate) struct Plan {
    pub(crate) platform: connect_emulator::Config,
    pub(crate) vendor: SocketAddr,
    /// How often the processor looks for pending requests; `None` runs none.
    pub(crate) poll: Option<Duration>,
}

/// What runs.
pub(crate) struct Local {
    pub(crate) emulator: connect_emulator::Running,
    pub(crate) vendor: connect_demo_vendor::Running,
    pub(crate) client: Client,
    processor: Option<Work>,
}

impl Local {
    /// Starts everything; it answers as soon as this returns.
    pub(crate) async fn start(plan: Plan) -> Result<Self, Error> {
        let data = plan.platform.data.clone();
        let emulator = connect_emulator::start(plan.platform).await?;
        let vendor = demo_vendor(plan.vendor).await?;
        let key = ApiKey::new(&emulator.keys().vendor)?;
        let client = Client::builder(&emulator.endpoint(), key).build()?;
        if data.is_some() {
            remind(&vendor, &client).await?;
        }
        let start = |poll| {
            let product = emulator.product();
            Work::start(&vendor.url(), client.clone(), data.as_deref(), product, poll)
        };
        let processor = plan.poll.map(start).transpose()?;
        Ok(Self { emulator, vendor, client, processor })
    }

    pub(crate) fn ready(&self) -> Ready {
        Ready { vendor: Some(self.vendor.url()), ..ready(&self.emulator) }
    }

    /// Comes back when the processor ends by itself; never when there is none.
    pub(crate) async fn broken(&mut self) -> Error {
        match &mut self.processor {
            Some(work) => work.broken().await,
            None => std::future::pending().await,
        }
    }

    /// Lets the processor finish what it has begun, then stops everything.
    pub(crate) async fn stop(self) -> Result<(), Error> {
        let ended = match self.processor {
            Some(work) => work.stop().await,
            None => Ok(()),
        };
        self.emulator.stop().await;
        self.vendor.stop().await;
        ended
    }
}

/// The keys that an emulator with demo data takes.
pub(crate) fn demo_keys() -> Keys {
    let setting = Setting::new(Arc::new(EmulatorClock), 0);
    World::found(Scenario::demo(), setting).keys()
}

/// What a ready file says about an emulator.
pub(crate) fn ready(emulator: &connect_emulator::Running) -> Ready {
    Ready {
        platform: Some(emulator.endpoint()),
        vendor: None,
        vendor_key: Some(emulator.keys().vendor.clone()),
        distributor_key: Some(emulator.keys().distributor.clone()),
        product: Some(emulator.product().to_string()),
    }
}

/// Starts the demo vendor.
pub(crate) async fn demo_vendor(listen: SocketAddr) -> Result<connect_demo_vendor::Running, Error> {
    let config = connect_demo_vendor::Config { listen, ..Default::default() };
    Ok(connect_demo_vendor::start(config).await?)
}

/// Gives the demo vendor its tenants back: it forgets them when it stops, a platform with a
/// folder does not.
async fn remind(vendor: &connect_demo_vendor::Running, client: &Client) -> Result<(), Error> {
    let living = [AssetStatus::Active, AssetStatus::Suspended, AssetStatus::Terminating];
    let assets: Vec<Asset> = client
        .list::<Asset>()
        .filter(field("status").in_(living.iter().map(AssetStatus::as_str)))
        .page_size(1000)
        .stream()
        .try_collect()
        .await?;
    vendor.seed(assets.iter().filter_map(tenant).collect())?;
    Ok(())
}

fn tenant(asset: &Asset) -> Option<connect_demo_vendor::Seed> {
    Some(connect_demo_vendor::Seed {
        tenant_id: asset.value(acme::SUBSCRIPTION_ID)?.to_owned(),
        external_id: Some(asset.id.to_string()),
        enabled: asset.status == AssetStatus::Active,
        limit: asset.items.first().and_then(|item| item.quantity.whole()).unwrap_or_default(),
    })
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
        data: Option<&Path>,
        product: ProductId,
        poll: Duration,
    ) -> Result<Self, Error> {
        let (path, _folder) = journal_in(data)?;
        let journal = SqliteJournal::open(path, SystemClock)?;
        let acme = Acme::new(vendor).map_err(Error::Http)?;
        let processor: Processor<Acme> = acme::processor(acme, client, Arc::new(journal))
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

/// Where the journal is: in the folder, or in one that goes away with the process.
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
