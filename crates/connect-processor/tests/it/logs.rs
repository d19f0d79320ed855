//! What the log says of a processor at work.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{
    Breaker, Context, Failure, Outage, Outcome, Scope, StepRetry, Vendor, drain,
};
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context as LayerContext, SubscriberExt};

use crate::scripted::{ScriptedPlatform, id, list, pending};

/// The lines of the processor's log, each with its message and its fields.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Line>>>);

#[derive(Clone, Default)]
pub(crate) struct Line {
    pub(crate) message: String,
    pub(crate) fields: String,
}

impl Log {
    /// Keeps what this thread logs, until the guard is dropped.
    pub(crate) fn begin() -> (Self, DefaultGuard) {
        let log = Self::default();
        let kept = tracing_subscriber::registry().with(log.clone());
        (log, tracing::subscriber::set_default(kept))
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap().clone()
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        if event.metadata().target().starts_with("connect_processor") {
            let mut line = Line::default();
            event.record(&mut line);
            self.0.lock().unwrap().push(line);
        }
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.fields, " {}={value}", field.name()).unwrap();
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => write!(self.message, "{value:?}").unwrap(),
            name => write!(self.fields, " {name}={value:?}").unwrap(),
        }
    }
}

const SECOND: Duration = Duration::from_secs(1);

async fn handled(cx: Context<AssetRequest, ()>, is_down: bool) -> Result<Outcome, Failure> {
    let request = cx.request().id.to_string();
    if request == id(1) {
        return Ok(Outcome::reschedule(3600 * SECOND));
    }
    if request == id(2) {
        return Err(Failure::park("somebody has to look"));
    }
    let retry = StepRetry::attempts(2);
    let enabling = cx.step("enable").retry(retry).run(async |_| match is_down {
        true => Err(Failure::from(Outage::new("Acme answered 503 Service Unavailable"))),
        false => Ok(()),
    });
    enabling.await?;
    Ok(Outcome::Skip)
}

#[tokio::test(start_paused = true)]
async fn every_line_of_the_log_is_a_sentence_with_plain_fields() {
    let (log, _kept) = Log::begin();
    let clock = VirtualClock::new("2026-11-01T01:00:00Z".parse().unwrap());
    let all: Vec<_> = (0..6).map(pending).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let is_down = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&is_down);
    let handler = move |cx| handled(cx, down.load(Ordering::SeqCst));
    let breaker = Breaker { failures: 3, ..Breaker::default() };
    let processor = platform
        .inline()
        .on(AssetRequestType::Resume, handler)
        .vendor(Vendor::default().breaker(breaker));
    let journal = &*platform.journal;
    let sleep = async |by| clock.until(clock.monotonic() + by).await;
    let shutdown = async {
        sleep(30 * SECOND).await;
        Scope::Product("PRD-1".into()).pause(journal, "ines@ops").await.unwrap();
        sleep(2 * SECOND).await;
        is_down.store(false, Ordering::SeqCst);
        Scope::Everything.resume(journal, "ines@ops").await.unwrap();
        sleep(600 * SECOND).await;
        drain(journal, "ines@ops").await.unwrap();
        std::future::pending::<()>().await;
    };
    clock.play(processor.run(shutdown)).await.unwrap();

    let lines = log.lines();
    for Line { message, fields } in &lines {
        let rust = ["(\"", "Some(", "None", "Ok(", "Err(", " { ", "[\"", "[]"];
        let told = rust.iter().find(|notation| fields.contains(**notation));
        assert_eq!(told, None, "Rust's own notation is in{fields}: {message}");
        assert!(message.split(' ').count() > 2, "{message:?} is no sentence");
    }
    let messages: BTreeSet<&str> = lines.iter().map(|line| line.message.as_str()).collect();
    insta::assert_snapshot!(messages.into_iter().collect::<Vec<_>>().join("\n"), @"
        drained: no run is under way any more
        nothing is paused any more
        the run has failed and is tried again later
        the run is idle until there is news
        the run is parked for a person
        the run waits
        the step is recorded
        the step is tried again
        the vendor is back
        the vendor is down: nothing of it is begun until one run shows that it is back
        the vendor is still down
        told to drain: nothing more is begun
        what is paused has changed
        what is pending was listed
        ");
    let of = |message: &str| {
        let line = lines.iter().find(|line| line.message == message).unwrap();
        line.fields.clone()
    };
    insta::assert_snapshot!(of("the run waits"), @" run=PR-0001 why=rescheduled by its handler due=2026-11-01T02:00:00.000Z");
    insta::assert_snapshot!(of("the vendor is back"), @" vendor=vendor after_ms=72000 probes=3");
    insta::assert_snapshot!(of("what is paused has changed"), @" paused=product PRD-1 by ines@ops");
    insta::assert_snapshot!(of("told to drain: nothing more is begun"), @" by=ines@ops left=0");
}
