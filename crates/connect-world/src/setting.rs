//! The settings of a world.

use std::time::Duration;

use connect_model::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::identity::WorldId;
use crate::service_level::Zones;

/// The path of the API below the address of the platform.
pub const API_PATH: &str = "/public/v1";

/// The settings that a world is given from outside, once.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The seed of the ids and codes of a new world. A world read from disk keeps its own.
    pub seed: u64,
    /// The id of a new world. A world read from disk keeps its own.
    pub id: WorldId,
    /// The beginning of links to the emulator, such as `http://127.0.0.1:4000`.
    pub base_url: String,
    /// Whether unknown filter names are refused. The platform ignores them, so a typo returns all
    /// rows.
    pub strict: bool,
    /// How long a draft stays that nobody writes to.
    pub draft_life: Duration,
    /// The days after which requests come to other zones of their service level.
    pub zones: Zones,
}

impl Setting {
    /// How long a draft stays unless told otherwise; the platform's own time is not known.
    pub const DRAFT_LIFE: Duration = Duration::from_secs(24 * 3600);

    /// Returns a setting with a seed and the world's id that follows from it, links below
    /// `http://127.0.0.1`, and the platform's own leniency.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let base_url = "http://127.0.0.1".to_owned();
        Self {
            seed,
            id: WorldId::of_seed(seed),
            base_url,
            strict: false,
            draft_life: Self::DRAFT_LIFE,
            zones: Zones::default(),
        }
    }

    /// Returns when a draft goes that was last written to at a date; at the end of all time, if
    /// never.
    pub(crate) fn end_of_draft(&self, written: DateTime) -> DateTime {
        let life = SignedDuration::try_from(self.draft_life).unwrap_or(SignedDuration::MAX);
        written.timestamp().saturating_add(life).map_or(DateTime(Timestamp::MAX), DateTime)
    }
}
