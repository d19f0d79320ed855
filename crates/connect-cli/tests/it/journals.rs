//! `cnct journal`: backups of a processor's journal, and what is erased from it.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_journal::{Finish, Journal, NewRun, SqliteJournal};

use crate::cnct::{cnct, json, run};

/// A journal with one run that is done, and one that is ready.
fn journal(folder: &Path) -> String {
    let path = folder.join("journal.sqlite");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let journal = SqliteJournal::open(&path, SystemClock).unwrap();
        journal.offer(&[NewRun::new("PR-1-001", "AS-1", "{}")]).await.unwrap();
        let lease = Duration::from_secs(60);
        let claims = journal.claim(&"w".into(), NonZeroUsize::MIN, lease).await.unwrap();
        journal.finish(&claims[0], Finish::Done { outcome: "".into() }).await.unwrap();
        journal.offer(&[NewRun::new("PR-2-001", "AS-2", "{}")]).await.unwrap();
    });
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_journal_is_backed_up_and_restored() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let place = folder.path().display();
    let told = |arguments: &str| run(arguments).replace(&place.to_string(), "DIR");
    insta::assert_snapshot!(told(&format!("journal backup '{path}' '{place}/backup'")), @"
        exit 0
        --- stdout
        backup  DIR/backup
        ");
    insta::assert_snapshot!(told(&format!("journal backup '{path}' '{place}/backup'")), @"
        exit 1
        --- stderr
        error: DIR/backup: is there already; name another file, or move it away first
        ");
    insta::assert_snapshot!(told(&format!("run list --journal '{place}/backup'")), @"
        exit 1
        --- stderr
        error: the journal cannot be opened: DIR/backup: is a backup of a journal; restore it under another name with `cnct journal restore` and open that
        ");
    let paused = connect_processor::Scope::Everything;
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let journal = SqliteJournal::open(&path, SystemClock).unwrap();
        paused.pause(&journal, "ines@ops-1").await.unwrap();
        journal.backup(format!("{place}/paused")).await.unwrap();
    });
    let of_paused = told(&format!("journal restore '{place}/paused' '{place}/held'"));
    assert!(of_paused.contains("paused    everything, by ines@ops-1 at 20"), "{of_paused}");
    assert!(of_paused.contains("warning: what was paused in the backup is paused again"));
    let restored = format!("journal restore '{place}/backup' '{place}/new' --json");
    let restored = json(&mut cnct(&restored));
    assert_eq!(restored["paused"], serde_json::json!([]));
    assert!(restored["restored"].as_str() >= restored["backup"].as_str(), "{restored}");
    let listed = json(&mut cnct(&format!("run list --journal '{place}/new' --json")));
    assert_eq!(listed.as_array().unwrap().len(), 2);
}

#[test]
fn what_is_at_an_end_is_erased_and_the_rest_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    insta::assert_snapshot!(run(&format!("journal erase '{path}' --asset AS-1")), @"
        exit 0
        --- stdout
        erased  PR-1-001
        ");
    insta::assert_snapshot!(run(&format!("journal erase '{path}' --request PR-2-001")), @"
        exit 3
        --- stderr
        error: work on these runs may go on, so nothing was erased: PR-2-001 (ready); bring their requests to an end first
        ");
    insta::assert_snapshot!(run(&format!("journal erase '{path}' --asset AS-9")), @"
        exit 4
        --- stderr
        error: there is no run of `AS-9`; list the runs to find it
        ");
}
