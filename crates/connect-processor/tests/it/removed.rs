//! The journal is taken away from a processor at work.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_journal::SqliteJournal;
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Failure, Outcome};
use tokio::sync::Notify;

use crate::harness::{Harness, Vendor};
use crate::logs::Log;

/// What is recorded in a file that is gone proves nothing: nothing is approved on it any more.
#[tokio::test]
async fn nothing_is_approved_once_the_journal_is_gone_and_nobody_is_said_to_drain() {
    let (log, _kept) = Log::begin();
    let harness = Harness::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let journal = Arc::new(SqliteJournal::open(&file, SystemClock).unwrap());
    let (at_work, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begun, removed) = (Arc::clone(&at_work), Arc::clone(&go_on));
    let handler = move |_: Context<AssetRequest, Arc<Vendor>>| {
        let (at_work, go_on) = (Arc::clone(&at_work), Arc::clone(&go_on));
        async move {
            at_work.notify_one();
            go_on.notified().await;
            Ok::<_, Failure>(Outcome::approve())
        }
    };
    let processor = harness.processor(journal).clock(SystemClock);
    let processor = processor.on(AssetRequestType::Resume, handler).grace(Duration::from_secs(5));
    let removing = async {
        begun.notified().await;
        std::fs::remove_file(&file).unwrap();
        removed.notify_one();
        std::future::pending::<()>().await;
    };
    let ended = processor.run(removing).await;
    assert_eq!(ended.unwrap_err().code(), "JRN_GONE");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
    let lines = log.lines();
    assert!(lines.iter().any(|line| line.fields.contains("JRN_GONE")));
    assert!(lines.iter().all(|line| !line.message.contains("drain")), "nobody told it to");
}
