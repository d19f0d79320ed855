//! A platform with pending purchases, and a vendor that takes very long to build what is bought.

use std::time::Duration;

use anyhow::Result;
use connect_demo_vendor as vendor;
use connect_emulator::{self as emulator, Config};
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::Fixture;

use crate::place::{Place, until_left_alone};

/// Longer than any measurement takes.
const BUILDING: Duration = Duration::from_secs(24 * 3600);

/// Plays both, with this many purchases.
pub(crate) async fn play(requests: usize) -> Result<()> {
    let emulator = emulator::start(Config::default()).await?;
    let pending = Fixture::new(AssetRequestType::Purchase, RequestStatus::Pending);
    let seed = emulator.platform().seed(|world, at| world.seed_requests(at, &pending, requests));
    seed.await.map_err(|denied| anyhow::anyhow!("{}", denied.refusal))?;
    let vendor = vendor::start(vendor::Config::default()).await?;
    vendor.prepare_for(BUILDING);
    Place { vendor: vendor.url(), ..Place::of(&emulator) }.announce()?;
    until_left_alone().await
}
