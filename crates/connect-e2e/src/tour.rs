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
    /// The stage that the story has played on.
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
    /// The name of what is clicked once it is there.
    pub click: Option<&'static str>,
}

impl Tour {
    /// Plays the story.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn start() -> Result<Self> {
        let calendar = Calendar::default();
        let config = Config { clock: calendar.clock(), seed: Some(1), ..Config::default() };
        let story = Story { stage: Stage::with(config).await?, calendar };
        let cast = story.play().await?;
        let stage = story.stage;
        let places = places(stage.emulator.product().as_str(), &cast);
        Ok(Self { stage, places })
    }
}

fn places(product: &str, cast: &Cast) -> Vec<Place> {
    let place = |(name, path)| Place { name, path, click: None };
    let menu = Place {
        name: "subscription-actions",
        path: format!("/subscriptions/{}", cast.suspended),
        click: Some("Actions"),
    };
    let modules = [("home", "/".to_owned()), ("activity", "/activity".to_owned())];
    let others = ["/activity/1", "/no-such-page", "/login"].map(str::to_owned);
    let others = ["call", "no-such-page", "login"].into_iter().zip(others);
    let all = modules.into_iter().chain(products(product, cast)).chain(subscriptions(cast));
    let all = all.chain(wizards(product, cast)).chain(requests(cast)).chain(others);
    all.map(place).chain([menu]).collect()
}

type Named = (&'static str, String);

fn products(product: &str, cast: &Cast) -> [Named; 7] {
    let at = |tab: &str| format!("/products/{product}{tab}");
    [
        ("products", "/products".to_owned()),
        ("product", at("")),
        ("product-items", at("/items")),
        ("product-parameters", at("/parameters")),
        ("product-templates", at("/templates")),
        ("product-template", at(&format!("/templates/{}", cast.template))),
        ("product-settings", at("/settings")),
    ]
}

fn subscriptions(cast: &Cast) -> [Named; 8] {
    let at = |tab: &str| format!("/subscriptions/{}{tab}", cast.active);
    [
        ("subscriptions", "/subscriptions".to_owned()),
        ("subscriptions-none", "/subscriptions?q=nobody".to_owned()),
        ("subscription", format!("/subscriptions/{}", cast.resumed)),
        ("subscription-items", at("/items")),
        ("subscription-parameters", at("/parameters")),
        ("subscription-details", at("/details")),
        ("subscription-tiers", at("/tiers")),
        ("subscription-fulfillment", format!("/subscriptions/{}/fulfillment", cast.resumed)),
    ]
}

fn wizards(product: &str, cast: &Cast) -> [Named; 10] {
    let Cast { active, suspended, resumed, resume, customer, .. } = cast;
    let create = format!("/subscriptions/new?offer={product}");
    let summary = format!("/subscriptions/{resumed}/resume/summary?request={resume}");
    [
        ("create", "/subscriptions/new".to_owned()),
        ("create-customer", format!("{create}&step=customer&customer=new")),
        ("create-items", format!("{create}&customer={customer}&step=items")),
        (
            "create-review",
            format!("{create}&customer={customer}&item_{product}-0001=12&step=review"),
        ),
        ("change", format!("/subscriptions/{active}/change")),
        ("change-items", format!("/subscriptions/{active}/change?step=items")),
        ("suspend", format!("/subscriptions/{active}/suspend")),
        ("cancel", format!("/subscriptions/{active}/cancel")),
        ("resume", format!("/subscriptions/{suspended}/resume")),
        ("resume-summary", summary),
    ]
}

fn requests(cast: &Cast) -> [Named; 15] {
    let Cast { pending, inquiring, failed, resume, .. } = cast;
    let at = |tab: &str| format!("/requests/{pending}{tab}");
    [
        ("fulfillment", "/subscriptions/fulfillment".to_owned()),
        ("request", at("")),
        ("request-items", at("/items")),
        ("request-details", at("/details")),
        ("request-tiers", at("/tiers")),
        ("request-chain", format!("/requests/{resume}/chain")),
        ("request-inquiring", format!("/requests/{inquiring}")),
        ("request-form", cast.form.clone()),
        ("request-failed", format!("/requests/{failed}")),
        ("request-edit", at("/update")),
        ("approve", at("/approve")),
        ("fail", at("/fail")),
        ("inquire", at("/inquire")),
        ("assign", at("/assign")),
        ("schedule", at("/schedule")),
    ]
}
