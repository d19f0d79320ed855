//! Lists and requests that say different things.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect_journal::{Finish, Journal, NewRun, RunState, WorkerId};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Ending, Failure, Outcome, Report};
use serde_json::{Value, json};

use crate::scripted::{RequestQuery, ScriptedPlatform, id, list, page, pending};

/// A platform whose list has these rows and whose reading shows those.
async fn saying(listed: Vec<Value>, read: Vec<Value>) -> ScriptedPlatform {
    ScriptedPlatform::that(move |asked| {
        list(if asked.ids.is_some() { &read } else { &listed }, asked)
    })
    .await
}

fn with(field: &str, value: &str) -> Value {
    let mut request = pending(0);
    request[field] = json!(value);
    request
}

async fn once(platform: &ScriptedPlatform) -> Report {
    let once = platform.skipping().drain();
    tokio::time::timeout(Duration::from_secs(30), once).await.expect("it ends").unwrap()
}

async fn events(platform: &ScriptedPlatform) -> usize {
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
    let platform = ScriptedPlatform::that(move |asked: &RequestQuery| {
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
    assert_eq!(report.open[0].why, "it is listed, and not there when it is read");
}

/// Whatever made the journal say so: nothing is done, and nobody is told that all is well.
#[tokio::test]
async fn a_request_that_is_pending_although_its_run_has_ended_is_parked_aloud() {
    let platform = saying(vec![pending(0)], vec![pending(0)]).await;
    end(&platform).await;
    for _ in 0..2 {
        let report = once(&platform).await;
        assert!(!report.is_complete(), "{report:?}");
        assert_eq!((report.open[0].state, report.open.len()), ("parked", 1));
        insta::allow_duplicates! {
            insta::assert_snapshot!(report.open[0].why);
        }
    }
    let run = platform.journal.run(&id(0).as_str().into()).await.unwrap().unwrap();
    assert_eq!(run.state, RunState::Parked);
}

#[tokio::test]
async fn a_request_whose_run_has_ended_and_that_cannot_be_read_is_left_over() {
    let platform = saying(vec![pending(0)], vec![]).await;
    end(&platform).await;
    let report = once(&platform).await;
    assert_eq!(report.open.len(), 1, "{report:?}");
}

/// Says 25 and shows none, or the same ten again and again.
#[tokio::test]
async fn a_list_that_shows_fewer_than_it_counts_is_reported() {
    for shown in [0, 10] {
        let all: Vec<_> = (0..25).map(pending).collect();
        let platform =
            ScriptedPlatform::that(move |asked: &RequestQuery| match asked.ids.is_some() {
                true => list(&all, asked),
                false => {
                    let rows = if asked.rows.is_empty() { &[][..] } else { &all[..shown] };
                    page(rows, asked.rows.start..asked.rows.start + rows.len(), 25)
                }
            })
            .await;
        let report = platform.skipping().page_size(10).drain().await.unwrap();
        assert!(!report.is_complete(), "{shown}: {report:?}");
        let said = report.unreadable.last().unwrap();
        assert!(
            said.contains(&format!("that 25 requests are pending, and shows {shown}")),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_row_without_a_status_is_reported() {
    let mut row = pending(0);
    row["status"] = Value::Null;
    let platform = saying(vec![row, pending(1)], vec![pending(1)]).await;
    let report = once(&platform).await;
    assert_eq!((report.unreadable.len(), report.ended.get(&Ending::Skipped)), (1, Some(&1)));
}

/// The run was known, waited for its next try, and went idle after the last look at the list.
#[tokio::test]
async fn a_run_that_goes_idle_at_its_second_try_is_looked_at_once_more() {
    let reads = AtomicUsize::new(0);
    let platform = ScriptedPlatform::that(move |asked: &RequestQuery| {
        let all = [pending(0)];
        // The reading lags behind from the second time on.
        match asked.ids.is_some() && reads.fetch_add(1, Ordering::SeqCst) > 0 {
            true => list(&[], asked),
            false => list(&all, asked),
        }
    })
    .await;
    let busy = |_: Context<AssetRequest, ()>| async { Err::<Outcome, _>(Failure::retry("busy")) };
    let processor = platform.processor().on(AssetRequestType::Resume, busy);
    let report = processor.drain().await.unwrap();
    assert!(!report.is_complete(), "{report:?}");
}

/// A platform that does not heed the filter answers every reading with all it has.
#[tokio::test]
async fn a_reading_that_shows_everything_is_not_read_to_its_end() {
    let all: Vec<_> = (0..500).map(pending).collect();
    let platform = ScriptedPlatform::that(move |asked| {
        list(&all, &RequestQuery { ids: None, rows: asked.rows.clone() })
    })
    .await;
    let skip = |_: Context<AssetRequest, ()>| async { Ok::<_, Failure>(Outcome::Skip) };
    let processor = platform.processor().on(AssetRequestType::Resume, skip).page_size(1000);
    // Reading so much may take a busy machine longer than the patience of the others.
    let report = processor.patience(Duration::from_secs(1)).drain().await.unwrap();
    let why = &report.open[0].why;
    assert!(why.contains("more requests than were asked for"), "{why}");
}

#[tokio::test]
async fn a_list_that_lags_behind_is_no_contradiction() {
    let platform = saying(vec![pending(0)], vec![with("status", "approved")]).await;
    end(&platform).await;
    let report = once(&platform).await;
    assert!(report.is_complete(), "{report:?}");
}

/// An earlier life ended the run.
async fn end(platform: &ScriptedPlatform) {
    let journal = Arc::clone(&platform.journal);
    journal.offer(&[NewRun::new(id(0).as_str(), "AS-0000", "{}")]).await.unwrap();
    let lease = Duration::from_secs(60);
    let earlier = WorkerId::from("earlier");
    let claims = journal.claim(&earlier, std::num::NonZeroUsize::MIN, lease).await.unwrap();
    let claim = claims.into_iter().next().unwrap();
    journal.finish(&claim, Finish::Done { outcome: "approved".into() }).await.unwrap();
}
