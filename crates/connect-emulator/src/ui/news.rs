//! What has changed, counted, for pages that show it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::activity::Activity;
use crate::platform::Platform;
use connect_world::ObjectRef;

/// How much news a slow page may lag behind; it then looks again in any case.
const KEPT: usize = 1024;

/// Something a page may show has changed.
#[derive(Clone, Debug)]
pub(super) enum New {
    Object(ObjectRef),
    /// The API was called.
    Call,
    /// There was more than could be kept up with.
    Missed,
    /// There will be no more.
    End,
}

/// The news since the pages were opened.
pub(super) struct News {
    seen: Arc<AtomicU64>,
    told: broadcast::Sender<New>,
}

impl News {
    /// News of a platform, for as long as it lives.
    pub(super) fn of(platform: &Platform, activity: &Activity) -> Self {
        let news = Self { seen: Arc::default(), told: broadcast::Sender::new(KEPT) };
        let events = platform.subscribe();
        news.pass_on(events, |event| New::Object(event.object.clone()));
        news.pass_on(activity.subscribe(), |_| New::Call);
        news
    }

    fn pass_on<T: Clone + Send + 'static>(
        &self,
        mut from: broadcast::Receiver<T>,
        as_new: impl Fn(T) -> New + Send + 'static,
    ) {
        let (seen, told) = (Arc::clone(&self.seen), self.told.clone());
        tokio::spawn(async move {
            loop {
                let new = match from.recv().await {
                    Ok(one) => as_new(one),
                    Err(RecvError::Lagged(_)) => New::Missed,
                    Err(RecvError::Closed) => return,
                };
                seen.fetch_add(1, Ordering::SeqCst);
                // No page may be open.
                let _ = told.send(new);
            }
        });
    }

    /// How much there was so far.
    pub(super) fn seen(&self) -> u64 {
        self.seen.load(Ordering::SeqCst)
    }

    pub(super) fn end(&self) {
        // No page may be open.
        let _ = self.told.send(New::End);
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<New> {
        self.told.subscribe()
    }
}
