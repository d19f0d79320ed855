//! Workers that go wrong: one request waits with its reason, and the others go on.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use connect_clock::{SystemClock, VirtualClock};
use connect_exec::{ExecSettings, StartError};
use connect_journal::MemoryJournal;
use connect_processor::{Backoff, Ending, Report};

use crate::harness::{Platform, python};

/// The requests that workers handle rightly.
const OTHERS: u64 = 3;

/// Has workers with a fault handle several requests, one of which it concerns.
async fn handled(fault: &str) -> Report {
    let platform = Platform::start().await;
    let poor = platform.purchase().await;
    for _ in 0..OTHERS {
        platform.purchase().await;
    }
    let line = python("bad.py", &format!("{fault} {poor}"));
    let workers = ExecSettings::of(line, None).start_by(Arc::new(SystemClock)).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let later = Duration::from_secs(24 * 60 * 60);
    let report = connect_exec::processor(workers, platform.client(), journal)
        .backoff(Backoff { base: later, cap: later })
        .run_limit(Duration::from_secs(2))
        .patience(Duration::from_secs(20))
        .drain()
        .await
        .unwrap();
    assert!(report.open.iter().all(|open| open.request == poor.as_str()), "{report:?}");
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_whose_worker_goes_wrong_waits_and_the_others_are_approved() {
    for (fault, why) in [
        ("dies", "exit status: 9"),
        ("exits-well", "exit status: 0"),
        ("hangs", "longer than"),
        ("prints-rubbish", "no JSON-RPC 2.0"),
        ("floods-the-channel", "more than 16 MiB"),
        ("answers-another-call", "which nobody made"),
        ("gives-no-outcome", "outcome cannot be read"),
        ("asks-for-another-run", "answered -32011"),
        ("looks-again-in-ages", "the most is 31622400, 366 days"),
        ("has-ages-for-a-step", "-32602: 10000000000000000000 seconds are too long"),
        ("reads-a-broken-path", "-32000: path: `requests"),
        ("reads-a-broken-query", "it holds control characters"),
        ("asks-on-and-reads-nothing", "longer than"),
        ("says-too-much", "zzz …"),
    ] {
        let report = handled(fault).await;
        let [open] = report.open.as_slice() else { panic!("{fault}: {report:?}") };
        assert_eq!(open.state, "waiting", "{fault}: {report:?}");
        assert!(open.why.contains(why), "{fault}: {report:?}");
        assert!(open.why.chars().count() < 4100, "{fault}: {}", open.why.len());
        assert_eq!(report.ended.get(&Ending::Approved), Some(&OTHERS), "{fault}: {report:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_parks_for_is_kept_within_limits() {
    let report = handled("parks-with-too-much").await;
    let [open] = report.open.as_slice() else { panic!("{report:?}") };
    assert_eq!(open.state, "parked");
    assert!(open.why.chars().count() < 4100, "{}", open.why.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_floods_its_log_holds_nothing_up() {
    let report = handled("floods-the-log").await;
    assert_eq!(report.ended.get(&Ending::Approved), Some(&(OTHERS + 1)), "{report:?}");
}

/// The first answer, to skip it, counts or not, but the second one never does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_answer_approves_nothing() {
    let report = handled("answers-twice").await;
    assert_eq!(report.ended.get(&Ending::Approved), Some(&OTHERS), "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_will_not_end_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worker");
    let platform = Platform::start().await;
    platform.purchase().await;
    let line = python("bad.py", &format!("stays '{}'", file.display()));
    let workers = ExecSettings::of(line, None).start_by(Arc::new(SystemClock)).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let report =
        connect_exec::processor(workers, platform.client(), journal).drain().await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    let pid = fs::read_to_string(file.with_extension("pid")).unwrap();
    assert!(!is_there(&pid));
}

fn is_there(pid: &str) -> bool {
    Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().unwrap().success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_will_not_end_are_killed_together() {
    const WORKERS: usize = 6;
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join(WORKERS.to_string());
    fs::create_dir(&notes).unwrap();
    let platform = Platform::start().await;
    for _ in 0..WORKERS {
        platform.purchase().await;
    }
    let line = python("bad.py", &format!("stay-together '{}'", notes.display()));
    let workers = ExecSettings::of(line, None).start_by(Arc::new(SystemClock)).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let kept = workers.clone();
    let processor = connect_exec::processor(workers, platform.client(), journal);
    assert!(processor.drain().await.unwrap().is_complete());
    let began = Instant::now();
    drop(kept);
    let took = began.elapsed();
    let pids = fs::read_dir(notes).unwrap().map(|note| note.unwrap().file_name());
    let pids: Vec<_> = pids.map(|pid| pid.into_string().unwrap()).collect();
    assert_eq!(pids.len(), WORKERS);
    assert!(!pids.iter().any(|pid| is_there(pid)));
    // One has a second.
    assert!((1.0..3.0).contains(&took.as_secs_f64()), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_has_started_is_killed_when_it_ends_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worker");
    let platform = Platform::start().await;
    platform.purchase().await;
    let line = python("bad.py", &format!("leaves-another '{}'", file.display()));
    let workers = ExecSettings::of(line, None).start_by(Arc::new(SystemClock)).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let later = Duration::from_secs(24 * 60 * 60);
    let report = connect_exec::processor(workers, platform.client(), journal)
        .backoff(Backoff { base: later, cap: later })
        .drain()
        .await
        .unwrap();
    assert!(report.open[0].why.contains("exit status: 3"), "{report:?}");
    let pid = fs::read_to_string(file.with_extension("pid")).unwrap();
    // Whoever is its parent now may leave it unread.
    let began = Instant::now();
    while !matches!(state(&pid).as_bytes().first(), None | Some(b'Z')) {
        assert!(began.elapsed() < Duration::from_secs(20), "it goes on: {}", state(&pid));
        tokio::task::yield_now().await;
    }
}

/// What the system says of a process; nothing when it is gone.
fn state(pid: &str) -> String {
    let said = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_is_begun_twice_is_left_to_a_person_who_is_told_so() {
    let report = handled("begins-a-step-twice").await;
    let [open] = report.open.as_slice() else { panic!("{report:?}") };
    assert_eq!(open.state, "parked", "{report:?}");
    assert!(open.why.contains("step `a` is taken twice in one attempt"), "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_no_worker_is_refused_with_what_is_wrong() {
    let answers = |answer: &str| {
        let answer = format!(r#"{{"jsonrpc": "2.0", "id": 1, {answer}}}"#);
        format!(r#"sh -c 'read call; echo "$0"' '{answer}'"#)
    };
    for (line, why) in [
        ("no-such-program".to_owned(), "`no-such-program`"),
        ("true".to_owned(), "it ended with exit status: 0"),
        ("sh -c 'echo oops >&2; exit 3'".to_owned(), "it ended with exit status: 3"),
        (answers(r#""method": 1"#), "it ended with"),
        (answers(r#""result": {"protocol": 7, "handlers": []}"#), "version 7"),
        (answers(r#""result": {}"#), "`protocol`"),
        (answers(r#""result": {"protocol": 1, "handlers": []}"#), "it handles nothing"),
        (
            answers(&format!(r#""result": {{"protocol": 1, "handlers": [{ACCOUNTS}]}}"#)),
            "no validation",
        ),
        (answers(r#""error": {"code": 1, "message": "not today"}"#), "not today"),
    ] {
        let error = not_started(&line, clock()).await;
        assert!(error.to_string().contains(why), "{line}: {error}");
    }
}

/// A validation of what nobody asks about.
const ACCOUNTS: &str = concat!(
    r#"{"collection": "tier/account-requests", "type": "update"},"#,
    r#"{"collection": "tier/account-requests", "type": "update", "kind": "validation"}"#,
);

fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap()))
}

async fn not_started(line: &str, clock: Arc<VirtualClock>) -> StartError {
    let settings = ExecSettings::of(line.parse().unwrap(), None);
    settings.start_by(clock).await.err().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_says_nothing_is_not_waited_for_without_end() {
    let clock = clock();
    let mut starting = tokio::spawn({
        let clock = Arc::clone(&clock);
        async move { not_started("sleep 600", clock).await }
    });
    let error = loop {
        clock.advance(Duration::from_secs(1));
        tokio::select! {
            error = &mut starting => break error.unwrap(),
            () = tokio::task::yield_now() => {}
        }
    };
    assert!(error.to_string().contains("did not answer `initialize` within 30s"), "{error}");
}
