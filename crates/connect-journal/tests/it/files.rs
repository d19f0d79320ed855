//! Files that are no journal, or not ours to open.

use std::{
    env, fs,
    io::{Write, stdout},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, symlink},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use connect_clock::SystemClock;
use connect_journal::{Journal, NewRun, OpenError, SqliteJournal};
use rusqlite::Connection;

/// A directory with files in it, and what opening one of them says.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Every file's name and content.
    fn content(&self) -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(self.path()).unwrap().map(Result::unwrap);
        let mut content: Vec<_> = files
            .filter(|file| file.path().is_file())
            .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
            .collect();
        content.sort();
        content
    }

    /// The refusal to open `name`, which has to leave everything as it was.
    fn refusal(&self, name: &str) -> String {
        let before = self.content();
        let opened = SqliteJournal::open(self.path().join(name), SystemClock);
        let error = opened.err().unwrap();
        assert!(self.content() == before, "opening {name} left traces");
        self.told(&error)
    }

    fn told(&self, error: &OpenError) -> String {
        let cause = std::error::Error::source(error).map(|cause| format!("\n  because: {cause}"));
        format!("{} {error}{}", error.code(), cause.unwrap_or_default())
            .replace(&self.path().display().to_string(), "DIR")
    }

    fn sqlite(&self, name: &str, sql: &str) {
        Connection::open(self.path().join(name)).unwrap().execute_batch(sql).unwrap();
    }

    fn journal(&self, name: &str) {
        SqliteJournal::open(self.path().join(name), SystemClock).unwrap();
    }
}

#[test]
fn a_missing_directory_is_named() {
    insta::assert_snapshot!(
        Place::new().refusal("missing/journal.db"),
        @"JRN_OPEN_NO_DIRECTORY DIR/missing/journal.db: its directory does not exist; create it first"
    );
}

#[test]
fn a_directory_is_no_file() {
    let place = Place::new();
    fs::create_dir(place.path().join("journal.db")).unwrap();
    insta::assert_snapshot!(
        place.refusal("journal.db"),
        @"JRN_OPEN_IS_DIRECTORY DIR/journal.db: is a directory; name a file in it"
    );
}

#[test]
fn any_other_file_is_left_alone() {
    let place = Place::new();
    fs::write(place.path().join("notes.txt"), "eggs, milk").unwrap();
    fs::write(place.path().join("short.db"), b"SQLite format 3\0").unwrap();
    insta::assert_snapshot!(
        place.refusal("notes.txt"),
        @"JRN_OPEN_NOT_A_JOURNAL DIR/notes.txt: is something else than a journal; name another file"
    );
    insta::assert_snapshot!(
        place.refusal("short.db"),
        @"JRN_OPEN_NOT_A_JOURNAL DIR/short.db: is something else than a journal; name another file"
    );
}

#[test]
fn the_file_of_another_application_is_left_alone() {
    let place = Place::new();
    place.sqlite("plain.db", "create table t (a)");
    place.sqlite("marked.db", "pragma application_id = 252006674; create table t (a)");
    place.sqlite("wal.db", "pragma journal_mode = wal; create table t (a)");
    insta::assert_snapshot!(
        place.refusal("plain.db"),
        @"JRN_OPEN_FOREIGN DIR/plain.db: belongs to another application (application id 0x00000000); name another file"
    );
    insta::assert_snapshot!(
        place.refusal("marked.db"),
        @"JRN_OPEN_FOREIGN DIR/marked.db: belongs to another application (application id 0x0f055112); name another file"
    );
    insta::assert_snapshot!(
        place.refusal("wal.db"),
        @"JRN_OPEN_FOREIGN DIR/wal.db: belongs to another application (application id 0x00000000); name another file"
    );
}

#[test]
fn a_newer_journal_is_left_alone() {
    let place = Place::new();
    place.journal("journal.db");
    place.sqlite("journal.db", "pragma user_version = 99");
    insta::assert_snapshot!(
        place.refusal("journal.db"),
        @"JRN_OPEN_NEWER DIR/journal.db: has layout 99, this version knows layouts up to 7; use the newer version that wrote it"
    );
}

