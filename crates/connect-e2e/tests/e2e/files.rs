//! The journal's file: full disks, wrong files.

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::SqliteJournal;

use crate::program::Program;

/// The disk fills up while requests are worked on. Nothing is approved without its recorded step,
/// and once there is room again everything ends well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_approvals_and_loses_nothing() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(150).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");

    let full = Program::with_little_disk(&stage, &file, 250).argument("--once");
    let output = full.argument("--patience").argument("1s").run().await;
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(told.contains("journal"), "{told}");
    let approved = stage.approvals().len();
    assert!((1..150).contains(&approved), "the disk filled up midway: {approved}");
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    let early = connect_testing::judge(&stage.evidence(&journal, &ids).await.unwrap());
    let unproven = early.iter().filter(|one| one.to_string().contains("without proof"));
    assert_eq!(unproven.count(), 0, "{early:?}");

    let output = Program::new(&stage, &file).argument("--once").run().await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(stage.vendor.log().len(), 150, "one effect for each request");
    stage.must_hold(&journal, &ids).await.unwrap();
}

async fn refusal_of(content: &[u8]) -> String {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    std::fs::write(&file, content).unwrap();
    let output = Program::new(&stage, &file).argument("--once").run().await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read(&file).unwrap(), content, "the file is left as it was");
    let told = String::from_utf8_lossy(&output.stderr);
    let line = told.lines().last().unwrap();
    let (_, message) = line.split_once("ERROR ").unwrap();
    message.replace(&folder.path().display().to_string(), "FOLDER")
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_left_alone() {
    insta::assert_snapshot!(
        refusal_of(b"Dear diary, today nothing happened.").await,
        @"FOLDER/journal.sqlite: is something else than a journal; name another file"
    );
}
