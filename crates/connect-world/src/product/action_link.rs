//! The links of a product's actions.

use std::fmt;

use connect_model::{ProductId, TemplateScope};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::format::is_http_url;
use crate::product::record::ProductRecord;
use crate::read::visible_asset;
use crate::setting::API_PATH;
use crate::state::State;

/// The time for which a link can be followed, in seconds.
const LIFE: i64 = 60;

/// Where products have the address that links of actions lead to.
pub(crate) const ACTION_URL: &str = "customer_ui_settings.action.url";

/// The most bytes of an address.
const LONGEST_URL: usize = 4096;

/// What an action is taken of, as a caller names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionSubject<'a> {
    /// A subscription.
    Asset(&'a str),
    /// A tier configuration.
    TierConfig(&'a str),
}

/// A link that is about to be signed. Its key does not print.
pub struct ActionLink {
    /// The vendor's address.
    pub url: String,
    /// The key that signs the token.
    pub secret: Box<str>,
    /// The claims of the token; who signs it makes it one that there was not before.
    pub claims: Value,
}

impl fmt::Debug for ActionLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionLink").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Returns the link of an action to what it is taken of.
pub(crate) fn action_link(
    state: &State,
    at: Timestamp,
    who: &Actor,
    product: &ProductId,
    action: &str,
    of: ActionSubject<'_>,
) -> Result<ActionLink, Denial> {
    let record = state.shared.visible_product(who, product)?;
    let action = record.actions.iter().find(|it| it.id == *action);
    let action = action.ok_or_else(Denial::not_found)?;
    let (claim, id) = match of {
        ActionSubject::Asset(id) => {
            must_be_of(&action.scope, &TemplateScope::Asset, "asset_id")?;
            let asset = visible_asset(state, who, id).ok().filter(|(it, _)| it.product == *product);
            let unknown = || Denial::invalid("asset_id: Subscription does not exist.");
            ("asset_id", asset.ok_or_else(unknown)?.0.id.to_string())
        }
        ActionSubject::TierConfig(id) => {
            let token = who.token()?;
            let config = state.tier_configs.get(id).filter(|config| {
                let key = &config.key;
                key.product == *product
                    && state.shared.may_see(token, key.product.as_str(), &key.connection)
            });
            let unknown = || Denial::invalid("tier_config_id: Tier configuration does not exist.");
            let config = config.ok_or_else(unknown)?;
            let level = match config.key.level {
                2 => TemplateScope::Tier2,
                _ => TemplateScope::Tier1,
            };
            must_be_of(&action.scope, &level, "tier_config_id")?;
            ("configuration_id", config.id.to_string())
        }
    };
    let secret = record.action_secret.as_ref().ok_or_else(|| {
        let path = format!("{API_PATH}/products/{product}/actions/regeneratesecret");
        Denial::invalid(format!("The product has no key for its actions yet: POST {path}."))
    })?;
    let now = at.as_second();
    let claims = json!({
        "action_id": action.action,
        claim: id,
        "api_url": format!("{}{API_PATH}", state.setting.base_url),
        "iat": now,
        "exp": now + LIFE,
    });
    Ok(ActionLink { url: record.action_url()?, secret: secret.reveal().into(), claims })
}

fn must_be_of(scope: &TemplateScope, of: &TemplateScope, field: &str) -> Result<(), Denial> {
    if scope == of {
        return Ok(());
    }
    Err(Denial::invalid(format!("{field}: The action is of scope {}.", scope.as_str())))
}

impl ProductRecord {
    /// Returns the address that links of actions lead to, where old products have it: among the
    /// settings of their pages.
    fn action_url(&self) -> Result<String, Denial> {
        let url = self.product.rest.get("customer_ui_settings");
        let url = url.and_then(|settings| settings.pointer("/action/url")?.as_str());
        let Some(url) = url.filter(|url| !url.is_empty()) else {
            return Err(Denial::invalid(format!("{ACTION_URL}: The product says no address.")));
        };
        // Files of earlier versions may have any.
        match is_action_url(url) {
            true => Ok(url.to_owned()),
            false => Err(Denial::invalid(format!("{ACTION_URL}: Enter a valid URL."))),
        }
    }
}

/// Whether links of actions can lead to an address.
pub(crate) fn is_action_url(url: &str) -> bool {
    is_http_url(url) && url.len() <= LONGEST_URL && url.bytes().all(|byte| byte.is_ascii_graphic())
}
