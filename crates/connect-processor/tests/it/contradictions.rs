//! Lists and requests that say different things.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect_journal::{Finish, Journal, NewRun, RunState, WorkerId};
use connect_processor::Report;
use serde_json::{Value, json};

use crate::scripted::{Asked, Scripted, id, list, pending};

/// A platform whose list has these rows and whose reading shows those.
async fn saying(listed: Vec<Value>, read: Vec<Value>) -> Scripted {
    Scripted::that(move |asked| list(if asked.ids.is_some() { &read } else { &listed }, asked))
        .await
}

fn with(field: &str, value: &str) -> Value {
    let mut request = pending(0);
    request[field] = json!(value);
    request
}

async fn once(platform: &Scripted) -> Report {
    let once = platform.skipping().once();
    tokio::time::timeout(Duration::from_secs(30), once).await.expect("it ends").unwrap()
}

async fn events(platform: &Scripted) -> usize {
    platform.journal.history(&id(0).as_str().into(), 0..u64::MAX).await.unwrap().len()
}

/// An index that lags, rows that vanish, kinds that nobody asked for.
#[tokio::test]
async fn what_reading_does_not_confirm_ends_a_pass_and_grows_no_journal() {
    for (what, listed, read) in [
        ("gone", vec![pending(0)], vec![]),
        ("approved", vec![pending(0)], vec![with("status", "approved")]),
        ("inquiring", vec![pending(0)], vec![with("status", "inquiring")]),
        ("of an unknown status", vec![pending(0)], vec![with("status", "pondered")]),
        ("of another type", vec![pending(0)], vec![with("type", "suspend")]),
        ("listed as inquiring", vec![with("status", "inquiring")], vec![pending(0)]),
        ("listed as another type", vec![with("type", "suspend")], vec![pending(0)]),
    ] {
        let platform = saying(listed, read).await;
        once(&platform).await;
        assert!(platform.calls() < 30, "{what}: {} calls", platform.calls());
        let before = events(&platform).await;
        for _ in 0..5 {
            once(&platform).await;
        }
        assert_eq!(events(&platform).await, before, "{what}: looking is nothing to write down");
    }
}

#[tokio::test]
async fn a_list_with_a_new_version_at_each_look_ends_a_pass() {
    let looks = AtomicUsize::new(0);
    let platform = Scripted::that(move |asked: &Asked| {
        let look = looks.fetch_add(1, Ordering::SeqCst);
        let mut request = pending(0);
        request["updated"] =
            json!(format!("2026-11-01T00:{:02}:{:02}+00:00", look / 60, look % 60));
        if asked.ids.is_some() { list(&[], asked) } else { list(&[request], asked) }
    })
    .await;
    let report = once(&platform).await;
    assert!(platform.calls() < 60, "{}", platform.calls());
    assert!(!report.is_complete(), "{report:?}");
}

/// A run that polls on and on does not write at each look.
#[tokio::test]
async fn a_processor_at_work_does_not_fill_the_journal_by_looking() {
    let platform = saying(vec![pending(0)], vec![]).await;
    let enough = async {
        while platform.calls() < 60 {
            tokio::task::yield_now().await;
        }
    };
    let processor = platform.skipping().poll_every(Duration::from_millis(1));
    processor.run(enough).await.unwrap();
    let events = events(&platform).await;
    assert!(events < 10, "{events}");
}

#[tokio::test]
async fn a_request_that_is_listed_and_not_there_is_left_over_aloud() {
    let platform = saying(vec![pending(0)], vec![]).await;
    let report = once(&platform).await;
    assert!(!report.is_complete());
    assert_eq!(report.leftovers[0].why, "it is listed, and not there when it is read");
}

/// Whatever made the journal say so: nothing is done, and nobody is told that all is well.
#[tokio::test]
async fn a_request_that_is_pending_although_its_run_has_ended_is_parked_aloud() {
    let platform = saying(vec![pending(0)], vec![pending(0)]).await;
    end(&platform).await;
    for _ in 0..2 {
        let report = once(&platform).await;
        assert!(!report.is_complete(), "{report:?}");
        assert_eq!((report.leftovers[0].state, report.leftovers.len()), ("parked", 1));
        insta::allow_duplicates! {
            insta::assert_snapshot!(report.leftovers[0].why);
        }
    }
    let run = platform.journal.run(&id(0).as_str().into()).await.unwrap().unwrap();
    assert_eq!(run.state, RunState::Parked);
}

#[tokio::test]
async fn a_list_that_lags_behind_is_no_contradiction() {
    let platform = saying(vec![pending(0)], vec![with("status", "approved")]).await;
    end(&platform).await;
    let report = once(&platform).await;
    assert!(report.is_complete(), "{report:?}");
}

/// An earlier life ended the run.
async fn end(platform: &Scripted) {
    let journal = Arc::clone(&platform.journal);
    journal.offer(&[NewRun::new(id(0).as_str(), "AS-0000", "{}")]).await.unwrap();
    let lease = Duration::from_secs(60);
    let earlier = WorkerId::from("earlier");
    let claims = journal.claim(&earlier, std::num::NonZeroUsize::MIN, lease).await.unwrap();
    let claim = claims.into_iter().next().unwrap();
    journal.finish(&claim, Finish::Done { outcome: "approved".into() }).await.unwrap();
}
