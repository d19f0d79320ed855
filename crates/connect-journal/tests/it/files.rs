//! Files that are no journal, or not ours to open.

use std::{
    env, fs,
    io::{Write, stdout},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use connect_journal::{OpenError, SqliteJournal, SystemClock};
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
        @"JRN_OPEN_NEWER DIR/journal.db: has layout 99, this version knows layouts up to 1; use the newer version that wrote it"
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
    JRN_OPEN_UNUSABLE DIR/journal.db: cannot be opened; see the cause
      because: database disk image is malformed
    ");
}

#[test]
fn an_empty_file_becomes_a_journal() {
    let place = Place::new();
    fs::write(place.path().join("journal.db"), "").unwrap();
    place.journal("journal.db");
    place.journal("journal.db");
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
