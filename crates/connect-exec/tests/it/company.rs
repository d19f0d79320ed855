//! Workers that have several requests at the same time, and one that ends them.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_exec::ExecSettings;
use connect_journal::MemoryJournal;
use connect_processor::{Backoff, Ending};

use crate::harness::{Platform, python};

/// The requests that harm nobody.
const OTHERS: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_requests_with_one_worker_only_the_one_that_ends_it_is_parked() {
    let platform = Platform::start().await;
    for _ in 0..2 {
        platform.purchase().await;
    }
    let poor = platform.purchase().await;
    for _ in 2..OTHERS {
        platform.purchase().await;
    }
    let line = python("company.py", &format!("{} {poor}", OTHERS + 1));
    let workers = ExecSettings::of(line, None).start_by(Arc::new(SystemClock)).await.unwrap();
    let soon = Duration::from_millis(50);
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let report = connect_exec::processor(workers, platform.client(), journal)
        .backoff(Backoff { base: soon, cap: soon })
        .most_failures(3.try_into().unwrap())
        .patience(Duration::from_secs(60))
        .drain()
        .await
        .unwrap();
    let [open] = report.open.as_slice() else { panic!("{report:?}") };
    assert_eq!((open.request.as_str(), open.state), (poor.as_str(), "parked"), "{report:?}");
    assert!(open.why.contains("exit status: 9"), "{report:?}");
    assert_eq!(report.ended.get(&Ending::Approved), Some(&u64::from(OTHERS)), "{report:?}");
}
