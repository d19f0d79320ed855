//! What vendors declare.

use connect_clock::Clock;
use connect_world::Collection;
use connect_world::Command;
use connect_world::DenialKind;
use connect_world::command::{
    ItemCommand, ParameterCommand, ProductCommand, RequestCommand, TemplateCommand,
};
use serde_json::{Value, json};

use crate::stage::{Stage, said, text};

fn product(stage: &mut Stage) -> connect_model::ProductId {
    let made = stage.by_vendor(ProductCommand::Create { body: json!({"name": "Fernway Vault"}) });
    text(&made.unwrap(), "/id").into()
}

#[test]
fn a_new_product_is_a_draft_with_three_templates() {
    let mut stage = Stage::demo();
    let id = product(&mut stage);
    let shown = stage.read(&Collection::Products, id.as_str()).unwrap();
    assert_eq!(text(&shown, "/status"), "draft");
    let (names, _) = names(&stage, &Collection::Templates(id));
    assert_eq!(
        names,
        ["Default Pending Template", "Default Inquiring Template", "Default Activation Template"]
    );
}

fn names(stage: &Stage, collection: &Collection) -> (Vec<String>, String) {
    let listed = stage.world.list(stage.clock.now(), &stage.vendor, collection, "").unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&listed.body).unwrap();
    (rows.iter().map(|row| text(row, "/name")).collect(), listed.range.to_string())
}

#[test]
fn capabilities_are_merged_switch_by_switch() {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"change": {"scheduling": true}}}));
    let shown = stage.read(&Collection::Products, stage.product().as_str()).unwrap();
    let at = |path: &str| text(&shown, &format!("/capabilities/subscription/{path}"));
    assert_eq!((at("hold"), at("change/scheduling")), ("true".into(), "true".into()));
    assert_eq!(text(&shown, "/configurations/suspend_resume_supported"), "true");

    let id = stage.product();
    let before = stage.world.dump();
    let told = [
        json!({"tiers": {"configs": {"level": 3}}}),
        json!({"tiers": {"configs": {"level": "2"}}}),
        json!({"tiers": {"configs": true}}),
        json!({"tiers": null}),
        json!({"inquiring": 5}),
        json!({"subscription": {"hold": "yes"}}),
        json!({"ppu": true}),
        json!({"ppu": ["QT"]}),
        json!({"ppu": {"schema": "XX"}}),
        json!({"ppu": {"schema": 1}}),
    ]
    .map(|capabilities| {
        let (id, body) = (id.clone(), json!({"capabilities": capabilities}));
        said(stage.by_vendor(ProductCommand::Update { id, body }))
    });
    insta::assert_snapshot!(told.join("\n"), @r#"
        invalid: VAL_001 - capabilities.tiers.configs.level: Not a valid choice.
        invalid: VAL_001 - capabilities.tiers.configs.level: Not a valid choice.
        invalid: VAL_001 - capabilities.tiers.configs.level: Not a valid choice.
        invalid: VAL_001 - capabilities.tiers: Invalid data. Expected a dictionary, but got NoneType.
        invalid: VAL_001 - capabilities.inquiring: Invalid data. Expected a dictionary, but got int.
        invalid: VAL_001 - capabilities.subscription.hold: Must be a valid boolean.
        invalid: VAL_001 - capabilities.ppu: Invalid data. Expected a dictionary, but got bool.
        invalid: VAL_001 - capabilities.ppu: Invalid data. Expected a dictionary, but got list.
        invalid: VAL_001 - capabilities.ppu.schema: "XX" is not a valid choice.
        invalid: VAL_001 - capabilities.ppu.schema: Not a valid string.
        "#);
    assert_eq!(stage.world.dump(), before);
}

#[test]
fn only_drafts_without_subscriptions_are_deleted() {
    let mut stage = Stage::demo();
    let id = product(&mut stage);
    let demo = stage.product();
    assert!(said(stage.by_vendor(ProductCommand::Delete { id: demo })).contains("Only draft"));
    stage.by_vendor(ProductCommand::Delete { id: id.clone() }).unwrap();
    assert_eq!(
        stage.read(&Collection::Products, id.as_str()).unwrap_err().kind,
        DenialKind::NotFound
    );

    let tried = self::product(&mut stage);
    let body = json!({"name": "Seat", "mpn": "MPN-A", "type": "reservation"});
    stage.by_vendor(ItemCommand::Create { product: tried.clone(), body }).unwrap();
    let mut body = stage.trial_body();
    body["asset"]["product"]["id"] = json!(tried);
    stage.by_vendor(RequestCommand::Create { body }).unwrap();
    assert_eq!(
        said(stage.by_vendor(ProductCommand::Delete { id: tried })),
        "invalid: VAL_001 - Product with subscriptions cannot be deleted."
    );
}

