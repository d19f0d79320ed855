//! The data of a customer or reseller has changed.

use std::collections::BTreeSet;

use connect_client::Client;
use connect_model::rql::field;
use connect_model::{Asset, ProductId, TierAccount, TierAccountRequest, TierConfig};
use connect_processor::{Context, Failure, Outcome};
use futures::TryStreamExt;

use crate::api::Contact;
use crate::{Acme, RESELLER_IDS, SUBSCRIPTION_ID};

/// Notes whom to write to about each tenant of the account. Of all its data, that is what Acme keeps.
pub(crate) async fn update(cx: Context<TierAccountRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let request = cx.request();
    let Some(contact) = contact(&request.account) else {
        return Ok(Outcome::ignore("The account names nobody to write to."));
    };
    let Some(product) = &request.product else {
        return Ok(Outcome::ignore("The request names no product."));
    };
    let tenants = tenants(cx.client(), &product.id, &request.account).await?;
    if tenants.is_empty() {
        return Ok(Outcome::ignore("Acme has no tenant of this account."));
    }
    for tenant in &tenants {
        // By what it acts on: what the platform says of a tenant's subscription may change, or be wrong.
        let step = cx.step(format!("set_contact.{tenant}"));
        step.run(|key| acme.set_contact(tenant, &contact, key)).await?;
    }
    Ok(Outcome::accept())
}

/// Returns the tenants of a customer's subscriptions, and those that a reseller has itself.
async fn tenants(
    client: &Client,
    product: &ProductId,
    account: &TierAccount,
) -> Result<BTreeSet<String>, Failure> {
    let account = account.id.as_str();
    let bought = field("product.id").eq(product.as_str())
        & field("tiers.customer.id").eq(account)
        & field("status").in_(["active", "suspended"]);
    let assets: Vec<Asset> = client.list().filter(bought).stream().try_collect().await?;
    let configured = field("product.id").eq(product.as_str()) & field("account.id").eq(account);
    let configs: Vec<TierConfig> = client.list().filter(configured).stream().try_collect().await?;
    assets.iter().try_for_each(|asset| asset.params().map(drop))?;
    configs.iter().try_for_each(|config| config.params().map(drop))?;
    let of_assets = assets.iter().filter_map(|asset| asset.value(SUBSCRIPTION_ID));
    let of_configs =
        configs.iter().filter_map(|config| RESELLER_IDS.iter().find_map(|key| config.value(key)));
    Ok(of_assets.chain(of_configs).map(str::to_owned).collect())
}

/// Returns the person of an account that letters go to.
fn contact(account: &TierAccount) -> Option<Contact> {
    let person = account.contact_info.as_ref()?.contact.as_ref()?;
    let email = person.email.clone().filter(|email| !email.is_empty())?;
    let names = [&person.first_name, &person.last_name].into_iter().flatten();
    let names: Vec<&str> = names.map(String::as_str).filter(|name| !name.is_empty()).collect();
    Some(Contact { name: names.join(" "), email })
}
