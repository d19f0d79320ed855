//! The platform's objects, read and written back.

use connect_model::asset_request::action::{Approve, Fail, Inquire};
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::{
    Asset, AssetId, AssetRequest, AssetRequestType, Assignee, BadId, Capabilities, Capability,
    DateTime, ItemId, ParameterUpdate, ProductId, Quantity, Request as _, RequestId, RequestStatus,
    TemplateId, TierAccountId, TierConfigRequest, TierConfigStatus, UsageFile, UsageFileId,
    UsageFileStatus,
};
use serde_json::{Value, json};

/// A pending change with everything the platform writes, and words and fields nobody knows yet.
fn change() -> Value {
    serde_json::from_str(include_str!("change.json")).unwrap()
}

#[test]
fn unknown_words_and_fields_survive_a_round_trip() {
    let request: AssetRequest = serde_json::from_value(change()).unwrap();
    assert_eq!(request.kind, AssetRequestType::Other("teleport".into()));
    assert_eq!(request.status, RequestStatus::Other("pondering".into()));
    assert_eq!(serde_json::to_value(&request).unwrap(), change());
}

#[test]
fn what_was_set_up_is_read_by_key_and_what_is_not_said_is_not_none() {
    let request: AssetRequest = serde_json::from_value(change()).unwrap();
    let configuration = request.asset.configuration().unwrap();
    assert_eq!(configuration.value("region"), Some("eu-1"));
    assert_eq!(configuration.param("region").unwrap().rest["scope"], "marketplace");
    assert_eq!(configuration.value("plan"), None);

    let read = |configuration: Value| -> Asset {
        let item = json!({"id": "i", "quantity": 1, "params": [{"id": "sku", "value": "S-1"}]});
        let asset = json!({"id": "AS-1", "items": [item], "configuration": configuration});
        serde_json::from_value(asset).unwrap()
    };
    assert_eq!(read(json!({})).configuration().unwrap().params, []);
    assert_eq!(read(json!({})).items().unwrap()[0].value("sku"), Some("S-1"));
    let unsaid = read(Value::Null).configuration().unwrap_err().to_string();
    assert!(unsaid.starts_with("asset AS-1 comes without `configuration`"), "{unsaid}");
}

#[test]
fn what_old_payloads_write_differently_is_read() {
    let request: AssetRequest = serde_json::from_value(json!({
        "id": "PR-1", "type": "resume", "status": "pending", "note": null, "assignee": "Mo Hale",
        "previous_approved_request": "", "template": "", "events": null,
        "asset": {"id": "AS-1", "status": "active", "external_id": 108842, "params": null,
                  "items": [{"id": "i", "quantity": 3, "old_quantity": -1}],
                  "tiers": {"customer": {"id": "TA-1"}}}
    }))
    .unwrap();
    assert_eq!(request.assignee, Assignee::Name("Mo Hale".into()));
    assert_eq!(request.asset.external_id.as_deref(), Some("108842"));
    assert_eq!(request.asset.items().unwrap()[0].quantity, Quantity::from(3));
    assert_eq!(request.asset.items().unwrap()[0].old_quantity, Quantity::Unlimited);
    assert!(request.previous_approved_request.is_none());
    assert!(request.asset.tiers.tier1.is_none());
}

#[test]
fn instants_are_read_in_every_way_and_written_in_one() {
    for text in [
        "2024-03-19T12:21:32+00:00",
        "2024-03-19T12:21:32Z",
        "2024-03-19T13:21:32+01:00",
        "2024-03-19T12:21:32.000001",
        "2024-03-19T12:21:32",
    ] {
        let at: DateTime = text.parse().unwrap();
        assert_eq!(at.to_string(), "2024-03-19T12:21:32+00:00", "{text}");
    }
    assert_eq!("2024-03-19".parse::<DateTime>().unwrap().to_string(), "2024-03-19T00:00:00+00:00");
    insta::assert_snapshot!("soon".parse::<DateTime>().unwrap_err(), @"Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");
}