#[test]
fn items_follow_their_rules() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let mut lines = String::new();
    let mut create = |stage: &mut Stage, body: Value| {
        let said = said(stage.by_vendor(ItemCommand::Create { product: product.clone(), body }));
        lines += &format!("{said}\n");
    };
    create(
        &mut stage,
        json!({"name": "Seat", "mpn": "S", "type": "Reservation", "period": "Yearly"}),
    );
    create(&mut stage, json!({"name": "Seat", "mpn": "S2", "type": "reservation"}));
    create(&mut stage, json!({"name": "Gb", "mpn": "G", "type": "PPU", "period": "yearly"}));
    create(&mut stage, json!({"name": "Gb", "mpn": "G", "type": "loan"}));
    create(&mut stage, json!({"name": "Gb", "type": "PPU"}));
    create(
        &mut stage,
        json!({"name": "Gb", "mpn": "G", "type": "PPU", "local_id": "PRD_411_678_887_0002"}),
    );
    let delete = |id: &str| ItemCommand::Delete { product: product.clone(), id: id.to_owned() };
    lines += &format!("{}\n", said(stage.by_vendor(delete("PRD-411-678-887-0001"))));
    lines += &format!("{}\n", said(stage.by_vendor(delete("PRD_411_678_887_0002"))));
    let update = ItemCommand::Update {
        product: product.clone(),
        id: "PRD-411-678-887-0001".to_owned(),
        body: json!({"period": "yearly"}),
    };
    lines += &said(stage.by_vendor(update));
    insta::assert_snapshot!(lines, @r#"
    ok draft
    invalid: VAL_001 - name: Item with same name already exists for the product.
    invalid: VAL_001 - period: Pay-as-you-go items are billed monthly.
    invalid: VAL_001 - type: "loan" is not a valid choice.
    invalid: VAL_001 - mpn: This field is required.
    invalid: VAL_001 - local_id: Item with same local_id already exists for the product.
    invalid: PRD_038 - Only draft Item can be deleted.
    ok 
    invalid: VAL_001 - period: This field cannot be changed.
    "#);
}

#[test]
fn a_unit_is_named_by_its_id_or_described() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let mut made = |number: u32, unit: Value| {
        let (name, mpn) = (format!("Item {number}"), format!("MPN-{number}"));
        let body = json!({"name": name, "mpn": mpn, "type": "reservation", "unit": unit});
        let made = stage.by_vendor(ItemCommand::Create { product: product.clone(), body }).unwrap();
        let unit = &made["unit"];
        [&unit["id"], &unit["title"], &unit["unit"]].map(|it| it.as_str().unwrap().to_owned())
    };
    // The demo's own item is counted in devices.
    assert_eq!(made(1, json!({"id": "devices"})), ["devices", "Devices", "unit"]);
    assert_eq!(made(2, json!({"id": "GB"})), ["GB", "Units", "GB"]);
    assert_eq!(made(3, json!({"title": "Seats"})), ["unit", "Seats", "unit"]);
    let nothing = [Value::Null, json!({}), json!({"id": null}), json!("")];
    for (number, nothing) in (4..).zip(nothing) {
        assert_eq!(made(number, nothing), ["unit", "Units", "unit"]);
    }

    let shown = stage.read(&Collection::Items(product.clone()), "PRD-411-678-887-0001").unwrap();
    let mut put = |unit: Value| {
        let (product, id) = (product.clone(), "PRD-411-678-887-0001".to_owned());
        stage.by_vendor(ItemCommand::Update { product, id, body: json!({"unit": unit}) })
    };
    for same in [shown["unit"].clone(), json!({"id": "devices"}), Value::Null, json!({})] {
        assert_eq!(put(same).unwrap()["unit"], shown["unit"]);
    }
    assert_eq!(put(json!({"title": "Phones"})).unwrap()["unit"]["id"], "devices");
    for (odd, why) in [
        (json!("GB"), "unit: Invalid data. Expected a dictionary, but got str."),
        (json!(["GB"]), "unit: Invalid data. Expected a dictionary, but got list."),
        (json!({"id": ["GB"]}), "unit.id: Not a valid string."),
        (json!({"title": {"en": "GB"}}), "unit.title: Not a valid string."),
    ] {
        assert!(said(put(odd)).contains(why), "{why}");
    }
}

