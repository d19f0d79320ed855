//! How long the journal keeps runs that have come to an end.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_journal::{Finish, Journal, NewRun, RunFilter};
use serde_json::json;
use tokio::sync::oneshot;

use crate::scripted::{ScriptedPlatform, list, pending};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn an_old_run_is_removed_once_its_request_is_at_an_end_on_the_platform() {
    let clock = VirtualClock::new("2026-11-01T00:00:00Z".parse().unwrap());
    // 0 was approved, 1 is not shown, 2 waits for its customer, 3 is approved and young, 4 was
    // approved and its data erased.
    let rows = ["approved", "", "inquiring", "approved", "approved"].into_iter().enumerate();
    let rows = rows.filter(|(_, status)| !status.is_empty()).map(|(number, status)| {
        let mut row = pending(number);
        row["status"] = json!(status);
        row
    });
    let rows: Vec<_> = rows.collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&rows, asked)).await;
    let journal = Arc::clone(&platform.journal);
    for number in [0, 1, 2, 4] {
        ended(&*journal, number).await;
    }
    clock.advance(80 * DAY);
    ended(&*journal, 3).await;

    let (stop, stopped) = oneshot::channel::<()>();
    let processor = platform.skipping().run(async { drop(stopped.await) });
    let life = tokio::spawn(processor);
    while left(&*journal).await.len() == 5 {
        clock.advance(Duration::from_secs(600));
        tokio::task::yield_now().await;
        assert!(clock.now() < "2027-02-25T00:00:00Z".parse().unwrap(), "nothing was removed");
        tokio::task::yield_now().await;
        settle().await;
    }
    assert!(clock.now() >= "2027-01-30T00:00:00Z".parse().unwrap(), "after 90 days");
    assert_eq!(left(&*journal).await, ["PR-0001", "PR-0002", "PR-0003"]);
    stop.send(()).unwrap();
    life.await.unwrap().unwrap();
}

/// Lets answers come in over the network of this machine.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

async fn ended(journal: &dyn Journal, number: usize) {
    let id = crate::scripted::id(number);
    let payload = json!({"collection": "requests", "version": null}).to_string();
    let payload = if number == 4 { String::new() } else { payload };
    journal.offer(&[NewRun::new(id.as_str(), id.as_str(), payload)]).await.unwrap();
    let one = std::num::NonZeroUsize::MIN;
    let claims = journal.claim(&"w".into(), one, DAY).await.unwrap();
    journal.finish(&claims[0], Finish::Done { outcome: "".into() }).await.unwrap();
}

async fn left(journal: &dyn Journal) -> Vec<String> {
    let runs = journal.runs(&RunFilter::default()).await.unwrap();
    runs.into_iter().map(|run| run.id.to_string()).collect()
}
