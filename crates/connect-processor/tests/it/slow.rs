//! Handlers that wait for somebody who hangs.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use connect_clock::VirtualClock;
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Outcome};
use jiff::Timestamp;

use crate::scripted::{ScriptedPlatform, id, list, pending};

const HUNG: usize = 48;
const PLACES: NonZeroUsize = NonZeroUsize::new(4).unwrap();
const SLOW_AFTER: Duration = Duration::from_millis(5);

/// How far the handlers have come.
#[derive(Default)]
struct Progress {
    hung: AtomicUsize,
    healthy: AtomicBool,
}

/// Works on more requests that hang than there are places, all older than the healthy one, and lets
/// time pass until that one was reached, for so many steps at most. Returns how many steps it took.
async fn steps_to_the_healthy_one(slow: usize, most: usize) -> Option<usize> {
    let clock = VirtualClock::new(Timestamp::UNIX_EPOCH);
    let all: Vec<_> = (0..=HUNG).map(pending).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let seen = Arc::new(Progress::default());
    let handled = Arc::clone(&seen);
    let handler = move |cx: Context<AssetRequest, ()>| {
        let seen = Arc::clone(&handled);
        async move {
            if cx.request().id != id(HUNG).as_str() {
                seen.hung.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
            seen.healthy.store(true, Ordering::SeqCst);
            Ok::<_, Failure>(Outcome::Skip)
        }
    };
    let processor = platform
        .processor()
        .on(AssetRequestType::Resume, handler)
        .concurrency(PLACES)
        .slow(SLOW_AFTER, slow)
        .grace(Duration::ZERO);
    let mut steps = 0;
    let passing = async {
        while seen.hung.load(Ordering::SeqCst) < PLACES.get() {
            tokio::task::yield_now().await;
        }
        while !seen.healthy.load(Ordering::SeqCst) && steps < most {
            clock.advance(SLOW_AFTER);
            steps += 1;
            tokio::task::yield_now().await;
        }
    };
    processor.run(passing).await.unwrap();
    seen.healthy.load(Ordering::SeqCst).then_some(steps)
}

#[tokio::test]
async fn tenants_that_hang_do_not_take_every_place() {
    let steps = steps_to_the_healthy_one(HUNG, usize::MAX).await.unwrap();
    assert_eq!(steps_to_the_healthy_one(0, steps * 2).await, None, "without slow places they do");
}

/// The reading of the first request begins, and is never answered to its end.
#[tokio::test]
async fn a_reading_that_hangs_holds_up_no_request_that_comes_after_it() {
    let clock = VirtualClock::new(Timestamp::UNIX_EPOCH);
    let is_read = Arc::new(AtomicBool::new(false));
    let asked_for = Arc::clone(&is_read);
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| {
        if asked.ids.as_ref().is_some_and(|ids| ids.contains(&id(0))) {
            asked_for.store(true, Ordering::SeqCst);
            let never = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
            return axum::response::Response::new(axum::body::Body::from_stream(never));
        }
        let all = usize::from(asked_for.load(Ordering::SeqCst)) + 1;
        list(&(0..all).map(pending).collect::<Vec<_>>(), asked)
    })
    .await;
    let handled = Arc::new(AtomicBool::new(false));
    let is_handled = Arc::clone(&handled);
    let handler = move |_: Context<AssetRequest, ()>| {
        handled.store(true, Ordering::SeqCst);
        async { Ok::<_, Failure>(Outcome::Skip) }
    };
    let processor = platform
        .processor()
        .on(AssetRequestType::Resume, handler)
        .poll_every(Duration::from_secs(1))
        .concurrency(PLACES)
        .grace(Duration::ZERO);
    let passing = async {
        while !is_read.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        for _ in 0..20 {
            if is_handled.load(Ordering::SeqCst) {
                return;
            }
            clock.advance(Duration::from_secs(1));
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
        }
    };
    processor.run(passing).await.unwrap();
    assert!(is_handled.load(Ordering::SeqCst));
}