#[test]
fn ids_are_checked_when_people_type_them() {
    let id: Result<RequestId, BadId> = " PR-8027-7606-7082-003 ".parse();
    assert_eq!(id.unwrap(), "PR-8027-7606-7082-003");
    insta::assert_snapshot!("PR-8027".parse::<RequestId>().unwrap_err(), @"`PR-8027` is not a request id: expected the shape PR-dddd-dddd-dddd-ddd");
    let articles = [
        "PR".parse::<RequestId>().unwrap_err(),
        "AS".parse::<AssetId>().unwrap_err(),
        "IT".parse::<ItemId>().unwrap_err(),
        "TA".parse::<TierAccountId>().unwrap_err(),
    ];
    let words =
        articles.map(|bad| bad.to_string().split(':').next().unwrap_or_default().to_owned());
    assert_eq!(
        words,
        [
            "`PR` is not a request id",
            "`AS` is not an asset id",
            "`IT` is not an item id",
            "`TA` is not a tier account id",
        ]
    );
    assert_eq!(RequestId::of(&"AS-8027-7606-7082".into(), 3), "PR-8027-7606-7082-003");
    assert_eq!(ProductId::from_number(411_678_887), "PRD-411-678-887");
}

#[test]
fn quantities_keep_their_meaning() {
    for (text, shown, zero) in [
        ("12", "12", false),
        ("0", "0", true),
        ("1.50", "1.5", false),
        ("unlimited", "unlimited", false),
        ("", "0", true),
    ] {
        let quantity: Quantity = text.parse().unwrap();
        assert_eq!((quantity.to_string().as_str(), quantity.is_zero()), (shown, zero), "{text:?}");
    }
    assert!("-2".parse::<Quantity>().is_err());
    assert!("many".parse::<Quantity>().is_err());
    let item: Asset = serde_json::from_value(json!({"id": "AS-1", "status": "active", "items": [
        {"id": "new", "quantity": "1", "old_quantity": "0"}, {"id": "gone", "quantity": "0", "old_quantity": "1"},
        {"id": "same", "quantity": "2", "old_quantity": "2"}, {"id": "more", "quantity": "3", "old_quantity": "2"}]}))
    .unwrap();
    let kinds: Vec<_> = item
        .items()
        .unwrap()
        .iter()
        .map(|i| (i.is_new(), i.is_removed(), i.is_changed()))
        .collect();
    assert_eq!(
        kinds,
        [(true, false, false), (false, true, false), (false, false, false), (false, false, true)]
    );
}

#[test]
fn capabilities_merge_switch_by_switch() {
    let mut capabilities = Capabilities::new(
        json!({"subscription": {"hold": false, "schema": "evergreen"}, "ppu": null}),
    );
    assert!(!capabilities.is_on(Capability::Hold));
    capabilities.merge(&json!({"subscription": {"hold": true}}));
    assert!(capabilities.is_on(Capability::Hold));
    assert_eq!(capabilities.as_value()["subscription"]["schema"], "evergreen");
}

