//! One call, altered.

use anyhow::Result;
use fastrand::Rng;
use serde_json::Value;

use super::super::mutation::{mutate, mutate_json};
use super::super::{Layer, Seen};
use super::door::{Door, has_queue};
use super::subjects::Subjects;
use super::token;

/// A call with an altered body, or an altered link.
pub(super) struct Call {
    pub(super) case: u64,
    /// Nobody has signed it as it should be.
    pub(super) is_forged: bool,
    pub(super) door: Door,
    pub(super) token: Option<String>,
    pub(super) body: Vec<u8>,
    /// What it is about is there.
    finds: bool,
}

impl Call {
    /// Draws the call that a number stands for.
    pub(super) fn of(case: u64, subjects: &Subjects) -> Result<Self> {
        let mut rng = Rng::with_seed(case);
        let (door, is_forged) = (Door::drawn(&mut rng), rng.bool());
        let right = door.body(subjects, &mut rng);
        let mut claims = door.claims(&right, subjects, case);
        let is_altered = !is_forged && (door == Door::Action || rng.u32(..4) == 0);
        if is_altered {
            mutate_json(&mut claims, &mut rng);
        }
        let body = match door {
            Door::Action => Vec::new(),
            _ => mutate(right.to_string().as_bytes(), &mut rng),
        };
        let finds = match door {
            Door::Webhook => has_queue(&body),
            _ => !is_altered,
        };
        let token = match is_forged {
            true => token::forged(&claims, door, &mut rng)?,
            false => Some(token::signed(&claims, door.key())?),
        };
        Ok(Self { case, is_forged, door, token, body, finds })
    }

    /// Whether its body, or the claims of its link, are JSON.
    fn parses(&self) -> bool {
        self.body.is_empty() || serde_json::from_slice::<Value>(&self.body).is_ok()
    }

    /// Says how far it came, by what it was answered.
    pub(super) fn seen(&self, answered: &Result<u16>) -> Seen {
        let parsed = self.parses();
        let layer = match answered {
            Ok(401) => Some(Layer::Token),
            Ok(400 | 413 | 422) if parsed => Some(Layer::Decode),
            Ok(400 | 413 | 422) => Some(Layer::Json),
            Ok(404) => Some(Layer::Unknown),
            // Nothing says why the platform does not show what a link is about.
            Ok(500) if self.door == Door::Action => Some(Layer::Unknown),
            Ok(204) if self.finds => Some(Layer::Look),
            Ok(204) => Some(Layer::Unknown),
            Ok(200 | 302) => Some(Layer::Answer),
            _ => None,
        };
        let broken = match (answered, layer) {
            (Err(error), _) => Some(format!("no answer: {error:#}")),
            (Ok(status), Some(layer)) if self.is_forged && layer != Layer::Token => {
                Some(format!("forged, and answered with {status}"))
            }
            (Ok(status), None) => Some(format!("answered with {status}")),
            _ => None,
        };
        let broken = broken.map(|what| format!("{:?}: {what}", self.door));
        Seen { parsed, layer: layer.unwrap_or(Layer::Token), broken }
    }
}
