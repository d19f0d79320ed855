//! The one who gives a command, as the journal is told.

/// Returns the user that this process runs as, by the system's own word and not by what `USER` says,
/// and the host: `ines@ops-1`.
pub(crate) fn person() -> String {
    let user = whoami::username().unwrap_or_else(|_| unnamed_user());
    let host = whoami::hostname().unwrap_or_else(|_| "unknown-host".to_owned());
    format!("{user}@{host}")
}

/// A user that has a number and no name, as in many containers.
#[cfg(target_os = "linux")]
fn unnamed_user() -> String {
    use std::os::unix::fs::MetadataExt;
    match std::fs::metadata("/proc/self") {
        Ok(process) => format!("uid-{}", process.uid()),
        Err(_) => "unknown-user".to_owned(),
    }
}

/// A user that has a number and no name.
#[cfg(not(target_os = "linux"))]
fn unnamed_user() -> String {
    "unknown-user".to_owned()
}