#[test]
fn bodies_are_what_the_platform_takes() {
    let product: ProductId = "PRD-411-678-887".into();
    let bodies = [
        json!(Approve { template_id: Some(TemplateId::from("TL-1")), ..Approve::default() }),
        json!(Fail { reason: "no".into() }),
        json!(Inquire::default()),
        json!(RequestUpdate::params([
            ParameterUpdate::value("a", "1"),
            ParameterUpdate::error("b", "wrong")
        ])),
        json!(
            NewRequest::preview_purchase(&product)
                .item("MPN-A", 3)
                .param(&ParameterUpdate::value("a", "1"))
                .draft()
        ),
        json!(NewRequest::suspend(&"AS-1".into())),
    ];
    let text: Vec<String> = bodies.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(text.join("\n"), @r##"
    {"template_id":"TL-1"}
    {"reason":"no"}
    {}
    {"asset":{"params":[{"id":"a","value":"1"},{"id":"b","value_error":"wrong"}]}}
    {"type":"purchase","asset":{"product":{"id":"PRD-411-678-887"},"connection":{"id":"CT-0000-0000-0000","type":"preview"},"items":[{"id":"MPN-A","quantity":"3"}],"params":[{"id":"a","value":"1"}]},"status":"draft"}
    {"type":"suspend","asset":{"id":"AS-1"}}
    "##);
}

/// A set-up as the platform writes it, with words and fields nobody knows yet.
fn set_up() -> Value {
    serde_json::from_str(include_str!("tier_setup.json")).unwrap()
}

#[test]
fn unknown_words_and_fields_of_a_tier_configuration_survive_a_round_trip() {
    let request: TierConfigRequest = serde_json::from_value(set_up()).unwrap();
    assert_eq!(request.configuration.tier_level, Some(2));
    assert_eq!(request.configuration.status, TierConfigStatus::Other("thinking".into()));
    assert_eq!(request.activation.as_ref().unwrap().link, "https://forms.example/TCR-1?code=8F2K");
    assert_eq!(serde_json::to_value(&request).unwrap(), set_up());
}

#[test]
fn a_tier_configuration_that_says_little_is_read_and_what_is_unsaid_is_named() {
    for (body, unsaid) in [
        (json!({"id": "TCR-1"}), Some("type")),
        (json!({"id": "TCR-1", "type": "setup"}), Some("configuration")),
        (
            json!({"id": "TCR-1", "type": "setup", "configuration": {"id": "TC-1"}}),
            Some("configuration.tier_level"),
        ),
        (
            json!({
                "id": "TCR-1", "type": "setup", "assignee": null, "tiers": {"tier1": {}},
                "configuration": {"id": "TC-1", "tier_level": "1", "account": null},
            }),
            Some("params"),
        ),
        (
            json!({
                "id": "TCR-1", "type": "setup", "params": [],
                "configuration": {"id": "TC-1", "tier_level": 1},
            }),
            None,
        ),
    ] {
        let request: TierConfigRequest = serde_json::from_value(body).unwrap();
        assert_eq!(request.unsaid().map(|unsaid| unsaid.field), unsaid);
    }
}

#[test]
fn actions_on_tier_configurations_are_sent_as_their_bodies() {
    use connect_model::tier_config_request::action::{ApprovalText, Approve, Assign, Fail};
    let template = Some(ApprovalText::Template("TL-1".into()));
    let markdown = Some(ApprovalText::Markdown("# Ready".to_owned()));
    for (sent, body) in [
        (json!(Approve { template, ..Default::default() }), json!({"template": {"id": "TL-1"}})),
        (
            json!(Approve { template: markdown, ..Default::default() }),
            json!({"template": {"representation": "# Ready"}}),
        ),
        (json!(Approve::default()), json!({})),
        (json!(Fail { reason: "No".to_owned() }), json!({"reason": "No"})),
        (
            json!(Assign { email: Some("ines@fernway.example".to_owned()), id: None }),
            json!({"email": "ines@fernway.example"}),
        ),
    ] {
        assert_eq!(sent, body);
    }
}

#[test]
fn a_usage_file_is_read_in_small_letters_and_in_capitals() {
    let read = |status: Value| -> UsageFile {
        let body = json!({"id": "UF-1", "status": status, "stats": null, "period": null, "x": 1});
        serde_json::from_value(body).unwrap()
    };
    assert_eq!(read(json!("READY")).status, UsageFileStatus::Ready);
    assert_eq!(read(json!("ready")).status, UsageFileStatus::Ready);
    assert_eq!(read(json!("Odd")).status, UsageFileStatus::Other("Odd".into()));
    assert!(read(Value::Null).status.is_unsaid());
    assert_eq!(serde_json::to_value(read(json!("ready"))).unwrap()["x"], 1);
    assert_eq!(UsageFileId::of((2024, 6), 44_710_093).as_str(), "UF-2024-06-4471-0093");
}
