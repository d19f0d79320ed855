//! Tells open pages to look again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Query;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, stream};
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::news::New;
use super::visitor::Visitor;

/// Changes come in groups: a request and its asset, its conversation. One look serves them all.
const GROUP: Duration = Duration::from_millis(100);

/// What a page shows, and how much news there was when it was made.
#[derive(Deserialize)]
pub(super) struct Shown {
    topics: String,
    seen: u64,
}

impl Shown {
    fn concerns(&self, new: &New) -> bool {
        let names = |wanted: &str| self.topics.split(',').any(|topic| topic == wanted);
        match new {
            New::Call => names("calls"),
            New::Missed => true,
            New::End => false,
            New::Object(object) => names(&object.id) || names(object.kind),
        }
    }
}

/// `GET /live`: an event `change` whenever the page should look again.
pub(super) async fn stream(visitor: Visitor, Query(shown): Query<Shown>) -> impl IntoResponse {
    let news = visitor.ui.news.listen();
    let missed = visitor.ui.news.seen() != shown.seen;
    Sse::new(changes(shown, news, missed)).keep_alive(KeepAlive::default())
}

fn changes(
    shown: Shown,
    news: broadcast::Receiver<New>,
    missed: bool,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((shown, news, missed), |(shown, mut news, missed)| async move {
        if !missed {
            next(&shown, &mut news).await?;
        }
        tokio::time::sleep(GROUP).await;
        skip_group(&mut news)?;
        // Browsers drop events without data.
        Some((Ok(Event::default().event("change").data("look again")), (shown, news, false)))
    })
}

/// Takes what has come meanwhile; nothing when nothing will come any more.
fn skip_group(news: &mut broadcast::Receiver<New>) -> Option<()> {
    loop {
        match news.try_recv() {
            Ok(New::End) | Err(TryRecvError::Closed) => return None,
            Ok(_) | Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty) => return Some(()),
        }
    }
}

/// Returns when something shown has changed; nothing when nothing will change any more.
async fn next(shown: &Shown, news: &mut broadcast::Receiver<New>) -> Option<()> {
    loop {
        match news.recv().await {
            Ok(New::End) | Err(RecvError::Closed) => return None,
            Ok(new) if !shown.concerns(&new) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
        }
    }
}
