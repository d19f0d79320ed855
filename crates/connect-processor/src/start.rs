//! Starts a processor: its checks, its sources, and what carries out runs.

use std::sync::{Arc, Mutex};

use connect_clock::Clock;
use connect_journal::Journal;
use futures::future::join;
use tokio::sync::Notify;

use crate::backoff::JitteredBackoff;
use crate::controls::Scope;
use crate::engine::Engine;
use crate::error::Error;
use crate::gate::Gate;
use crate::health::Health;
use crate::identity::{self, Platform};
use crate::intake::Intake;
use crate::lease::LeaseTable;
use crate::monthly::source::MonthlySource;
use crate::observe::ObservedJournal;
use crate::offers::Offers;
use crate::pending_list::PendingList;
use crate::places::Places;
use crate::polling::Polling;
use crate::preflight::Preflight;
use crate::processor::Processor;
use crate::retention::Retention;
use crate::running::RunningProcessor;
use crate::settings::Settings;
use crate::source::Source;
use crate::templates::Templates;
use crate::usage::schedule::UsageSchedule;
use crate::usage::source::UsageSource;
use crate::wake_limit::WakeLimit;
use crate::waking::Waking;
use crate::{served, step_check};

/// The number of slow requests that are held for each one that is worked on, unless set.
const SLOW_SHARE: usize = 8;

impl<S: Send + Sync + 'static> Processor<S> {
    /// Checks what can be checked before the first request, and starts to hear of them.
    pub(crate) async fn start(self) -> Result<RunningProcessor<S>, Error> {
        self.check_registered()?;
        let Self {
            client,
            journal,
            clock,
            health,
            state,
            routes,
            mut sources,
            usage,
            monthly,
            settings,
            ..
        } = self;
        health.watch(settings.poll, settings.stuck_after());
        let journal = ObservedJournal::over(journal, &clock, &health.metrics);
        let templates =
            Templates::new(client.clone(), settings.template.clone(), Arc::clone(&clock));
        let preflight = Preflight {
            client: &client,
            settings: &settings,
            templates: &templates,
            routes: &routes,
        };
        let platform = checked(&preflight, journal.as_ref()).await?;
        let gate = Gate::open(&settings, journal.as_ref(), &health, &clock).await?;
        let restoration = journal.restoration().await?;
        step_check::check(journal.as_ref(), &settings.steps).await?;
        let (families, lists) = served::all(&routes, &client, &settings, &clock);
        let ((usage_schedule, usage), (monthly_schedule, monthly)) =
            (usage.unzip(), monthly.unzip());
        let schedules = (usage_schedule, monthly_schedule);
        sources.extend(own_sources(lists, schedules, &settings, (&journal, &clock, &health)));
        let offers = Offers {
            journal: Arc::clone(&journal),
            clock: Arc::clone(&clock),
            settings: settings.clone(),
            wake_limit: WakeLimit::default(),
            gate: Arc::clone(&gate),
        };
        let usage_news = usage.is_some().then(Notify::new);
        let intake = Intake::new(client.clone(), platform, families, offers, usage_news);
        let (leases, endings) = (LeaseTable::default(), health.endings.clone());
        let concurrency = settings.concurrency.get();
        let slow = settings.slow.unwrap_or(concurrency * SLOW_SHARE);
        let places = Places::new(concurrency, slow, settings.slow_after, Arc::clone(&clock));
        let engine = Arc::new(Engine {
            backoff: backoff(&settings),
            client,
            journal,
            restoration,
            clock,
            state,
            routes,
            usage,
            monthly,
            intake,
            templates,
            settings,
            leases,
            endings,
            health,
            places,
            gate,
            ended: Notify::new(),
            claim_error: Mutex::default(),
        });
        Ok(RunningProcessor::start(engine, sources))
    }

    /// Refuses what was registered in a way that cannot be meant.
    fn check_registered(&self) -> Result<(), Error> {
        if self.only_answers() && self.questions.is_empty() {
            return Err(Error::NoHandlers);
        }
        if let Some(collection) = self.routes.unlisted_migrations() {
            return Err(Error::UnlistedMigrations { collection });
        }
        let names = self.settings.vendors.iter().map(|vendor| vendor.name.as_str());
        match names.into_iter().find(|name| Scope::vendor(*name).is_err()) {
            Some(name) => Err(Error::VendorName { name: name.chars().take(80).collect() }),
            None => Ok(()),
        }
    }
}

/// Looks at the same time whether work may begin, and whether the journal is this platform's.
async fn checked<S: Send + Sync + 'static>(
    preflight: &Preflight<'_, S>,
    journal: &dyn Journal,
) -> Result<Platform, Error> {
    let bound = identity::bind(preflight.client, journal, preflight.settings);
    let (checked, platform) = join(preflight.start(), bound).await;
    checked?;
    platform
}

/// Returns the sources that every processor has but one that works on one request alone.
fn own_sources(
    lists: Vec<PendingList>,
    (usage, monthly): (Option<UsageSchedule>, Option<UsageSchedule>),
    settings: &Settings,
    (journal, clock, health): (&Arc<dyn Journal>, &Arc<dyn Clock>, &Health),
) -> Vec<Box<dyn Source>> {
    if settings.only.is_some() {
        return Vec::new();
    }
    let (journal, clock) = (|| Arc::clone(journal), || Arc::clone(clock));
    let mut sources: Vec<Box<dyn Source>> = vec![
        Box::new(Polling {
            lists,
            every: settings.poll,
            backoff: backoff(settings),
            clock: clock(),
            health: health.clone(),
        }),
        Box::new(Waking { journal: journal(), clock: clock() }),
        Box::new(Retention { journal: journal(), clock: clock(), keep: settings.keep }),
    ];
    sources.extend(usage.map(|schedule| -> Box<dyn Source> {
        Box::new(UsageSource { schedule, settings: settings.clone(), clock: clock() })
    }));
    sources.extend(monthly.map(|schedule| -> Box<dyn Source> {
        Box::new(MonthlySource { schedule, clock: clock() })
    }));
    sources
}

fn backoff(settings: &Settings) -> JitteredBackoff {
    JitteredBackoff::new(settings.backoff, settings.seed)
}
