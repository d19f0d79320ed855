//! Purchases through resellers, and what is asked of those.

use anyhow::{Context, Result};
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::rql::field;
use connect_model::{
    AssetId, Contact, ContactInfo, RequestId, TierAccount, TierAccountId, TierConfigRequest,
};
use connect_world::command::TierAccountRequestCommand;
use serde_json::json;

use crate::Stage;

/// An account with an address.
#[must_use]
pub fn account(name: &str) -> TierAccount {
    let text = |text: &str| Some(text.to_owned());
    let contact = Contact {
        first_name: text("Robin"),
        last_name: text("Amsel"),
        email: text("robin@customer.example"),
        ..Contact::default()
    };
    let contact_info = ContactInfo {
        address_line1: text("Quay 7"),
        city: text("Hamburg"),
        postal_code: text("20457"),
        country: text("DE"),
        contact: Some(contact),
        ..ContactInfo::default()
    };
    let contact_info = Some(contact_info);
    let id = name.to_lowercase().replace(' ', "-");
    TierAccount {
        name: name.to_owned(),
        external_uid: Some(format!("uid-{id}")),
        external_id: Some(id),
        contact_info,
        ..TierAccount::default()
    }
}

/// A purchase of a customer through the resellers of the first and of the second tier.
///
/// # Errors
///
/// What the platform refuses.
pub async fn sold(stage: &Stage, customer: &str, tiers: [&str; 2]) -> Result<(RequestId, AssetId)> {
    let tier = |name| NewTier::New(Box::new(account(name)));
    let order = NewRequest::preview_purchase(&stage.emulator.product())
        .item("MPN-A", 20)
        .tier("customer", &tier(customer))
        .tier("tier1", &tier(tiers[0]))
        .tier("tier2", &tier(tiers[1]));
    let id = stage.request(&order).await?;
    let asset = stage.read(&id).await?.asset.id;
    Ok((id, asset))
}

/// Gives an account another person to write to; returns the id of the request about it.
///
/// # Errors
///
/// What the platform refuses.
pub async fn moved(stage: &Stage, account: &TierAccountId, email: &str) -> Result<String> {
    let contact = json!({"first_name": "Iker", "last_name": "Sanz", "email": email});
    let address = json!({
        "address_line1": "Av. Norte 12", "city": "Madrid", "postal_code": "28001", "country": "ES",
        "contact": contact,
    });
    let account = json!({"id": account, "contact_info": address});
    let body = json!({"type": "update", "account": account});
    let made = stage.apply(TierAccountRequestCommand::Create { body }).await?;
    let id = made[0]["id"].as_str().context("a request has an id")?;
    Ok(id.to_owned())
}

/// The newest request for a configuration of a tier.
///
/// # Errors
///
/// When there is none.
pub async fn newest(stage: &Stage, tier: u32) -> Result<TierConfigRequest> {
    let of_tier = field("configuration.tier_level").eq(tier.to_string());
    let found = stage.client()?.list::<TierConfigRequest>().filter(of_tier).first().await?;
    found.context("the tier was asked for something")
}
