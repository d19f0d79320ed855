//! Tells open pages to look again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Query;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use connect_clock::Clock;
use futures::{Stream, stream};
use serde::Deserialize;

use super::changes::{Change, Listener};
use super::visitor::Visitor;

/// The time for which changes are gathered. They come in groups: a request and its asset, its
/// conversation. One look serves them all.
const GROUP: Duration = Duration::from_millis(100);

/// The topics a page shows, and how many changes there were when it was made.
#[derive(Deserialize)]
pub(super) struct View {
    topics: String,
    seen: u64,
}

impl View {
    fn shows(&self, change: &Change) -> bool {
        let names = |wanted: &str| self.topics.split(',').any(|topic| topic == wanted);
        match change {
            Change::Call { is_change } => names("calls") || *is_change && names("changing_calls"),
            Change::Missed => true,
            Change::End => false,
            Change::Object(object) => names(&object.id) || names(object.kind),
        }
    }
}

/// Answers `GET /live` with an event `change` whenever the page should look again.
pub(super) async fn stream(visitor: Visitor, Query(view): Query<View>) -> impl IntoResponse {
    let changes = visitor.ui.changes.listen();
    let missed = visitor.ui.changes.seen() != view.seen;
    let clock = Arc::clone(&visitor.ui.clock);
    Sse::new(events(view, changes, missed, clock)).keep_alive(KeepAlive::default())
}

fn events(
    view: View,
    changes: Listener,
    missed: bool,
    clock: Arc<dyn Clock>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let begin = (view, changes, missed, clock);
    stream::unfold(begin, |(view, mut changes, missed, clock)| async move {
        if !missed {
            next(&view, &mut changes).await?;
        }
        clock.sleep(GROUP).await;
        changes.skip().then_some(())?;
        // Browsers drop events without data.
        let event = Event::default().event("change").data("look again");
        Some((Ok(event), (view, changes, false, clock)))
    })
}

/// Returns when something shown has changed; nothing when nothing will change any more.
async fn next(view: &View, changes: &mut Listener) -> Option<()> {
    loop {
        match changes.next().await {
            Change::End => return None,
            change if view.shows(&change) => return Some(()),
            _ => {}
        }
    }
}
