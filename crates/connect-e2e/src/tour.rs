//! A world with something on every page, and the way through all of them.

mod calendar;
mod story;

use anyhow::Result;
use connect_emulator::Config;

use crate::Stage;
use calendar::Calendar;
use story::{Cast, Story};

/// Every page of the emulator, with a story behind it; the world is gone when dropped.
pub struct Tour {
    /// Where the story has played.
    pub stage: Stage,
    /// The pages, in the order of the navigation.
    pub places: Vec<Place>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Place {
    /// A word for it, good for a file name.
    pub name: &'static str,
    /// Its path and query.
    pub path: String,
}

impl Tour {
    /// Plays the story.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn start() -> Result<Self> {
        let calendar = Calendar::default();
        let config = Config { clock: calendar.clock(), ..Config::default() };
        let story = Story { stage: Stage::with(config).await?, calendar };
        let cast = story.play().await?;
        let stage = story.stage;
        let places = places(stage.emulator.product().as_str(), &cast);
        Ok(Self { stage, places })
    }
}

fn places(product: &str, cast: &Cast) -> Vec<Place> {
    let Cast { resumed, suspended, active, pending, inquiring, resume, failed } = cast;
    let place = |name, path: String| Place { name, path };
    vec![
        place("home", "/".to_owned()),
        place("products", "/products".to_owned()),
        place("product", format!("/products/{product}")),
        place("product-items", format!("/products/{product}/items")),
        place("product-parameters", format!("/products/{product}/parameters")),
        place("product-templates", format!("/products/{product}/templates")),
        place("product-settings", format!("/products/{product}/settings")),
        place("subscriptions", "/subscriptions".to_owned()),
        place("subscriptions-none", "/subscriptions?q=nobody".to_owned()),
        place("fulfillment", "/subscriptions/fulfillment".to_owned()),
        place("subscription", format!("/subscriptions/{resumed}")),
        place("subscription-items", format!("/subscriptions/{active}/items")),
        place("subscription-parameters", format!("/subscriptions/{active}/parameters")),
        place("subscription-details", format!("/subscriptions/{active}/details")),
        place("subscription-tiers", format!("/subscriptions/{active}/tiers")),
        place("subscription-fulfillment", format!("/subscriptions/{resumed}/fulfillment")),
        place("create", "/subscriptions/new".to_owned()),
        place("change", format!("/subscriptions/{active}/change")),
        place("resume", format!("/subscriptions/{suspended}/resume")),
        place(
            "resume-summary",
            format!("/subscriptions/{resumed}/resume/summary?request={resume}"),
        ),
        place("request-pending", format!("/requests/{pending}")),
        place("request-inquiring", format!("/requests/{inquiring}")),
        place("request-failed", format!("/requests/{failed}")),
        place("request-items", format!("/requests/{pending}/items")),
        place("request-details", format!("/requests/{pending}/details")),
        place("request-tiers", format!("/requests/{pending}/tiers")),
        place("request-chain", format!("/requests/{resume}/chain")),
        place("approve", format!("/requests/{pending}/approve")),
        place("reject", format!("/requests/{pending}/reject")),
        place("inquire", format!("/requests/{pending}/inquire")),
        place("activity", "/activity".to_owned()),
        place("call", "/activity/1".to_owned()),
        place("no-such-page", "/no-such-page".to_owned()),
    ]
}