#[test]
fn what_a_parameter_is_never_changes() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let made = stage.add_parameter(json!({
        "name": "region", "type": "text", "phase": "ordering", "scope": "asset",
    }));
    let id: connect_model::ParameterId = text(&made, "/id").into();
    assert_eq!(id, "PRM-411-678-887-0003");
    let mut update = |body: Value| {
        let (product, id) = (product.clone(), id.clone());
        said(stage.by_vendor(ParameterCommand::Update { product, id, body }))
    };
    assert!(
        update(json!({"phase": "fulfillment"})).contains("phase: This field cannot be changed.")
    );
    assert!(update(json!({"name": "zone"})).contains("name: This field cannot be changed."));
    assert_eq!(update(json!({"title": "Region", "constraints": {"required": true}})), "ok ");
    let long = "t".repeat(256);
    let refused = "invalid: VAL_001 - title: Ensure this field has no more than 255 characters.";
    assert_eq!(update(json!({"title": long})), refused);
    let body = json!({
        "name": "zone", "title": long, "type": "text", "phase": "ordering", "scope": "asset",
    });
    assert_eq!(said(stage.by_vendor(ParameterCommand::Create { product, body })), refused);
}

#[test]
fn a_deleted_parameter_stays_in_requests_that_have_it() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let delete =
        ParameterCommand::Delete { product: stage.product(), id: "PRM-411-678-887-0002".into() };
    stage.by_vendor(delete).unwrap();
    let old = stage.read(&Collection::Requests, &text(&request, "/id")).unwrap();
    let new = stage.trial();
    let count = |request: &Value| request["asset"]["params"].as_array().unwrap().len();
    assert_eq!((count(&old), count(&new)), (2, 1));
}

#[test]
fn the_last_template_of_its_kind_stays() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let body = json!({"name": "Again", "body": "x", "scope": "asset", "type": "fulfillment"});
    let made = stage.by_vendor(TemplateCommand::Create { product: product.clone(), body }).unwrap();
    let mut delete = |id: &str| {
        let command = TemplateCommand::Delete { product: product.clone(), id: id.into() };
        said(stage.by_vendor(command))
    };
    assert_eq!(delete("TL-120-774-336"), "ok ");
    assert!(delete(&text(&made, "/id")).contains("The last template"));
}

#[test]
fn a_deleted_template_keeps_its_name_where_it_is_shown_and_is_chosen_no_more() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let pending = "TL-120-774-338";
    let body = json!({"name": "Again", "body": "x", "scope": "asset", "type": "pending"});
    stage.by_vendor(TemplateCommand::Create { product: product.clone(), body }).unwrap();
    let request = stage.trial();
    assert_eq!(text(&request, "/template/id"), pending);
    let delete = TemplateCommand::Delete { product: product.clone(), id: pending.into() };
    stage.by_vendor(delete.clone()).unwrap();

    let shown = stage.read(&Collection::Requests, &text(&request, "/id")).unwrap();
    assert_eq!(text(&shown, "/template/name"), "Default Pending Template");
    assert_eq!(text(&stage.trial(), "/template/name"), "Again");
    let templates = Collection::Templates(product);
    assert_eq!(stage.read(&templates, pending).unwrap_err().kind, DenialKind::NotFound);
    assert_eq!(
        stage.world.render(&stage.vendor, &templates, pending).unwrap_err().kind,
        DenialKind::NotFound
    );
    assert_eq!(stage.by_vendor(delete).unwrap_err().kind, DenialKind::NotFound);
}

