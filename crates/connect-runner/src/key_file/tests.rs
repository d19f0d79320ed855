//! Files that hold a key, another key, or none.

use std::io::Write;
use std::time::Duration;

use connect_client::{Call, Client, ServiceTransport};
use tempfile::TempDir;
use tracing_subscriber::fmt::MakeWriter;

use super::*;

const FIRST: &str = "ApiKey SU-1:first-secret";
const SECOND: &str = "ApiKey SU-1:second-secret";

/// A folder with a file for a key, which is younger each time it is written.
struct Scene {
    folder: TempDir,
    written: Mutex<u64>,
}

impl Scene {
    fn with(text: &str) -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap(), written: Mutex::new(0) };
        scene.write(text);
        scene
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn write(&self, text: impl AsRef<[u8]>) {
        let mut written = self.written.lock().unwrap();
        *written += 1;
        fs::write(self.path(), text).unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(*written);
        File::options().write(true).open(self.path()).unwrap().set_modified(at).unwrap();
    }

    fn open(&self) -> KeyFile {
        KeyFile::open(&self.path()).unwrap().0
    }

    /// The error that the file is opened with.
    fn refused(&self) -> String {
        let error = KeyFile::open(&self.path()).unwrap_err().to_string();
        error.replace(&self.folder.path().display().to_string(), "FOLDER")
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn during(work: impl FnOnce()) -> String {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false);
        tracing::subscriber::with_default(subscriber.finish(), work);
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
    }
}

#[test]
fn a_key_is_read_without_the_space_around_it() {
    for text in [FIRST.to_owned(), format!("{FIRST}\n"), format!("\n {FIRST}\r\n\n")] {
        let (file, key) = KeyFile::open(&Scene::with(&text).path()).unwrap();
        assert!(!format!("{file:?} {key:?}").contains("secret"));
    }
}

#[test]
fn a_file_without_a_key_is_named_with_the_remedy() {
    let scene = Scene::with("");
    let mut told = vec![scene.refused()];
    for text in [&b" \n"[..], b"sesame", &[b'x'; 5000], b"ApiKey \xff"] {
        scene.write(text);
        told.push(scene.refused());
    }
    fs::remove_file(scene.path()).unwrap();
    told.push(scene.refused());
    fs::create_dir(scene.path()).unwrap();
    told.push(scene.refused());
    let told = told.join("\n");
    assert!(!told.contains("sesame"), "{told}");
    insta::assert_snapshot!(told, @"
    FOLDER/key is empty; write the API key into it, `ApiKey SU-…:…`
    FOLDER/key is empty; write the API key into it, `ApiKey SU-…:…`
    in FOLDER/key: API key: it does not start with `ApiKey` and one space; paste the whole value the platform shows for the token: `ApiKey SU-…:…`
    FOLDER/key is longer than 4096 bytes or no text; write the API key into it, and nothing else
    FOLDER/key is longer than 4096 bytes or no text; write the API key into it, and nothing else
    FOLDER/key cannot be read: No such file or directory (os error 2); write the API key into it
    FOLDER/key is no file; name one that holds the API key alone
    ");
}

#[test]
fn a_file_is_read_again_when_it_was_written() {
    let scene = Scene::with(FIRST);
    let file = scene.open();
    assert!(file.changed().is_none());
    scene.write(SECOND);
    assert!(file.changed().is_some());
    assert!(file.changed().is_none());
    assert!(file.read().is_some(), "however it looks");
}

#[test]
fn a_file_that_loses_its_key_is_told_of_once_until_it_has_one_again() {
    let scene = Scene::with(FIRST);
    let file = scene.open();
    let told = Log::during(|| {
        fs::remove_file(scene.path()).unwrap();
        for _ in 0..3 {
            assert!(file.changed().is_none() && file.read().is_none());
        }
        // Whoever writes it may empty it first.
        scene.write("");
        assert!(file.changed().is_none());
        scene.write(SECOND);
        assert!(file.changed().is_some());
    });
    assert_eq!(told.matches("WARN").count(), 1, "{told}");
    assert!(told.contains("there is an API key in the file again"), "{told}");
    assert!(!told.contains("secret"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::with(FIRST);
    let file = scene.open();
    let set = |mode| fs::set_permissions(scene.path(), fs::Permissions::from_mode(mode)).unwrap();
    set(0o640);
    assert_eq!(Log::during(|| file.warn_of_others()), "");
    set(0o644);
    let told = Log::during(|| file.warn_of_others());
    assert!(told.contains("WARN") && told.contains("chmod o-r"), "{told}");
}

/// A platform that takes the key that it has just been told of, and no other.
#[tokio::test]
async fn a_key_is_rotated_while_calls_are_made() {
    let takes = Arc::new(Mutex::new(FIRST));
    let door = {
        let takes = Arc::clone(&takes);
        move |headers: axum::http::HeaderMap| async move {
            let is_right = headers["authorization"] == *takes.lock().unwrap();
            if is_right {
                axum::http::StatusCode::NO_CONTENT
            } else {
                axum::http::StatusCode::UNAUTHORIZED
            }
        }
    };
    let scene = Scene::with(FIRST);
    let (file, key) = KeyFile::open(&scene.path()).unwrap();
    let client = Client::builder("http://localhost/public/v1", key)
        .transport(ServiceTransport::new(axum::Router::new().fallback(door)))
        .key_source(file)
        .build()
        .unwrap();
    client.call(Call::get("accounts")).await.unwrap();
    scene.write(SECOND);
    *takes.lock().unwrap() = SECOND;
    client.call(Call::get("accounts")).await.unwrap();
    assert_eq!(client.key_changes(), 1);
}
