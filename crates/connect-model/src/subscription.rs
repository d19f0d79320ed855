//! Assets as recurring billing sees them.

use serde::{Deserialize, Serialize};

use crate::asset::Asset;
use crate::resource::Resource;

/// An asset under `/subscriptions/assets`: the same asset, with [`Asset::billing`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subscription(pub Asset);

impl Resource for Subscription {
    const COLLECTION: &'static str = "subscriptions/assets";

    fn id(&self) -> &str {
        self.0.id.as_str()
    }
}
