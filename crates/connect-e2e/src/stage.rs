//! An emulator and a demo vendor over the network.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use anyhow::Result;
use connect_client::{ApiKey, Client, RetryPolicy};
use connect_demo_vendor as vendor;
use connect_emulator::{self as emulator, Running as Emulator};
use connect_journal::Journal;
use connect_processor::{Backoff, Processor};

use crate::parties::Parties;

/// A platform and a vendor of a test's own that listen, gone when dropped.
pub struct Stage {
    /// The platform.
    pub emulator: Emulator,
    /// The vendor.
    pub vendor: vendor::Running,
    parties: Parties,
}

impl Deref for Stage {
    type Target = Parties;

    fn deref(&self) -> &Parties {
        &self.parties
    }
}

impl Stage {
    /// A new platform with the demo's product, and a new vendor.
    ///
    /// # Errors
    ///
    /// When one of them cannot start.
    pub async fn start() -> Result<Self> {
        Self::with(emulator::Config::default()).await
    }

    /// A platform started in a way of the test's own.
    ///
    /// # Errors
    ///
    /// When it or the vendor cannot start.
    pub async fn with(config: emulator::Config) -> Result<Self> {
        let config = emulator::Config { activity: 1_000_000, ..config };
        let clock = Arc::clone(&config.clock);
        let emulator = emulator::start(config).await?;
        let vendor = vendor::start(vendor::Config {
            clock: Arc::clone(&clock),
            ..vendor::Config::default()
        })
        .await?;
        let client = quick_client(&emulator, &emulator.endpoint())?;
        let parties = Parties::new(&emulator, &vendor, client, clock)?;
        Ok(Self { emulator, vendor, parties })
    }

    /// The vendor's client of the platform; it is quick to repeat, for tests.
    ///
    /// # Errors
    ///
    /// When the key or the address is not one.
    pub fn client(&self) -> Result<Client> {
        self.client_at(&self.emulator.endpoint())
    }

    /// The same through another address, such as a proxy's.
    ///
    /// # Errors
    ///
    /// When the key or the address is not one.
    pub fn client_at(&self, endpoint: &str) -> Result<Client> {
        quick_client(&self.emulator, endpoint)
    }

    /// Acme's processor for this stage; it is quick to try again, for tests.
    ///
    /// # Errors
    ///
    /// When a client cannot be made.
    pub fn processor(&self, journal: Arc<dyn Journal>) -> Result<Processor<Acme>> {
        let acme = Acme::new(&self.vendor.url())?;
        Ok(quick(acme::processor(acme, self.client()?, journal)))
    }
}

fn quick_client(emulator: &Emulator, endpoint: &str) -> Result<Client> {
    let quick = RetryPolicy { base: Duration::from_millis(5), ..RetryPolicy::default() };
    Ok(Client::builder(endpoint, ApiKey::new(&emulator.keys().vendor)?).retry(quick).build()?)
}

/// A processor that does not make a test wait.
#[must_use]
pub fn quick<S: Send + Sync + 'static>(processor: Processor<S>) -> Processor<S> {
    let backoff = Backoff { base: Duration::from_millis(20), cap: Duration::from_millis(200) };
    processor.backoff(backoff).poll_every(Duration::from_millis(100)).seed(1)
}
