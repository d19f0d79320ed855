//! How long ago something was.

use connect_model::DateTime;
use jiff::Timestamp;

/// `5 min ago`; nothing for nothing.
pub(super) fn ago(now: Timestamp, then: Option<DateTime>) -> String {
    let Some(then) = then else { return String::new() };
    let seconds = now.duration_since(then.timestamp()).as_secs();
    match seconds {
        ..0 => then.to_string(),
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}
