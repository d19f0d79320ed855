//! Whose accounts the resellers of requests are.

use connect_world::Collection;
use connect_world::command::{RequestCommand, TierAccountCommand, TierConfigRequestCommand};
use serde_json::{Value, json};

use super::{Tiers as _, named, order_body, reseller, stage};
use crate::stage::{said, text};

/// A reseller that buys for itself is a customer and a reseller.
#[test]
fn a_customer_through_whom_somebody_bought_is_set_up_as_a_reseller() {
    let mut stage = stage(1);
    let buy = |body| RequestCommand::Create { body };
    let own = stage.order_body();
    let bought = stage.by_distributor(buy(own)).unwrap();
    let account = text(&bought, "/asset/tiers/customer/id");
    let mut set_up = named(&stage, "1");
    set_up["configuration"]["account"] = json!({"id": account});
    let create = |body: &Value| TierConfigRequestCommand::Create { body: body.clone() };
    let refused = said(stage.by_distributor(create(&set_up)));
    assert!(refused.contains("Account is not a reseller."), "{refused}");

    let mut sale = order_body(&stage, "another");
    sale["asset"]["tiers"]["tier1"] = json!({"id": account});
    let sold = stage.by_distributor(buy(sale)).unwrap();
    assert_eq!(text(&sold, "/status"), "tiers_setup");
    let open = text(&stage.at(1), "/id");
    let refused = said(stage.by_distributor(create(&set_up)));
    assert!(refused.contains(&open), "{refused}");
}

#[test]
fn a_vendors_trial_names_no_account_of_a_distributor() {
    let mut stage = stage(1);
    let order = stage.order();
    let account = text(&order, "/asset/tiers/customer/id");
    let seen = stage.read(&Collection::TierAccounts, &account);
    assert!(seen.is_ok(), "the vendor sees who bought from it");
    let before = stage.world.dump();

    let mut told = Vec::new();
    for level in ["customer", "tier1", "tier2"] {
        let mut body = stage.trial_body();
        body["asset"]["tiers"] = json!({level: {"id": account}});
        told.push(said(stage.by_vendor(RequestCommand::Create { body })));
    }
    let body = json!({
        "type": "setup",
        "configuration": {
            "product": {"id": stage.product()}, "tier_level": 1, "account": {"id": account},
            "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
        },
    });
    told.push(said(stage.create(body)));
    let mut body = reseller("near");
    body["type"] = json!("reseller");
    body["parent"] = json!({"id": account});
    told.push(said(stage.by_vendor(TierAccountCommand::Create { body })));
    insta::assert_snapshot!(told.join("\n"), @"
    invalid: VAL_001 - asset.tiers.customer.id: Account does not exist.
    invalid: VAL_001 - asset.tiers.tier1.id: Account does not exist.
    invalid: VAL_001 - asset.tiers.tier2.id: Account does not exist.
    invalid: VAL_001 - configuration.account.id: Account does not exist.
    invalid: VAL_001 - parent.id: Account does not exist.
    ");
    assert_eq!(stage.world.dump(), before);
}

/// Hubs name the reseller above beside the one that is set up.
#[test]
fn a_set_up_below_a_named_reseller_waits_for_that_one() {
    let mut stage = stage(2);
    let mut body = named(&stage, "1");
    body["configuration"]["parent_account"] = reseller("far");
    let made = stage.by_distributor(TierConfigRequestCommand::Create { body }).unwrap();
    assert_eq!(text(&made, "/status"), "tiers_setup");
    let at = |pointer| text(&made, pointer);
    assert_eq!(
        [at("/tiers/tier1/name"), at("/tiers/tier2/name"), at("/tiers/tier1/parent/name")],
        ["near", "far", "far"]
    );
    assert_eq!(text(&stage.at(2), "/configuration/account/name"), "far");

    let before = stage.world.dump();
    let mut wrong = named(&stage, "1");
    wrong["configuration"]["account"] = reseller("third");
    wrong["configuration"]["parent_account"] = json!({"id": "TA-1"});
    let refused = said(stage.by_distributor(TierConfigRequestCommand::Create { body: wrong }));
    assert!(refused.contains("configuration.parent_account.id: Account does not"), "{refused}");
    assert_eq!(stage.world.dump(), before);
}
