//! Handlers that wait for somebody who hangs.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Outcome};
use tokio::sync::Notify;

use crate::scripted::{Scripted, id, list, pending};

const HUNG: usize = 48;

/// More of them than there are places, all older than the healthy one; they never come to an end.
#[tokio::test]
async fn tenants_that_hang_do_not_take_every_place() {
    for (slow, reached) in [(HUNG, true), (0, false)] {
        let all: Vec<_> = (0..=HUNG).map(pending).collect();
        let platform = Scripted::that(move |asked| list(&all, asked)).await;
        let healthy = Arc::new(Notify::new());
        let seen = Arc::clone(&healthy);
        let handler = move |cx: Context<AssetRequest, ()>| {
            let seen = Arc::clone(&seen);
            async move {
                if cx.request().id != id(HUNG).as_str() {
                    std::future::pending::<()>().await;
                }
                seen.notify_one();
                Ok::<_, Failure>(Outcome::Skip)
            }
        };
        let processor = platform
            .processor()
            .on(AssetRequestType::Resume, handler)
            .concurrency(NonZeroUsize::new(4).unwrap())
            .slow(Duration::from_millis(5), slow)
            .grace(Duration::ZERO);
        let patience = Duration::from_millis(if reached { 30_000 } else { 500 });
        let was_reached =
            async { tokio::time::timeout(patience, healthy.notified()).await.is_ok() };
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let shutdown = async move {
            let _ = sender.send(was_reached.await);
        };
        processor.run(shutdown).await.unwrap();
        assert_eq!(receiver.await.unwrap(), reached, "{slow} slow places");
    }
}
