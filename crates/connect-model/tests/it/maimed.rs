//! Objects with a piece missing: whatever is absent or `null`, all but ids, the rest is read.

use connect_model::{
    Asset, AssetRequest, AssetStatus, Message, Product, ProductItem, ProductParameter, Request,
    RequestStatus, Resource, Template, TierAccount,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A request as it was recorded in 2019: an asset without a status, a reseller that is not there.
fn of_2019() -> Value {
    serde_json::from_str(include_str!("of_2019.json")).unwrap()
}

fn product() -> Value {
    json!({
        "id": "PRD-111-222-333", "name": "Backup", "status": "published", "version": 3,
        "owner": {"id": "VA-111-222", "name": "Vendor"}, "icon": "/icon.png",
        "capabilities": {"subscription": {"hold": true}, "ppu": null},
        "events": {"created": {"at": "2019-05-14T08:44:15+00:00", "by": {"id": "UR-1"}}},
    })
}

/// The paths of all fields but ids, as JSON pointers.
fn fields(value: &Value, at: &str, found: &mut Vec<String>) {
    let pairs: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(rows) => {
            rows.iter().enumerate().map(|(no, it)| (no.to_string(), it)).collect()
        }
        _ => return,
    };
    for (name, inner) in pairs {
        let path = format!("{at}/{name}");
        if value.is_object() && name != "id" {
            found.push(path.clone());
        }
        fields(inner, &path, found);
    }
}

/// The object without a field, and the object with `null` in its place.
fn maimed(whole: &Value, path: &str) -> [Value; 2] {
    let (mut without, mut with_null) = (whole.clone(), whole.clone());
    let (parent, name) = path.rsplit_once('/').unwrap();
    without.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    *with_null.pointer_mut(path).unwrap() = Value::Null;
    [without, with_null]
}

/// Reads the object with each field gone in turn; what is written back can be read again.
fn survives<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(whole: &Value) {
    let mut paths = Vec::new();
    fields(whole, "", &mut paths);
    assert!(paths.len() >= 3, "{paths:?}");
    for path in paths {
        for maimed in maimed(whole, &path) {
            let read = serde_json::from_value::<T>(maimed.clone());
            assert!(
                read.is_ok(),
                "{path}: {read:?}
{maimed:#}"
            );
            let read = read.unwrap();
            let written = serde_json::to_value(&read).unwrap();
            assert_eq!(serde_json::from_value::<T>(written).unwrap(), read, "{path}");
        }
    }
}

#[test]
fn a_request_is_read_whatever_it_lacks_besides_ids() {
    survives::<AssetRequest>(&of_2019());
    let full = serde_json::from_str(include_str!("change.json")).unwrap();
    survives::<AssetRequest>(&full);
}

#[test]
fn an_asset_a_product_and_what_belongs_to_it_are_read_whatever_they_lack() {
    survives::<Asset>(&of_2019()["asset"]);
    survives::<Product>(&product());
    survives::<ProductItem>(
        &json!({"id": "PRD-1-0001", "name": "One", "mpn": "M", "local_id": "l",
        "type": "ppu", "unit": {"id": "u"}}),
    );
    survives::<ProductParameter>(&json!({"id": "PRM-1", "name": "key", "type": "text",
        "phase": "ordering", "scope": "asset", "title": "Key", "constraints": {"required": true}}));
    survives::<Template>(&json!({"id": "TL-1", "name": "T", "title": "T", "body": "# Hi",
        "scope": "asset", "type": "fulfillment"}));
    survives::<Message>(&json!({"id": "ME-1", "type": "message", "text": "Hi",
        "account": {"id": "VA-1", "name": "V"}, "creator": {"id": "UR-1", "name": "M"},
        "created": "2019-05-14T08:44:15+00:00"}));
}

/// Emulators of earlier versions kept these fields as they came.
#[test]
fn what_was_kept_before_it_was_looked_at_is_read() {
    for odd in [json!(5), json!(true), json!(["a"]), json!({"en": "x"}), Value::Null] {
        let item = json!({"id": "PRD-1-0001", "name": "One", "display_name": odd});
        let item: ProductItem = serde_json::from_value(item).unwrap();
        let text = odd.to_string();
        assert_eq!(
            item.shown_name(),
            if odd.is_number() || odd.is_boolean() { &text } else { "One" }
        );
        let account = json!({"id": "TA-1", "tax_id": odd});
        assert!(serde_json::from_value::<TierAccount>(account).is_ok(), "{odd}");
    }
}

#[test]
fn ids_alone_are_enough() {
    let request: AssetRequest =
        serde_json::from_value(json!({"id": "PR-1", "asset": {"id": "AS-1"}})).unwrap();
    assert!(request.status.is_unsaid() && request.kind.is_unsaid());
    assert_eq!(serde_json::to_value(&request).unwrap()["status"], Value::Null);
    assert!(serde_json::from_value::<AssetRequest>(json!({"asset": {"id": "AS-1"}})).is_err());
    let product: Product = serde_json::from_value(json!({"id": "PRD-1"})).unwrap();
    assert_eq!(product.id(), "PRD-1");
}

#[test]
fn words_nobody_knows_are_kept_and_other_things_are_no_words() {
    let asset =
        |status: Value| serde_json::from_value::<Asset>(json!({"id": "AS-1", "status": status}));
    let frozen = asset(json!("frozen")).unwrap().status;
    assert_eq!(frozen, AssetStatus::Other("frozen".into()));
    assert!(!frozen.is_unsaid());
    for other in [json!(7), json!(true), json!({}), json!(["active"])] {
        assert!(asset(other.clone()).is_err(), "{other}");
    }
}

#[test]
fn what_is_not_said_is_not_none() {
    let asset = |items: Value| -> Asset {
        serde_json::from_value(json!({"id": "AS-1", "items": items})).unwrap()
    };
    assert!(asset(json!([])).items().unwrap().is_empty());
    let unsaid = asset(Value::Null).items().unwrap_err();
    insta::assert_snapshot!(unsaid, @"asset AS-1 comes without `items`: what the platform does not say is not taken for none");
    let absent: Asset = serde_json::from_value(json!({"id": "AS-1"})).unwrap();
    assert_eq!(absent.items(), Err(unsaid));
}

#[test]
fn a_request_says_what_nobody_can_work_without() {
    let unsaid = |value: Value| {
        let request: AssetRequest = serde_json::from_value(value).unwrap();
        request.unsaid().map(|unsaid| unsaid.field)
    };
    let asset = json!({"id": "AS-1", "params": []});
    assert_eq!(unsaid(json!({"id": "PR-1", "type": "resume", "asset": asset})), None);
    let asset = json!({"id": "AS-1", "params": null});
    assert_eq!(
        unsaid(json!({"id": "PR-1", "type": "resume", "asset": asset})),
        Some("asset.params")
    );
    assert_eq!(unsaid(json!({"id": "PR-1", "type": null, "asset": {"id": "AS-1"}})), Some("type"));
    assert_eq!(unsaid(json!({"id": "PR-1", "type": "resume", "asset": null})), Some("asset"));
}

#[test]
fn dates_that_are_empty_are_none() {
    let request: AssetRequest = serde_json::from_value(json!({
        "id": "PR-1", "created": "", "planned_date": "", "events": {"approved": null, "created": {"at": ""}},
        "status": "pending"
    }))
    .unwrap();
    assert_eq!((request.created, request.planned_date), (None, None));
    assert_eq!(request.events["created"].at, None);
    assert_eq!(request.status, RequestStatus::Pending);
}
