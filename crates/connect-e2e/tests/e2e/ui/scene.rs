//! A stage with a browser in front of it and, when wanted, a processor behind it.

use std::sync::Arc;

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, Refuse};
use connect_e2e::{Browser, Stage, Subscription};
use connect_emulator::Config;
use connect_journal::MemoryJournal;
use connect_processor::Report;
use connect_world::scenario::Scenario;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The browser goes first: open pages hold the emulator back.
pub(super) struct Scene {
    pub(super) browser: Browser,
    pub(super) stage: Stage,
}

/// A processor at work.
pub(super) struct AtWork {
    running: JoinHandle<Report>,
    stop: oneshot::Sender<()>,
}

impl Scene {
    pub(super) async fn set() -> Self {
        Self::with(Config::default()).await
    }

    /// The same with a product that knows what to ask its resellers.
    pub(super) async fn with_resellers() -> Self {
        let scenario = Scenario::demo().with_resellers();
        Self::with(Config { scenario, ..Config::default() }).await
    }

    async fn with(config: Config) -> Self {
        let stage = Stage::with(config).await.unwrap();
        let browser = Browser::at(&stage.emulator.url()).await.unwrap();
        Self { browser, stage }
    }

    pub(super) async fn without_script() -> Self {
        let stage = Stage::start().await.unwrap();
        let browser = Browser::without_script(&stage.emulator.url()).await.unwrap();
        Self { browser, stage }
    }

    /// Acme's processor, until it is stopped.
    pub(super) fn processor(&self) -> AtWork {
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        let processor = self.stage.processor(journal).unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { drop(stopped.await) };
        let running = tokio::spawn(async { processor.run(shutdown).await.unwrap() });
        AtWork { running, stop }
    }

    /// Has the vendor refuse whatever it is asked.
    pub(super) fn refuse(&self, message: &str) {
        let refuse = Refuse { status: 409, code: "payment_overdue".into(), reason: message.into() };
        self.stage.vendor.fault(Fault::new(FaultEffect::Refuse(refuse)));
    }

    /// Clicks through to a subscription, as the use case begins.
    pub(super) async fn find(&self, subscription: &Subscription) {
        let browser = &self.browser;
        browser.open("/").await.unwrap();
        browser.click("Subscriptions").await.unwrap();
        browser.click("Directory").await.unwrap();
        browser.click(subscription.asset.as_str()).await.unwrap();
    }
}

impl AtWork {
    pub(super) async fn stop(self) -> Report {
        drop(self.stop);
        self.running.await.unwrap()
    }
}