#[test]
fn a_damaged_journal_is_told_from_a_good_one() {
    let place = Place::new();
    place.journal("journal.db");
    let file = place.path().join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[100..].fill(0xAA);
    fs::write(&file, bytes).unwrap();
    insta::assert_snapshot!(place.refusal("journal.db"), @r"
    JRN_OPEN_DAMAGED DIR/journal.db: is a damaged journal; restore it from a backup together with the files beside it
      because: database disk image is malformed
    ");
}

#[test]
fn an_empty_file_is_no_new_journal() {
    let place = Place::new();
    fs::write(place.path().join("journal.db"), "").unwrap();
    place.sqlite("nothing.db", "vacuum");
    insta::assert_snapshot!(
        place.refusal("journal.db"),
        @"JRN_OPEN_EMPTY DIR/journal.db: is empty, which a journal never is: if it was one, restore it from a backup, because which effects have happened stood in it; if not, remove it or name another file"
    );
    assert!(place.refusal("nothing.db").starts_with("JRN_OPEN_EMPTY "));
}

/// However little or much of it is left.
#[test]
fn a_journal_that_was_cut_off_is_no_journal() {
    let place = Place::new();
    place.journal("journal.db");
    let file = place.path().join("journal.db");
    let whole = fs::read(&file).unwrap();
    let lengths = [0, 1, 2, 15, 16, 99, 100, 511, 512, 4095, 4096, 4097, 8192];
    let from_the_end = [4096, 4095, 512, 1].map(|missing| whole.len() - missing);
    for length in lengths.into_iter().chain(from_the_end) {
        fs::write(&file, &whole[..length]).unwrap();
        let refusal = place.refusal("journal.db");
        let codes = ["JRN_OPEN_EMPTY ", "JRN_OPEN_NOT_A_JOURNAL ", "JRN_OPEN_DAMAGED "];
        let known = codes.iter().any(|code| refusal.starts_with(code));
        assert!(known, "{length} bytes of {}: {refusal}", whole.len());
    }
    fs::write(&file, &whole).unwrap();
    place.journal("journal.db");
}

/// A journal as a life leaves it that is killed: what it recorded stands in the log beside the
/// file.
async fn killed(place: &Place) {
    let living = place.path().join("living.db");
    let journal = SqliteJournal::open(&living, SystemClock).unwrap();
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    for end in ["", "-wal"] {
        let copy = |name: &str| place.path().join(format!("{name}{end}"));
        fs::copy(copy("living.db"), copy("journal.db")).unwrap();
    }
}

#[tokio::test]
async fn a_journal_beside_its_log_is_whole_or_refused() {
    type Harm = fn(&Path);
    let harms: [(&str, Harm); 6] = [
        ("JRN_OPEN_MISSING", |file| fs::remove_file(file).unwrap()),
        ("JRN_OPEN_DAMAGED", |file| fs::write(file, "").unwrap()),
        ("JRN_OPEN_DAMAGED", |file| fs::write(file, "S").unwrap()),
        ("JRN_OPEN_DAMAGED", |file| fs::write(file, [0; 100]).unwrap()),
        ("JRN_OPEN_DAMAGED", |file| fs::write(file, "SQLite format 3\0").unwrap()),
        ("JRN_OPEN_DAMAGED", |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes[..4096].fill(0);
            fs::write(file, bytes).unwrap();
        }),
    ];
    for (code, harm) in harms {
        let place = Place::new();
        killed(&place).await;
        harm(&place.path().join("journal.db"));
        let refusal = place.refusal("journal.db");
        assert!(refusal.starts_with(code), "{refusal}");
    }

    let place = Place::new();
    killed(&place).await;
    let journal = SqliteJournal::open(place.path().join("journal.db"), SystemClock).unwrap();
    assert!(journal.run(&"r1".into()).await.unwrap().is_some());
}

