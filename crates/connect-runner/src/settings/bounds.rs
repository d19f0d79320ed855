//! How short and how long times of the settings may be.

use std::time::Duration;

/// The shortest and the longest time that a setting may be, each with the reason.
pub(super) struct Bounds {
    shortest: (Duration, &'static str),
    longest: (Duration, &'static str),
}

const DAY: Duration = Duration::from_secs(24 * 3600);
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

pub(super) const LEASE: Bounds = Bounds {
    shortest: (
        Duration::from_millis(100),
        "it is renewed each third of it, and the renewal has to reach the disk in time",
    ),
    longest: (DAY, "the requests of a process that died wait for so long"),
};

pub(super) const POLL: Bounds = Bounds {
    shortest: (Duration::from_millis(10), "Connect would be asked without a pause"),
    longest: (DAY, "what no webhook tells of waits for so long"),
};

pub(super) const PATIENCE: Bounds = Bounds {
    shortest: (Duration::from_millis(1), "nothing would be waited for that is under way"),
    longest: (DAY, "a pass is to end"),
};

pub(super) const STUCK_AFTER: Bounds = Bounds {
    shortest: (
        Duration::from_secs(10),
        "a vendor that takes its time would make the program stuck",
    ),
    longest: (WEEK, "nobody would hear of it"),
};

impl Bounds {
    /// Returns a time that is neither too short nor too long, or else what is wrong with it.
    pub(super) fn check(&self, time: Duration) -> Result<Duration, String> {
        let Self { shortest: (shortest, below), longest: (longest, above) } = self;
        if time < *shortest {
            return Err(format!("is too short, the least is {}: {below}", words(*shortest)));
        }
        if time > *longest {
            return Err(format!("is too long, the most is {}: {above}", words(*longest)));
        }
        Ok(time)
    }
}

/// A bound as a setting is written.
fn words(time: Duration) -> String {
    match (time.as_secs() / 3600, time.as_secs(), time.as_millis()) {
        (0, 0, millis) => format!("{millis}ms"),
        (0, seconds, _) => format!("{seconds}s"),
        (hours, ..) => format!("{hours}h"),
    }
}
