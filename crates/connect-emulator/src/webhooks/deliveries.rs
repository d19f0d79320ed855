//! The one task that makes the calls of all webhooks.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_world::{Denial, WebhookAnswer, WebhookCall};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;

use super::exchange::{Limits, exchange};
use super::receivers::Receivers;
use crate::background::{Background, sleep};
use crate::platform::Platform;

/// The most calls that are under way. A receiver that hangs holds one of them, for ten seconds.
const MOST: usize = 16;

/// The limits of a call. Its status is what counts: of an answer that breaks off, is long or takes
/// too long after it, only the beginning is kept.
const LIMITS: Limits = Limits { time: Duration::from_secs(10), bytes: 4096 };

/// Starts to make the calls that are due, now and later. What is not delivered by the end stays due
/// in the world.
pub(crate) fn start(
    platform: Platform,
    clock: Arc<dyn Clock>,
    receivers: Arc<dyn Receivers>,
) -> Background {
    let courier = Courier {
        platform,
        clock,
        receivers,
        calls: FuturesUnordered::new(),
        called: HashSet::new(),
    };
    Background::start(async {
        // A world that can no longer be kept has nothing delivered, as it answers nobody.
        let _ = courier.run().await;
    })
}

/// The calls under way, and what is needed for others.
struct Courier {
    platform: Platform,
    clock: Arc<dyn Clock>,
    receivers: Arc<dyn Receivers>,
    calls: FuturesUnordered<BoxFuture<'static, (WebhookCall, WebhookAnswer)>>,
    /// The webhooks that are being called: each has one call at a time.
    called: HashSet<connect_model::WebhookId>,
}

impl Courier {
    async fn run(mut self) -> Result<(), Denial> {
        loop {
            let wait = self.begin().await?;
            tokio::select! {
                biased;
                Some((call, answer)) = self.calls.next() => {
                    self.called.remove(&call.webhook);
                    self.platform.note_webhook_answer(&call, answer).await?;
                }
                () = self.platform.webhooks_changed() => {}
                () = sleep(&*self.clock, wait) => {}
            }
        }
    }

    /// Begins the calls that are due and for which there is room. Returns the time until the next is
    /// due; none when there is none, or no room for it.
    async fn begin(&mut self) -> Result<Option<Duration>, Denial> {
        let room = MOST - self.calls.len();
        let called = &self.called;
        let due = self.platform.due_webhook_calls(|id| called.contains(id), room).await?;
        for call in due.calls {
            self.called.insert(call.webhook.clone());
            let (receivers, clock) = (Arc::clone(&self.receivers), Arc::clone(&self.clock));
            self.calls.push(Box::pin(async move {
                let exchange = exchange(&call, &*receivers, &*clock, LIMITS).await;
                (call, exchange.answer)
            }));
        }
        Ok(due.wait.filter(|wait| !wait.is_zero()))
    }
}
