//! Disks that are full, cut writes short, or lose and alter what was written.
//!
//! SQLite's own files cannot be put behind a seam without unsafe code, so these tests take real ones:
//! a life whose files may not grow, at every size; and files that are harmed between two lives.

use std::env;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_journal::{Finish, Journal, JournalError, NewRun, RunState, SqliteJournal, StepResult};
use tempfile::TempDir;

const FILE: &str = "JOURNAL_OF_THE_LIFE_WITHOUT_SPACE";
const LEASE: Duration = Duration::from_secs(3600);
const RUNS: usize = 12;
const PAGE: usize = 4096;
/// The header of a write-ahead log, and of each frame in it ("WAL Format" of the SQLite
/// documentation).
const LOG_HEADER: usize = 32;
const FRAME: usize = 24 + PAGE;

/// What a journal has acknowledged.
#[derive(Clone, Debug)]
struct Ack {
    what: &'static str,
    run: String,
}

/// One run from offer to end. `acknowledged` hears of each answer.
async fn story(
    journal: &SqliteJournal,
    run: &str,
    mut acknowledged: impl FnMut(&'static str, &str),
) -> Result<(), JournalError> {
    let payload = vec![b'x'; 2000];
    journal.offer(&[NewRun::new(run, run, payload)]).await?;
    acknowledged("offered", run);
    for claim in journal.claim(&"w".into(), NonZeroUsize::MIN, LEASE).await? {
        journal.intend(&claim, &"step".into()).await?;
        acknowledged("intended", run);
        let done = StepResult::Done(vec![b'y'; 3000].into());
        journal.record(&claim, &"step".into(), done, None).await?;
        acknowledged("recorded", run);
        journal.finish(&claim, Finish::Done { outcome: "".into() }).await?;
        acknowledged("finished", run);
    }
    Ok(())
}

/// Whether the journal still says what it has acknowledged.
async fn says(journal: &SqliteJournal, Ack { what, run }: &Ack) -> Result<bool, JournalError> {
    let Some(run) = journal.run(&run.as_str().into()).await? else { return Ok(false) };
    Ok(match *what {
        "offered" => run.payload.len() == 2000,
        "intended" => run.steps.len() == 1,
        "recorded" => run.steps.first().is_some_and(|step| step.result().is_some()),
        _ => run.state == RunState::Done,
    })
}

#[expect(clippy::print_stdout, reason = "the test that begins it reads what it has got")]
#[tokio::test]
#[ignore = "the life whose files may not grow, which another test begins"]
async fn a_life() {
    let Ok(journal) = SqliteJournal::open_inline(env::var(FILE).unwrap(), SystemClock) else {
        return;
    };
    for n in 0..RUNS {
        let run = format!("r{n}");
        let ack = |what: &str, run: &str| println!("\nack {what} {run} .");
        if story(&journal, &run, ack).await.is_err() {
            return;
        }
    }
    println!("\nack all {RUNS} .");
}

/// A life whose files may not be larger than so many blocks; what it was told, and whether it came to
/// its end.
#[cfg(unix)]
fn live(file: &Path, blocks: usize) -> (Vec<Ack>, bool) {
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let life = Command::new("sh")
        .args(["-c", &limited])
        .arg(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "disk::a_life", "--nocapture"])
        .env(FILE, file)
        .output()
        .unwrap();
    assert!(life.status.success(), "{}", String::from_utf8_lossy(&life.stderr));
    let (mut acks, mut ended) = (Vec::new(), false);
    for line in String::from_utf8(life.stdout).unwrap().lines() {
        let ["ack", what, run, "."] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
        let known = ["offered", "intended", "recorded", "finished"];
        match known.into_iter().find(|known| *known == what) {
            Some(what) => acks.push(Ack { what, run: run.to_owned() }),
            None => ended = true,
        }
    }
    (acks, ended)
}

/// The limit moves through every page that the life writes, and is met in the middle of most.
#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_is_full_at_any_write_loses_nothing_acknowledged() {
    let place = tempfile::tempdir().unwrap();
    let (mut blocks, mut lives, mut came_to_its_end) = (1, 0, false);
    while !came_to_its_end {
        let file = place.path().join(format!("{blocks}.db"));
        let (acks, ended) = live(&file, blocks);
        came_to_its_end = ended;
        if !acks.is_empty() {
            lives += 1;
            let journal = SqliteJournal::open_inline(&file, SystemClock).unwrap();
            for ack in &acks {
                assert!(says(&journal, ack).await.unwrap(), "{blocks} blocks: {ack:?} is lost");
            }
            // With space again, it goes on.
            story(&journal, "more", |_, _| {}).await.unwrap();
        }
        blocks += 5;
        assert!(blocks < 10_000, "no life comes to its end");
    }
    assert!(lives > 20, "only {lives} lives met the limit while they worked");
}