#[test]
fn what_is_missing_beside_its_log_is_named() {
    let place = Place::new();
    fs::write(place.path().join("journal.db-wal"), "what was recorded").unwrap();
    insta::assert_snapshot!(
        place.refusal("journal.db"),
        @"JRN_OPEN_MISSING DIR/journal.db: is missing, but DIR/journal.db-wal is there and may hold what a journal of this name recorded; put the file back, or move its log away to begin anew"
    );
}

#[test]
fn a_link_to_nowhere_is_no_new_journal() {
    let place = Place::new();
    symlink("nowhere.db", place.path().join("journal.db")).unwrap();
    insta::assert_snapshot!(place.refusal("journal.db"), @r"
    JRN_OPEN_UNUSABLE DIR/journal.db: cannot be opened; see the cause
      because: it is a link to a file that does not exist
    ");
}

#[tokio::test]
async fn a_link_to_a_journal_is_as_good_as_the_journal() {
    let place = Place::new();
    place.journal("real.db");
    symlink("real.db", place.path().join("journal.db")).unwrap();
    let journal = SqliteJournal::open(place.path().join("journal.db"), SystemClock).unwrap();
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// It holds customers' data.
#[tokio::test]
async fn a_new_journal_is_for_its_user_alone() {
    let place = Place::new();
    let file = place.path().join("journal.db");
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    let files = fs::read_dir(place.path()).unwrap().map(|file| file.unwrap().path());
    let modes: Vec<_> = files.map(|file| mode(&file)).collect();
    assert_eq!(modes, [0o600; 3], "the file, its log and the log's index");
}

/// Whoever shares a journal among users has said so by its permissions.
#[tokio::test]
async fn an_existing_journal_keeps_its_permissions() {
    let place = Place::new();
    place.journal("journal.db");
    let file = place.path().join("journal.db");
    set_mode(&file, 0o660);
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    assert_eq!(mode(&file), 0o660);
    assert_eq!(mode(&place.path().join("journal.db-wal")), 0o660);
}

/// SQLite would take these names for something else than files.
#[test]
fn special_names_are_files_like_any_other() {
    let place = Place::new();
    place.journal(":memory:");
    place.journal("file:journal.db?mode=memory");
    let names: Vec<_> = place.content().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [":memory:", "file:journal.db?mode=memory"]);
}

const FILE: &str = "JOURNAL_TO_OPEN";

/// Opens a file and prints what that says.
#[test]
#[ignore = "run by the tests below as a user without rights"]
fn open_and_tell() {
    let file = env::var(FILE).unwrap();
    let error = SqliteJournal::open(file, SystemClock).err().unwrap();
    stdout().write_all(format!("<{} {error}>", error.code()).as_bytes()).unwrap();
}

/// What opening the file says to a user who is not root, whom permissions do not concern.
fn told_to_anybody(place: &Place, name: &str) -> String {
    let mut open = Command::new(env::current_exe().unwrap());
    open.args(["--ignored", "--exact", "files::open_and_tell", "--nocapture"]);
    open.env(FILE, place.path().join(name)).current_dir("/");
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        open.uid(65534).gid(65534);
    }
    let output = String::from_utf8(open.output().unwrap().stdout).unwrap();
    let told = output.split(['<', '>']).nth(1).unwrap_or(&output);
    told.replace(&place.path().display().to_string(), "DIR")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_without_permission_is_named() {
    let place = Place::new();
    place.journal("journal.db");
    set_mode(place.path(), 0o755);
    set_mode(&place.path().join("journal.db"), 0o444);
    insta::assert_snapshot!(
        told_to_anybody(&place, "journal.db"),
        @"JRN_OPEN_DENIED DIR/journal.db: this user may not write to it or to its directory; change owner or permissions"
    );
}

#[test]
fn a_directory_without_permission_is_named() {
    let place = Place::new();
    set_mode(place.path(), 0o555);
    insta::assert_snapshot!(
        told_to_anybody(&place, "journal.db"),
        @"JRN_OPEN_DENIED DIR/journal.db: this user may not write to it or to its directory; change owner or permissions"
    );
}
