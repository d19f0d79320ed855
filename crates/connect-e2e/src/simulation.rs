//! A platform, a vendor and one clock in one thread, without a socket.

use std::ops::Deref;
use std::sync::Arc;

use acme::Acme;
use anyhow::Result;
use connect_client::{ApiKey, Client, ServiceTransport};
use connect_clock::VirtualClock;
use connect_demo_vendor::Vendor;
use connect_emulator::{Config, Emulator};
use connect_journal::Journal;
use connect_processor::Processor;
use connect_vendor::Api;

use crate::parties::Parties;

/// A platform and a vendor that are called in this process, with clients of them that live by the
/// same clock and seed. Time passes while something is [played](VirtualClock::play).
pub struct Simulation {
    /// The platform.
    pub emulator: Emulator,
    /// The vendor.
    pub vendor: Arc<Vendor>,
    /// The time of everybody.
    pub clock: VirtualClock,
    seed: u64,
    parties: Parties,
}

impl Deref for Simulation {
    type Target = Parties;

    fn deref(&self) -> &Parties {
        &self.parties
    }
}

impl Simulation {
    /// A new platform with the demo's product, and a new vendor. What is left to chance follows
    /// from the seed.
    ///
    /// # Errors
    ///
    /// When the platform cannot be opened.
    pub async fn start(clock: &VirtualClock, seed: u64) -> Result<Self> {
        let (time, activity) = (Arc::new(clock.clone()), 1_000_000);
        let config =
            Config { clock: time.clone(), seed: Some(seed), activity, ..Config::default() };
        let emulator = Emulator::open(config).await?;
        let vendor = Vendor::new(time.clone());
        let client = client(&emulator, clock, seed)?;
        let parties = Parties::new(&emulator, &vendor, client, time)?;
        Ok(Self { emulator, vendor, clock: clock.clone(), seed, parties })
    }

    /// The vendor's client of the platform.
    ///
    /// # Errors
    ///
    /// When the key is not one.
    pub fn client(&self) -> Result<Client> {
        client(&self.emulator, &self.clock, self.seed)
    }

    /// Acme's processor.
    ///
    /// # Errors
    ///
    /// When a client cannot be made.
    pub fn processor(&self, journal: Arc<dyn Journal>) -> Result<Processor<Acme>> {
        let api = Api::builder("http://vendor.localhost")?
            .transport(ServiceTransport::new(self.vendor.service()))
            .clock(self.clock.clone());
        Ok(self.of(acme::processor(Acme::with(api)?, self.client()?, journal)))
    }

    /// The same processor, by this simulation's clock and seed.
    #[must_use]
    pub fn of<S: Send + Sync + 'static>(&self, processor: Processor<S>) -> Processor<S> {
        processor.clock(self.clock.clone()).seed(self.seed).worker("simulated")
    }
}

fn client(emulator: &Emulator, clock: &VirtualClock, seed: u64) -> Result<Client> {
    let key = ApiKey::new(&emulator.keys().vendor)?;
    Ok(Client::builder("http://connect.localhost/public/v1", key)
        .transport(ServiceTransport::new(emulator.service()))
        .clock(clock.clone())
        .seed(seed)
        .build()?)
}
