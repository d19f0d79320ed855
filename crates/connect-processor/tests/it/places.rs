//! How many handlers work at the same time.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use connect_clock::VirtualClock;
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Outcome};
use jiff::Timestamp;

use crate::scripted::{ScriptedPlatform, list, pending};

const REQUESTS: usize = 60;
const PLACES: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// How many calls to the vendor are under way, and the most that ever were.
#[derive(Default)]
struct Calls {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Calls {
    async fn call(&self) -> Result<(), Failure> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    }
}

/// While one run waits for the journal another one begins, and both are to go on.
#[tokio::test]
async fn runs_that_wait_for_the_journal_make_no_more_calls_than_there_are_places() {
    let all: Vec<_> = (0..REQUESTS).map(pending).collect();
    let clock = VirtualClock::new(Timestamp::UNIX_EPOCH);
    let platform = ScriptedPlatform::at(clock, move |asked| list(&all, asked)).await;
    let calls = Arc::new(Calls::default());
    let counted = Arc::clone(&calls);
    let handler = move |cx: Context<AssetRequest, ()>| {
        let calls = Arc::clone(&counted);
        async move {
            for step in ["first", "second", "third"] {
                cx.step(step).run(|_| calls.call()).await?;
            }
            Ok::<_, Failure>(Outcome::Skip)
        }
    };
    let processor = platform.processor().on(AssetRequestType::Resume, handler).concurrency(PLACES);
    processor.drain().await.unwrap();
    assert_eq!(calls.most.load(Ordering::SeqCst), PLACES.get());
}
