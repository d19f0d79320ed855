//! Half-filled wizards. What was typed so far is about people, so it stands in no address; an address
//! names what is kept here.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};

use super::fields::Fields;
use crate::random::secret;

/// Drafts that are kept at most; a new one takes the place of the oldest.
const KEPT: usize = 100;

/// The latest drafts, by ids that nobody can guess.
#[derive(Default)]
pub(super) struct Drafts(Mutex<VecDeque<(String, Fields)>>);

impl Drafts {
    /// Keeps a draft and returns its id. Fails where the system has no random numbers.
    pub(super) fn keep(&self, fields: Fields) -> io::Result<String> {
        let id = secret()?;
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.truncate(KEPT - 1);
        drafts.push_front((id.clone(), fields));
        Ok(id)
    }

    /// Returns the draft with an id; none when it is forgotten, or of an earlier run.
    pub(super) fn get(&self, id: &str) -> Option<Fields> {
        let drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.iter().find(|(its, _)| its == id).map(|(_, fields)| fields.clone())
    }
}
