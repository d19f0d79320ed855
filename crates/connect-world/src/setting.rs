//! What a world is given from outside.

use crate::identity::WorldId;

/// What a world is given from outside, once.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Where ids and codes of a new world begin. A world read from disk keeps its own.
    pub seed: u64,
    /// Which world a new one is. A world read from disk keeps its own.
    pub id: WorldId,
    /// Where links to the emulator begin, such as `http://127.0.0.1:4000`.
    pub base_url: String,
    /// Refuse unknown filter names. The platform ignores them, so a typo returns all rows.
    pub strict: bool,
}

impl Setting {
    /// A setting with a seed and the world's id that follows from it, links below
    /// `http://127.0.0.1`, and the platform's own leniency.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let base_url = "http://127.0.0.1".to_owned();
        Self { seed, id: WorldId::of_seed(seed), base_url, strict: false }
    }
}
