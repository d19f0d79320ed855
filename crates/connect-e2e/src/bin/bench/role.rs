//! The parts this program plays in processes of its own.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use clap::Subcommand;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::Stage;
use connect_emulator::fault::Fault as PlatformFault;
use connect_emulator::{Config, Running};
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::{Fixture, World};
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::bare_loop::BareLoop;
use crate::journal_role::JournalRole;
use crate::place::{Place, until_left_alone};
use crate::sheet::write_sheet;
use crate::tenants_role::Tenants;
use crate::waiting_role;

#[derive(Subcommand)]
pub(crate) enum Role {
    /// An emulator and a demo vendor with pending resume requests, whose answers take a while
    Stage { requests: usize, delay_ms: u64 },
    /// An emulator with requests, some of them pending
    World { requests: usize, pending: usize },
    /// An emulator with pending purchases, and a demo vendor that builds none of them soon
    Waiting { requests: usize },
    /// An emulator with a request of each tenant at all times, and a vendor at which some hang
    Tenants(Tenants),
    /// Leaves a durable world in a folder
    Folder { folder: PathBuf, requests: usize },
    /// Writes a sheet of usage of the subscriptions that a file names
    Sheet { records: usize, assets: PathBuf, workbook: PathBuf },
    /// Carries runs out in a new journal in a folder
    Journal(JournalRole),
    /// One axum route that answers with the content of a file
    Route { file: PathBuf },
    /// The calls of a processor without its promises
    BareLoop(BareLoop),
}

impl Role {
    pub(crate) async fn play(self) -> Result<()> {
        match self {
            Self::Stage { requests, delay_ms } => stage(requests, delay_ms).await,
            Self::World { requests, pending } => world(requests, pending).await,
            Self::Waiting { requests } => waiting_role::play(requests).await,
            Self::Tenants(tenants) => tenants.play().await,
            Self::Folder { folder, requests } => leave_world(folder, requests).await,
            Self::Sheet { records, assets, workbook } => {
                write_sheet(records, &assets, &workbook)?;
                Place::default().announce()?;
                until_left_alone().await
            }
            Self::Journal(journal) => journal.run().await,
            Self::Route { file } => route(&file).await,
            Self::BareLoop(bare_loop) => bare_loop.run().await,
        }
    }
}

async fn stage(requests: usize, delay_ms: u64) -> Result<()> {
    let stage = Stage::start().await?;
    stage.pending_resumes(requests).await?;
    if delay_ms > 0 {
        let delay = FaultEffect::Delay { millis: delay_ms };
        stage.emulator.faults().add(PlatformFault::new(delay.clone()));
        stage.vendor.fault(Fault::new(delay));
    }
    Place { vendor: stage.vendor.url(), ..Place::of(&stage.emulator) }.announce()?;
    until_left_alone().await
}

async fn world(requests: usize, pending: usize) -> Result<()> {
    let emulator = connect_emulator::start(Config::default()).await?;
    fill(&emulator, requests, pending).await?;
    Place::of(&emulator).announce()?;
    until_left_alone().await
}

async fn leave_world(folder: PathBuf, requests: usize) -> Result<()> {
    let config = Config { data: Some(folder), ..Config::default() };
    let emulator = connect_emulator::start(config).await?;
    fill(&emulator, requests, requests / 100).await?;
    emulator.stop().await;
    Ok(())
}

async fn fill(emulator: &Running, requests: usize, pending: usize) -> Result<()> {
    let seeded = emulator.platform().seed(|world, at| populate(world, at, requests, pending)).await;
    seeded.map_err(|denied| anyhow::anyhow!("{}", denied.refusal))
}

/// Seeds old requests first, as a platform of some age has them.
fn populate(world: &mut World, at: Timestamp, requests: usize, pending: usize) {
    let old = Fixture::new(AssetRequestType::Purchase, RequestStatus::Approved);
    let waiting = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    world.seed_requests(at, &old, requests.saturating_sub(pending));
    world.seed_requests(at, &waiting, pending);
}

/// Does as little as an axum server can to answer with these bytes.
async fn route(file: &Path) -> Result<()> {
    let body = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let body = axum::body::Bytes::from(body);
    let answer = move || std::future::ready(([(CONTENT_TYPE, "application/json")], body.clone()));
    let router = Router::new().route("/public/v1/requests/{id}", get(answer));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Place { url, ..Place::default() }.announce()?;
    tokio::select! {
        served = axum::serve(listener, router).into_future() => Ok(served?),
        left = until_left_alone() => left,
    }
}