/// A journal's file and log as a power cut would leave them, and how long the log was when each
/// answer was given.
struct CutOff {
    file: Vec<u8>,
    log: Vec<u8>,
    acks: Vec<(Ack, usize)>,
}

impl CutOff {
    async fn after_a_story() -> Self {
        let place = tempfile::tempdir().unwrap();
        let (file, log) = (place.path().join("j.db"), place.path().join("j.db-wal"));
        let journal = SqliteJournal::open_inline(&file, SystemClock).unwrap();
        let mut acks = Vec::new();
        for n in 0..RUNS {
            let run = format!("r{n}");
            let told = story(&journal, &run, |what, run| {
                let length = fs::metadata(&log).unwrap().len() as usize;
                acks.push((Ack { what, run: run.to_owned() }, length));
            });
            told.await.unwrap();
        }
        Self { file: fs::read(&file).unwrap(), log: fs::read(&log).unwrap(), acks }
    }

    fn open(&self, file: &[u8], log: Option<&[u8]>) -> (TempDir, Option<SqliteJournal>) {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("j.db");
        fs::write(&path, file).unwrap();
        if let Some(log) = log {
            fs::write(place.path().join("j.db-wal"), log).unwrap();
        }
        let journal = SqliteJournal::open_inline(&path, SystemClock).ok();
        (place, journal)
    }

    /// What was acknowledged while the log was no longer than this is there.
    async fn keeps(&self, log: &[u8], whole: usize, what: &str) {
        let (_place, journal) = self.open(&self.file, Some(log));
        assert!(journal.is_some(), "{what}: does not open");
        let journal = journal.unwrap();
        for (ack, _) in self.acks.iter().filter(|(_, length)| *length <= whole) {
            assert!(says(&journal, ack).await.unwrap(), "{what}: {ack:?} is lost");
        }
        story(&journal, "more", |_, _| {}).await.unwrap();
    }
}

#[tokio::test]
async fn a_log_cut_anywhere_keeps_what_was_acknowledged_before() {
    let cut_off = CutOff::after_a_story().await;
    let frames = (cut_off.log.len() - LOG_HEADER) / FRAME;
    assert!(frames > 3 * RUNS, "{frames} frames");
    for frame in 0..frames {
        let start = LOG_HEADER + frame * FRAME;
        for cut in [start, start + 10, start + 24, start + FRAME / 2, start + FRAME - 1] {
            cut_off.keeps(&cut_off.log[..cut], cut, &format!("cut at {cut}")).await;
        }
    }
}

#[tokio::test]
async fn a_record_that_was_altered_ends_the_log_there() {
    let cut_off = CutOff::after_a_story().await;
    let frames = (cut_off.log.len() - LOG_HEADER) / FRAME;
    for frame in 0..frames {
        let start = LOG_HEADER + frame * FRAME;
        let mut log = cut_off.log.clone();
        log[start + FRAME / 2] ^= 0xff;
        cut_off.keeps(&log, start, &format!("frame {frame} altered")).await;
    }
}

#[tokio::test]
async fn a_file_that_lost_a_page_is_refused_or_says_so() {
    let cut_off = CutOff::after_a_story().await;
    // A clean end: all of it in one file.
    let (place, journal) = cut_off.open(&cut_off.file, Some(&cut_off.log));
    drop(journal);
    let file = fs::read(place.path().join("j.db")).unwrap();
    let mut harmed = Vec::new();
    for page in 0..file.len() / PAGE {
        harmed.push((format!("cut at page {page}"), file[..page * PAGE].to_vec()));
        let mut zeros = file.clone();
        zeros[page * PAGE..(page + 1) * PAGE].fill(0);
        harmed.push((format!("page {page} of zeros"), zeros));
    }
    for (what, bytes) in harmed {
        let (_place, Some(journal)) = cut_off.open(&bytes, None) else { continue };
        for (ack, _) in &cut_off.acks {
            if let Ok(said) = says(&journal, ack).await {
                assert!(said, "{what}: {ack:?} is lost, and nothing says so");
            }
        }
    }
}
