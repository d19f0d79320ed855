//! A world with something on every page, and the way through all of them.

mod calendar;
mod resellers;
mod story;

use anyhow::Result;
use connect_emulator::Config;

use crate::Stage;
use calendar::Calendar;
use connect_world::scenario::Scenario;
use resellers::Resellers;
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
        let scenario = Scenario::demo().with_resellers();
        let clock = calendar.clock();
        let config = Config { clock, scenario, seed: Some(1), ..Config::default() };
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
    let all = all.chain(wizards(product, cast)).chain(requests(cast));
    let all = all.chain(resellers(&cast.resellers)).chain(others);
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

fn resellers(cast: &Resellers) -> [Named; 22] {
    let config = |tab: &str| format!("/tier-configs/{}{tab}", cast.config);
    let request = |tab: &str| format!("/tier-requests/{}{tab}", cast.update);
    let inquiring = format!("/tier-requests/{}", cast.inquiring);
    [
        ("tier-configs", "/tier-configs".to_owned()),
        ("tier-config", config("")),
        ("tier-config-parameters", config("/parameters")),
        ("tier-config-details", config("/details")),
        ("tier-config-tiers", config("/tiers")),
        ("tier-config-requests", config("/requests")),
        ("tier-config-subscriptions", config("/subscriptions")),
        ("tier-update", format!("/tier-configs/{}/update", cast.free)),
        ("tier-update-values", format!("/tier-configs/{}/update?step=values", cast.free)),
        ("tier-update-summary", config(&format!("/update?request={}", cast.update))),
        ("tier-requests", "/tier-requests".to_owned()),
        ("tier-request", request("")),
        ("tier-request-details", request("/details")),
        ("tier-request-tiers", request("/tiers")),
        ("tier-approve", request("/approve")),
        ("tier-fail", request("/fail")),
        ("tier-edit", request("/update")),
        ("tier-request-inquiring", inquiring),
        ("tier-form", cast.form.clone()),
        ("request-waiting", format!("/requests/{}", cast.waiting)),
        ("subscription-waiting", format!("/subscriptions/{}/tiers", cast.waiting_asset)),
        ("subscription-refused", format!("/subscriptions/{}", cast.refused_asset)),
    ]
}
