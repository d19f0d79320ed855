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