#[test]
fn parts_tell_when_they_were_changed() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let (item, template) = ("PRD-411-678-887-0001", "TL-120-774-336");
    let body = json!({"description": "New"});
    let item = ItemCommand::Update { product: product.clone(), id: item.to_owned(), body };
    let body = json!({"description": "New"});
    let id = "PRM-411-678-887-0002".into();
    let parameter = ParameterCommand::Update { product: product.clone(), id, body };
    let body = json!({"body": "New"});
    let template = TemplateCommand::Update { product, id: template.into(), body };
    for edit in [Command::from(item), parameter.into(), template.into()] {
        let edited = stage.by_vendor(edit).unwrap();
        assert_eq!(text(&edited, "/events/created/at"), "2024-01-10T08:00:00+00:00");
        assert!(text(&edited, "/events/updated/at").starts_with("2024-06-11"), "{edited}");
    }
}

#[test]
fn headings_and_content_are_shown_on_the_product_and_not_in_requests() {
    let mut stage = Stage::demo();
    for kind in ["heading", "content"] {
        stage.add_parameter(json!({
            "name": kind, "type": kind, "phase": "ordering", "scope": "asset",
            "constraints": {"required": true},
        }));
    }
    assert_eq!(stage.ids(&Collection::Parameters(stage.product()), "").0.len(), 4);
    let request = stage.trial();
    assert_eq!(request["asset"]["params"].as_array().unwrap().len(), 2);
    assert_eq!(text(&request, "/status"), "pending");
    assert!(stage.set_param(&text(&request, "/id"), "heading", "x").is_err());
}

#[test]
fn a_preview_connection_is_never_listed() {
    let stage = Stage::demo();
    let (ids, range) = stage.ids(&Collection::Connections(stage.product()), "");
    assert_eq!((ids, range), (vec!["CT-6204-1187-3390".to_owned()], "items 0-0/1".to_owned()));
}

#[test]
fn what_an_edit_would_lose_is_refused_and_what_is_shown_may_be_sent_back() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let parameter = "PRM-411-678-887-0002";
    let (item, template) = ("PRD-411-678-887-0001", "TL-120-774-336");
    let edit = |part: &str, body: Value| -> Command {
        let product = product.clone();
        match part {
            "item" => ItemCommand::Update { product, id: item.to_owned(), body }.into(),
            "parameter" => ParameterCommand::Update { product, id: parameter.into(), body }.into(),
            "template" => TemplateCommand::Update { product, id: template.into(), body }.into(),
            _ => ProductCommand::Update { id: product, body }.into(),
        }
    };
    let before = stage.world.dump();
    let told = [
        ("product", json!({"status": "endofsale"})),
        ("product", json!({"icon": "/media/other.png"})),
        ("product", json!({"capabilities": {"subscription": {"schema": "sometimes"}}})),
        ("product", json!({"category": {"name": "Backup"}})),
        ("item", json!({"status": "draft"})),
        ("item", json!({"local_id": "another"})),
        ("item", json!({"applicability": "cb"})),
        ("parameter", json!({"scope": ["tier1"]})),
        ("parameter", json!({"shared": "view"})),
        ("parameter", json!({"constraints": "required"})),
        ("template", json!({"scope": "tier1"})),
        ("template", json!({"type": "inquire"})),
        ("template", json!({"position": 5})),
    ]
    .map(|(part, body)| format!("{part}: {}", said(stage.by_vendor(edit(part, body)))));
    insta::assert_snapshot!(told.join("\n"), @r#"
        product: invalid: VAL_001 - status: This field cannot be changed.
        product: not emulated: EMU_001 - Not emulated yet: another value for icon of a product. Nothing was changed.
        product: invalid: VAL_001 - capabilities.subscription.schema: "sometimes" is not a valid choice.
        product: invalid: VAL_001 - category.id: This field is required.
        item: invalid: VAL_001 - status: This field cannot be changed.
        item: invalid: VAL_001 - local_id: This field cannot be changed.
        item: not emulated: EMU_001 - Not emulated yet: another value for applicability of an item. Nothing was changed.
        parameter: invalid: VAL_001 - scope: Not a valid string.
        parameter: invalid: VAL_001 - shared: This field belongs in constraints.
        parameter: invalid: VAL_001 - constraints: Invalid data. Expected a dictionary, but got str.
        template: invalid: VAL_001 - scope: This field cannot be changed.
        template: invalid: VAL_001 - type: This field cannot be changed.
        template: invalid: VAL_001 - position: This field cannot be changed.
        "#);
    assert_eq!(stage.world.dump(), before);

    let unsaid = json!({"capabilities": {"subscription": {"schema": null}}, "icon": null});
    let told = stage.by_vendor(edit("product", unsaid)).unwrap();
    assert_eq!(text(&told, "/capabilities/subscription/schema"), "evergreen");

    let parts = [
        ("product", Collection::Products, product.as_str()),
        ("item", Collection::Items(product.clone()), item),
        ("parameter", Collection::Parameters(product.clone()), parameter),
        ("template", Collection::Templates(product.clone()), template),
    ];
    for (part, collection, id) in parts {
        let shown = stage.read(&collection, id).unwrap();
        // Once more with dates that have passed meanwhile.
        for _ in 0..2 {
            stage.by_vendor(edit(part, shown.clone())).unwrap();
        }
        let mut after = stage.read(&collection, id).unwrap();
        after["events"] = shown["events"].clone();
        assert_eq!(after, shown, "{part}");
    }
}

