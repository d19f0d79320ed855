//! The rows of tables about tier configurations, and what is said of one everywhere.

use connect_model::tier_config_request::ResellerTiers;
use connect_model::{TierAccount, TierConfig, TierConfigRequest, created_at};

use crate::ui::kit::Facts;
use crate::ui::mark::{Mark, title};
use crate::ui::rows::{Tier, environment_of};
use crate::ui::shell::Shell;
use crate::ui::when::When;

/// A configuration in a list.
pub(in crate::ui) struct ConfigRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) reseller: String,
    /// The reseller's id in the hub.
    pub(in crate::ui) external_id: Option<String>,
    pub(in crate::ui) level: String,
    pub(in crate::ui) environment: Option<String>,
    pub(in crate::ui) product: String,
    pub(in crate::ui) product_id: String,
    pub(in crate::ui) created: Option<When>,
    pub(in crate::ui) mark: Mark,
}

impl ConfigRow {
    pub(in crate::ui) fn new(config: &TierConfig, shell: &Shell) -> Self {
        Self {
            id: config.id.to_string(),
            reseller: reseller(config).to_owned(),
            external_id: config.account.external_id.clone().filter(|id| !id.is_empty()),
            level: level(config),
            environment: environment(config),
            product: product(config).to_owned(),
            product_id: product_id(config),
            created: shell.when(created_at(&config.events)),
            mark: Mark::from(&config.status),
        }
    }
}

/// A request in a list.
pub(in crate::ui) struct TierRequestRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) kind: String,
    pub(in crate::ui) config: ConfigRow,
    pub(in crate::ui) assignee: String,
    pub(in crate::ui) created: Option<When>,
    pub(in crate::ui) mark: Mark,
    pub(in crate::ui) reason: String,
}

impl TierRequestRow {
    pub(in crate::ui) fn new(request: &TierConfigRequest, shell: &Shell) -> Self {
        Self {
            id: request.id.to_string(),
            kind: title(request.kind.as_str()),
            config: ConfigRow::new(&request.configuration, shell),
            assignee: request.assignee.name().to_owned(),
            created: shell.when(created_at(&request.events)),
            mark: Mark::from(&request.status),
            reason: request.reason.clone().unwrap_or_default(),
        }
    }
}

/// Returns resellers as a chain shows them, from the customer up.
pub(in crate::ui) fn chain(resellers: Option<&ResellerTiers>) -> Vec<Tier> {
    let Some(resellers) = resellers else { return Vec::new() };
    let levels = [("Tier 1", &resellers.tier1), ("Tier 2", &resellers.tier2)];
    let tier = |(level, account): (&'static str, &Option<Box<TierAccount>>)| {
        let account = account.as_deref().filter(|account| !account.id.as_str().is_empty())?;
        Some(Tier { level, account: account.clone(), config: None })
    };
    levels.into_iter().filter_map(tier).collect()
}

/// Returns a chain with the resellers' configurations.
pub(in crate::ui) fn with_configs(chain: Vec<Tier>, configs: &[&TierConfig]) -> Vec<Tier> {
    let config = |tier: &Tier| {
        let found = configs.iter().find(|config| level(config) == tier.level);
        found.map(|config| config.id.to_string())
    };
    chain.into_iter().map(|tier| Tier { config: config(&tier), ..tier }).collect()
}

/// Returns the reseller's level as the platform's pages call it.
pub(in crate::ui) fn level(config: &TierConfig) -> String {
    config.tier_level.map(|level| format!("Tier {level}")).unwrap_or_default()
}

/// Returns the reseller's name; where it has none, its id.
pub(in crate::ui) fn reseller(config: &TierConfig) -> &str {
    config.account.name_or_id()
}

pub(in crate::ui) fn product(config: &TierConfig) -> &str {
    config.product.as_ref().and_then(|it| it.name.as_deref()).unwrap_or_default()
}

pub(in crate::ui) fn product_id(config: &TierConfig) -> String {
    config.product.as_ref().map(|it| it.id.to_string()).unwrap_or_default()
}

/// Returns the tag of a configuration for what is not sold for real.
pub(in crate::ui) fn environment(config: &TierConfig) -> Option<String> {
    environment_of(config.connection.as_ref())
}

/// Adds whom a configuration is for.
pub(in crate::ui) fn config_facts(facts: Facts, config: &TierConfig) -> Facts {
    let marketplace = config.marketplace.as_ref().and_then(|it| it.name.as_deref());
    facts
        .text("Reseller", reseller(config))
        .text("Level", level(config))
        .link("Product", product(config), format!("/products/{}", product_id(config)))
        .text("Marketplace", marketplace.unwrap_or_default())
}
