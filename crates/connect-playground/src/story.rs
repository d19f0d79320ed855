//! The story: a subscription is bought, put on hold and resumed; a second resume is refused.

use std::collections::{BTreeMap, BTreeSet};

use connect_demo_vendor::{Fault, FaultEffect, Refuse, TenantOperation};
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::{Asset, AssetId, AssetStatus, ProductItem, RequestStatus, TierAccount};
use connect_world::customer;
use fastrand::Rng;
use jiff::Timestamp;
use serde::Serialize;

use crate::chapter::Chapter;
use crate::error::Error;
use crate::evidence::check;
use crate::playground::Playground;
use crate::stage::{Act, Stage};

/// The vendor's reason to refuse.
pub const OVERDUE: &str = "The last invoice is overdue.";

/// The quantity that the customer orders.
const UNITS: u32 = 5;

/// A story that was played and is true.
#[derive(Debug, Serialize)]
pub struct Story {
    /// The endpoint of the platform.
    pub platform: String,
    /// The base address of the vendor's API.
    pub vendor: String,
    /// The product that was bought.
    pub product: String,
    /// The item that was bought, by its MPN.
    pub item: String,
    /// The subscription.
    pub asset: AssetId,
    /// The customer's name.
    pub customer: String,
    /// The vendor's id of the subscription's tenant.
    pub tenant: String,
    /// The chapters, in their order.
    pub chapters: Vec<Chapter>,
    /// The number of times the vendor carried out each operation.
    pub vendor_effects: BTreeMap<&'static str, usize>,
    /// The time it all took, in milliseconds.
    pub took_ms: i64,
}

/// The item and the customer it is about.
struct Cast {
    item: ProductItem,
    customer: TierAccount,
}

impl Story {
    /// Plays the story; `tell` is handed each chapter as soon as it is over. The seed invents the
    /// customer.
    ///
    /// # Errors
    ///
    /// [`Error::Story`] when anything differs from what is told, and the errors of `tell`.
    pub async fn play<E: From<Error>>(
        playground: &Playground,
        seed: u64,
        tell: impl Fn(&Chapter) -> Result<(), E>,
    ) -> Result<Self, E> {
        let stage = &Stage::new(playground);
        let random = &mut Rng::with_seed(seed);
        let cast = Cast { item: first_item(stage).await?, customer: customer::invented(random) };
        let mut chapters = vec![stage.play(purchase(stage, &cast)).await?];
        chapters.iter().try_for_each(&tell)?;
        let (asset, tenant) = bought(stage).await?;
        let acts = [hold(&asset), resume(&asset), hold_again(&asset), refused_resume(&asset)];
        for act in acts {
            if !act.refusal.is_empty() {
                stage.vendor.fault(overdue(&tenant));
            }
            let chapter = stage.play(act).await?;
            tell(&chapter)?;
            chapters.push(chapter);
        }
        Ok(Self {
            platform: stage.emulator.endpoint(),
            vendor: stage.vendor.url(),
            product: stage.emulator.product().to_string(),
            item: cast.item.mpn,
            vendor_effects: whole_log(stage, &tenant)?,
            asset,
            customer: cast.customer.name,
            tenant,
            chapters,
            took_ms: stage.millis(Timestamp::now()),
        })
    }
}

async fn first_item(stage: &Stage<'_>) -> Result<ProductItem, Error> {
    let path = format!("products/{}/items", stage.emulator.product());
    let item = stage.client.list_at::<ProductItem>(&path).first().await?;
    item.ok_or_else(|| Error::Story("the demo product has no item".to_owned()))
}

/// The one subscription there is, and the tenant whose id the processor wrote into it.
async fn bought(stage: &Stage<'_>) -> Result<(AssetId, String), Error> {
    let assets = stage.client.list::<Asset>();
    check("the number of subscriptions", assets.count().await?, 1)?;
    let asset = assets.first().await?;
    let tenant = asset
        .and_then(|asset| Some((asset.id.clone(), asset.value(acme::SUBSCRIPTION_ID)?.to_owned())));
    tenant.ok_or_else(|| Error::Story("the subscription does not name its tenant".to_owned()))
}

/// Counts the vendor's operations, and checks that the end is that of every story: one tenant,
/// enabled once, every effect under a key of its own.
fn whole_log(stage: &Stage<'_>, tenant: &str) -> Result<BTreeMap<&'static str, usize>, Error> {
    let log = stage.vendor.log();
    let (mut counts, mut keys) = (BTreeMap::new(), BTreeSet::new());
    for effect in &log {
        check("the vendor's tenant", effect.tenant.as_ref(), tenant)?;
        *counts.entry(effect.operation.as_str()).or_default() += 1;
        keys.extend(effect.key.as_deref());
    }
    let enabled = counts.get("enable").copied().unwrap_or_default();
    check(format_args!("how often the vendor enabled {tenant}"), enabled, 1)?;
    check("the number of idempotency keys", keys.len(), log.len())?;
    Ok(counts)
}

fn purchase(stage: &Stage<'_>, cast: &Cast) -> Act {
    let product = stage.emulator.product();
    let customer = NewTier::New(Box::new(cast.customer.clone()));
    let new = NewRequest::preview_purchase(&product)
        .tier("customer", &customer)
        .item(cast.item.id.as_str(), UNITS);
    Act {
        title: "A customer buys",
        ask: format!("{} orders {UNITS} × {}", cast.customer.name, cast.item.name),
        new,
        ends: RequestStatus::Approved,
        asset: AssetStatus::Active,
        effects: &[TenantOperation::Create, TenantOperation::SetLimit],
        refusal: "",
    }
}

fn hold(asset: &AssetId) -> Act {
    Act {
        title: "The subscription is put on hold",
        ask: "asks to suspend".to_owned(),
        new: NewRequest::suspend(asset),
        ends: RequestStatus::Approved,
        asset: AssetStatus::Suspended,
        effects: &[TenantOperation::Disable],
        refusal: "",
    }
}

fn resume(asset: &AssetId) -> Act {
    Act {
        title: "Actions → Resume",
        ask: "asks to resume".to_owned(),
        new: NewRequest::resume(asset),
        ends: RequestStatus::Approved,
        asset: AssetStatus::Active,
        effects: &[TenantOperation::Enable],
        refusal: "",
    }
}

fn hold_again(asset: &AssetId) -> Act {
    Act { title: "The customer stops paying", ..hold(asset) }
}

fn refused_resume(asset: &AssetId) -> Act {
    Act {
        title: "Actions → Resume, and the vendor says no",
        ends: RequestStatus::Failed,
        asset: AssetStatus::Suspended,
        effects: &[],
        refusal: OVERDUE,
        ..resume(asset)
    }
}

/// Returns the fault that the vendor refuses, once, to enable the tenant.
fn overdue(tenant: &str) -> Fault {
    let refuse =
        Refuse { status: 409, code: "payment_overdue".to_owned(), reason: OVERDUE.to_owned() };
    Fault::new(FaultEffect::Refuse(refuse))
        .of(tenant)
        .on_operation(TenantOperation::Enable)
        .times(1)
}