#[test]
fn what_a_new_part_would_lose_is_refused() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let parameter = json!({
        "name": "zone", "type": "text", "phase": "configuration", "scope": "product",
        "shared": "edit",
    });
    let item = json!({"name": "Disk", "mpn": "D", "type": "ppu", "applicability": "cb"});
    let template = json!({
        "name": "Again", "body": "x", "scope": "asset", "type": "pending", "position": "first",
    });
    let told = [
        Command::from(ProductCommand::Create {
            body: json!({"name": "Vault", "translations": [{"locale": {"id": "ES-AR"}}]}),
        }),
        ProductCommand::Create {
            body: json!({"name": "Vault", "capabilities": {"subscription": {"hold": true}}}),
        }
        .into(),
        ParameterCommand::Create { product: product.clone(), body: parameter }.into(),
        ItemCommand::Create { product: product.clone(), body: item }.into(),
        TemplateCommand::Create { product: product.clone(), body: template.clone() }.into(),
    ]
    .map(|command| said(stage.by_vendor(command)));
    insta::assert_snapshot!(told.join("\n"), @"
    not emulated: EMU_001 - Not emulated yet: another value for translations of a product. Nothing was changed.
    invalid: VAL_001 - capabilities: A new product has none; an update gives them.
    invalid: VAL_001 - shared: This field belongs in constraints.
    not emulated: EMU_001 - Not emulated yet: another value for applicability of an item. Nothing was changed.
    invalid: VAL_001 - position: A valid integer is required.
    ");

    let mut body = template;
    body["position"] = json!(15_000);
    let made = stage.by_vendor(TemplateCommand::Create { product: product.clone(), body }).unwrap();
    assert_eq!(made["position"], 15_000);
    let (id, body) = (text(&made, "/id").into(), json!({"name": "New", "title": "Newer"}));
    let edited = stage.by_vendor(TemplateCommand::Update { product, id, body }).unwrap();
    assert_eq!((text(&edited, "/name"), text(&edited, "/title")), ("New".into(), "Newer".into()));
}

#[test]
fn a_new_name_of_an_item_is_the_one_that_people_see() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let items = Collection::Items(product.clone());
    let id = stage.ids(&items, "eq(mpn,MPN-A)").0.remove(0);
    let mut put = |body: serde_json::Value| {
        let (product, id) = (product.clone(), id.clone());
        let item = stage.by_vendor(ItemCommand::Update { product, id, body }).unwrap();
        format!("{} / {}", text(&item, "/name"), text(&item, "/display_name"))
    };
    assert_eq!(put(json!({"name": "Seat"})), "Seat / Seat");
    assert_eq!(put(json!({"name": "Desk", "display_name": "Seat"})), "Desk / Desk");
    assert_eq!(put(json!({"name": "Desk", "display_name": "A desk"})), "Desk / A desk");
    assert_eq!(put(json!({"mpn": "MPN-B"})), "Desk / A desk");
}

/// CloudBlue's command line tool reads both.
#[test]
fn a_commitment_has_a_multiplier() {
    let mut stage = Stage::demo();
    let product = stage.product();
    let items = Collection::Items(product.clone());
    let id = stage.ids(&items, "eq(mpn,MPN-A)").0.remove(0);
    let body = json!({"commitment": {"count": 12}});
    let item = stage.by_vendor(ItemCommand::Update { product, id, body }).unwrap();
    assert_eq!(item["commitment"], json!({"count": 12, "multiplier": "billing_period"}));
}
