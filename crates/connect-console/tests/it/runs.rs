//! Runs in the states that a person asks about.

use std::num::NonZeroUsize;
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_console::{Explanation, RunStory, timeline};
use connect_journal::{Claim, Finish, Journal, MemoryJournal, NewRun, StepResult};
use connect_processor::Exchange;
use connect_timeline::Timeline;

pub(crate) const RUN: &str = "PR-1-001";
const LEASE: Duration = Duration::from_secs(60);

/// A journal, and the clock that it goes by.
pub(crate) struct Desk {
    pub(crate) clock: VirtualClock,
    pub(crate) journal: MemoryJournal,
}

impl Desk {
    /// A journal with one run, of a subscription that no other run is about.
    pub(crate) async fn new() -> Self {
        let clock = VirtualClock::new("2026-11-01T08:00:00Z".parse().unwrap());
        let journal = MemoryJournal::new(clock.clone());
        let run = NewRun::new(RUN, "AS-1", "{}").group("PRD-1");
        journal.offer(&[run]).await.unwrap();
        Self { clock, journal }
    }

    pub(crate) fn passes(&self, ms: u64) {
        self.clock.advance(Duration::from_millis(ms));
    }

    pub(crate) async fn claim(&self) -> Claim {
        let claims =
            self.journal.claim(&"worker-1".into(), NonZeroUsize::MIN, LEASE).await.unwrap();
        claims.into_iter().next().unwrap()
    }

    pub(crate) async fn finish(&self, claim: &Claim, how: Finish) {
        self.journal.finish(claim, how).await.unwrap();
    }

    /// An attempt in which the vendor answers 503 to a step.
    pub(crate) async fn fails(&self) {
        let claim = self.claim().await;
        self.journal.intend(&claim, &"enable".into()).await.unwrap();
        self.passes(40);
        let due = self.clock.now() + Duration::from_secs(10);
        let why = "vendor: 503 Service Unavailable".to_owned();
        let how = Finish::Retry { due, why, hold_lane: false };
        let note = serde_json::to_vec(&[exchange(503)]).unwrap().into();
        self.journal.finish_noting(&claim, how, &[("enable".into(), note)]).await.unwrap();
    }

    /// An attempt that approves.
    pub(crate) async fn approves(&self) {
        let claim = self.claim().await;
        self.journal.intend(&claim, &"enable".into()).await.unwrap();
        self.passes(30);
        let note = serde_json::to_vec(&[exchange(200)]).unwrap().into();
        let done = StepResult::Done("{}".into());
        self.journal.record_noting(&claim, &"enable".into(), done, note).await.unwrap();
        self.passes(5);
        self.finish(&claim, Finish::Done { outcome: "approved".into() }).await;
    }

    pub(crate) async fn story(&self) -> RunStory {
        RunStory::read(&self.journal, &RUN.into()).await.unwrap().unwrap()
    }

    /// The timeline as lines.
    pub(crate) async fn told(&self) -> String {
        let mut told = Timeline::new(RUN, self.clock.now());
        told.add(timeline(&self.story().await));
        let lines = told.lines().map(|line| {
            format!(
                "{:>9} {:<9} {:<5} {}\n",
                line.when,
                line.lane.name(),
                line.tone.word(),
                line.text
            )
        });
        lines.collect()
    }

    /// The explanation, a line for each part.
    pub(crate) async fn explained(&self) -> String {
        let explanation = Explanation::of(&self.story().await, self.clock.now());
        let Explanation { state, headline, because, next, answers, .. } = explanation;
        let mut lines = vec![format!("{state}: {headline}")];
        lines.extend(because.iter().map(|why| format!("because {why}")));
        lines.extend(next.iter().map(|next| match next.at {
            Some(at) => format!("next {}, at {at:.0}", next.what),
            None => format!("next {}", next.what),
        }));
        let labels: Vec<_> = answers.iter().map(|answer| answer.label()).collect();
        lines.push(format!("can: {}", labels.join(", ")));
        lines.join("\n")
    }
}

fn exchange(status: u16) -> Exchange {
    Exchange {
        method: "PUT".to_owned(),
        address: "/tenant/t-1/enable".to_owned(),
        status: Some(status),
        took_ms: 20,
        answer: "{}".to_owned(),
        ..Exchange::default()
    }
}
