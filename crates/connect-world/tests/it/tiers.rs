//! Resellers who have to be configured before they sell.

mod accounts;
mod edits;
mod waiting;

use connect_clock::Clock;
use connect_model::lifecycle::Operation;
use connect_world::command::{RequestCommand, TemplateCommand, TierConfigRequestCommand};
use connect_world::{Actor, Collection};
use serde_json::{Value, json};

use crate::stage::{Answer, CONNECTION, MARKETPLACE, Stage, customer, said, text};

/// A product that asks its resellers for a code, and the vendor for a tag, at so many levels.
fn stage(levels: u8) -> Stage {
    let mut stage = Stage::demo();
    for level in 1..=levels {
        let scope = format!("tier{level}");
        let parameter = |key: &str, phase: &str| {
            json!({
                "name": format!("{key}_{level}"), "title": key, "type": "text", "phase": phase,
                "scope": scope, "constraints": {"required": true},
            })
        };
        stage.add_parameter(parameter("partner_code", "ordering"));
        stage.add_parameter(parameter("partner_tag", "fulfillment"));
        for kind in ["fulfillment", "inquire"] {
            let body = json!({
                "name": format!("Reseller {kind} {level}"), "scope": scope, "type": kind,
                "body": format!("Your code is {{{{ partner_code_{level} }}}}."),
            });
            let product = stage.product();
            stage.by_vendor(TemplateCommand::Create { product, body }).unwrap();
        }
    }
    stage.switch(&json!({"tiers": {"configs": {"level": levels}}}));
    stage
}

fn reseller(name: &str) -> Value {
    let account = customer();
    json!({
        "name": name, "external_id": name, "external_uid": format!("uid-{name}"),
        "contact_info": account["contact_info"],
    })
}

/// An order through two resellers.
fn order_body(stage: &Stage, uid: &str) -> Value {
    let mut body = stage.order_body();
    body["asset"]["external_uid"] = json!(uid);
    body["asset"]["tiers"]["tier1"] = reseller("near");
    body["asset"]["tiers"]["tier2"] = reseller("far");
    body
}

fn order(stage: &mut Stage, uid: &str) -> Value {
    let body = order_body(stage, uid);
    stage.by_distributor(RequestCommand::Create { body }).unwrap()
}

trait Tiers {
    fn at(&self, level: u8) -> Value;
    fn act(&mut self, id: &str, operation: Operation, body: Value) -> Answer;
    fn create(&mut self, body: Value) -> Answer;
    fn status_of(&self, id: &str) -> String;
    fn statuses(&self) -> String;
    fn answer_form(&mut self, id: &str, level: u8) -> Answer;
    fn fill_in(&mut self, id: &str, level: u8) -> Answer;
}

impl Tiers for Stage {
    /// The newest request for the configuration of a level.
    fn at(&self, level: u8) -> Value {
        let query = format!("eq(configuration.tier_level,{level})");
        let (ids, _) = self.ids(&Collection::TierConfigRequests, &query);
        self.read(&Collection::TierConfigRequests, &ids[0]).unwrap()
    }

    fn act(&mut self, id: &str, operation: Operation, body: Value) -> Answer {
        let id = id.into();
        self.by_vendor(TierConfigRequestCommand::Operate { id, operation, body, code: None })
    }

    fn create(&mut self, body: Value) -> Answer {
        self.by_vendor(TierConfigRequestCommand::Create { body })
    }

    fn status_of(&self, id: &str) -> String {
        text(&self.read(&Collection::Requests, id).unwrap(), "/status")
    }

    /// Level, type and status of each request, and of its configuration.
    fn statuses(&self) -> String {
        let (ids, _) = self.ids(&Collection::TierConfigRequests, "ordering(created)");
        let lines = ids.iter().map(|id| {
            let it = self.read(&Collection::TierConfigRequests, id).unwrap();
            let at = |pointer| text(&it, pointer);
            let level = at("/configuration/tier_level");
            let config = at("/configuration/status");
            format!("{level} {} {} of {config}", at("/type"), at("/status"))
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    /// The reseller answers the form.
    fn answer_form(&mut self, id: &str, level: u8) -> Answer {
        let request = self.read(&Collection::TierConfigRequests, id)?;
        let link = text(&request, "/activation/link");
        let (_, query) = link.split_once("?code=").unwrap();
        let code = Some(query.split('&').next().unwrap().to_owned());
        let body = json!({"params": [{"id": format!("partner_code_{level}"), "value": "OR-9"}]});
        let (operation, id) = (Operation::Pend, id.into());
        self.apply(
            &Actor::Customer,
            TierConfigRequestCommand::Operate { id, operation, body, code },
        )
    }

    /// The reseller answers the form, and the vendor fills in what is its own.
    fn fill_in(&mut self, id: &str, level: u8) -> Answer {
        self.answer_form(id, level)?;
        let body = json!({"params": [{"id": format!("partner_tag_{level}"), "value": "t-9"}]});
        self.act(id, Operation::Update, body)
    }
}

fn approve_level(stage: &mut Stage, level: u8) -> Value {
    let id = text(&stage.at(level), "/id");
    stage.fill_in(&id, level).unwrap();
    stage.act(&id, Operation::Approve, Value::Null).unwrap()
}

#[test]
fn a_purchase_waits_until_the_far_and_then_the_near_reseller_are_set_up() {
    let mut stage = stage(2);
    let first = text(&order(&mut stage, "one"), "/id");
    let second = text(&order(&mut stage, "two"), "/id");
    let mut told = vec![stage.statuses()];
    for level in [2, 1] {
        assert_eq!([&first, &second].map(|id| stage.status_of(id)), ["tiers_setup", "tiers_setup"]);
        approve_level(&mut stage, level);
        told.push(stage.statuses());
    }
    assert_eq!([&first, &second].map(|id| stage.status_of(id)), ["pending", "pending"]);
    insta::assert_snapshot!(told.join("\n"), @"
    2 setup inquiring of processing; 1 setup tiers_setup of processing
    2 setup approved of active; 1 setup inquiring of processing
    2 setup approved of active; 1 setup approved of active
    ");
    // The next one need not wait.
    let third = order(&mut stage, "three");
    assert_eq!(text(&third, "/status"), "pending");
}

#[test]
fn the_request_of_a_reseller_shows_what_it_is_about() {
    let mut stage = stage(2);
    order(&mut stage, "one");
    approve_level(&mut stage, 2);
    let near = stage.at(1);
    insta::assert_json_snapshot!(near);
    let id = text(&near, "/configuration/id");
    let config = stage.read(&Collection::TierConfigs, &id).unwrap();
    assert_eq!(text(&config, "/tiers/tier2/name"), "far");
    assert_eq!(text(&near, "/parent_configuration/params/0/value"), "OR-9");
}

#[test]
fn an_approval_answers_its_text_and_the_configuration_shows_it() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    let answer = approve_level(&mut stage, 1);
    assert_eq!(text(&answer, "/template/representation"), "Your code is OR-9.");
    let request = stage.at(1);
    let config = text(&request, "/configuration/id");
    let rendered = stage.world.render(&stage.vendor, &Collection::TierConfigs, &config).unwrap();
    assert_eq!(rendered, "Your code is OR-9.");
    let config = stage.read(&Collection::TierConfigs, &config).unwrap();
    let at = |pointer| text(&config, pointer);
    assert_eq!(
        [at("/status"), at("/open_request"), at("/params/0/value")],
        ["active", "null", "OR-9"]
    );
    assert_eq!(at("/template/name"), "Reseller fulfillment 1");
}

#[test]
fn markdown_of_its_own_and_a_date_are_taken_where_either_toolkit_puts_them() {
    for body in [
        json!({"template": {"representation": "Hi {{ partner_code_1 }}"}, "effective_date": "2024-07-01T00:00:00Z"}),
        json!({"template": {"representation": "Hi {{ partner_code_1 }}", "effective_date": "2024-07-01T00:00:00Z"}}),
    ] {
        let mut stage = stage(1);
        order(&mut stage, "one");
        let id = text(&stage.at(1), "/id");
        stage.fill_in(&id, 1).unwrap();
        let answer = stage.act(&id, Operation::Approve, body).unwrap();
        assert_eq!(text(&answer, "/template/representation"), "Hi OR-9");
        assert_eq!(text(&stage.at(1), "/effective_date"), "2024-07-01T00:00:00+00:00");
    }
}

#[test]
fn a_refused_set_up_fails_all_that_waits_and_the_next_purchase_asks_again() {
    for level in [2, 1] {
        let mut stage = stage(2);
        let purchase = text(&order(&mut stage, "one"), "/id");
        if level == 1 {
            approve_level(&mut stage, 2);
        }
        let id = text(&stage.at(level), "/id");
        stage.act(&id, Operation::Fail, json!({"reason": "No partner of ours"})).unwrap();
        let failed = stage.read(&Collection::Requests, &purchase).unwrap();
        let at = |pointer| text(&failed, pointer);
        assert_eq!([at("/status"), at("/asset/status")], ["failed", "terminated"]);
        assert_eq!(
            at("/reason"),
            format!("Tier configuration request {id} failed: No partner of ours")
        );
        let again = text(&order(&mut stage, "two"), "/id");
        assert_eq!(stage.status_of(&again), "tiers_setup");
        let told = stage.statuses();
        match level {
            2 => {
                insta::assert_snapshot!(told, @"2 setup failed of processing; 1 setup failed of processing; 2 setup inquiring of processing; 1 setup tiers_setup of processing");
            }
            _ => {
                insta::assert_snapshot!(told, @"2 setup approved of active; 1 setup failed of processing; 1 setup inquiring of processing");
            }
        }
    }
}

#[test]
fn a_refusal_at_the_far_level_leaves_purchases_of_others_alone() {
    let mut stage = stage(2);
    let purchase = text(&order(&mut stage, "one"), "/id");
    let mut other = order_body(&stage, "two");
    other["asset"]["tiers"]["tier1"] = reseller("other-near");
    other["asset"]["tiers"]["tier2"] = reseller("other-far");
    let other = stage.by_distributor(RequestCommand::Create { body: other }).unwrap();
    let query = "eq(configuration.account.external_id,far)";
    let (far, _) = stage.ids(&Collection::TierConfigRequests, query);
    stage.act(&far[0], Operation::Fail, json!({"reason": "No"})).unwrap();
    assert_eq!(stage.status_of(&purchase), "failed");
    assert_eq!(stage.status_of(&text(&other, "/id")), "tiers_setup");
}

#[test]
fn a_purchase_that_waited_then_asks_its_own_customer() {
    let mut stage = stage(1);
    stage.add_parameter(json!({
        "name": "domain", "title": "Domain", "type": "text", "phase": "ordering",
        "scope": "asset", "constraints": {"required": true},
    }));
    let purchase = text(&order(&mut stage, "one"), "/id");
    approve_level(&mut stage, 1);
    assert_eq!(stage.status_of(&purchase), "inquiring");
}

#[test]
fn nothing_is_asked_where_the_switch_the_parameters_or_the_reseller_are_missing() {
    let mut off = stage(1);
    off.switch(&json!({"tiers": {"configs": null}}));
    assert_eq!(text(&order(&mut off, "one"), "/status"), "pending");

    let mut nothing_to_ask = Stage::demo();
    nothing_to_ask.switch(&json!({"tiers": {"configs": {"level": 2}}}));
    assert_eq!(text(&order(&mut nothing_to_ask, "one"), "/status"), "pending");

    let mut direct = stage(1);
    assert_eq!(text(&direct.order(), "/status"), "pending");
}

#[test]
fn a_trial_goes_through_its_reseller_as_well() {
    let mut stage = stage(1);
    let trial = text(&stage.trial(), "/id");
    assert_eq!(stage.status_of(&trial), "tiers_setup");
    assert_eq!(text(&stage.at(1), "/environment"), "preview");
    approve_level(&mut stage, 1);
    assert_eq!(stage.status_of(&trial), "pending");
}

#[test]
fn a_draft_purchase_asks_for_its_resellers_once_it_is_ordered() {
    let mut stage = stage(1);
    stage.switch(&json!({"cart": {"validation": true}}));
    let mut body = stage.trial_body();
    body["status"] = json!("draft");
    let draft = text(&stage.by_vendor(RequestCommand::Create { body }).unwrap(), "/id");
    assert_eq!(stage.statuses(), "");
    stage.operate(&draft, Operation::Purchase, Value::Null).unwrap();
    assert_eq!(stage.status_of(&draft), "tiers_setup");
    assert_eq!(stage.statuses(), "1 setup inquiring of processing");
}

/// The id of a configuration that was set up.
fn set_up(stage: &mut Stage) -> String {
    order(stage, "one");
    approve_level(stage, 1);
    text(&stage.at(1), "/configuration/id")
}

#[test]
fn an_update_and_an_adjustment_bring_other_values() {
    let mut stage = stage(1);
    let config = set_up(&mut stage);
    let value = |stage: &Stage| {
        text(&stage.read(&Collection::TierConfigs, &config).unwrap(), "/params/0/value")
    };
    for (kind, code) in [("update", "OR-10"), ("adjustment", "OR-11")] {
        let params = json!([{"id": "partner_code_1", "value": code}]);
        let body = json!({
            "type": kind, "configuration": {"id": config}, "params": params, "notes": "Moved",
        });
        let before = value(&stage);
        let request = stage.create(body).unwrap();
        let at = |pointer| text(&request, pointer);
        assert_eq!([at("/status"), at("/configuration/status")], ["pending", "processing"]);
        assert_eq!((value(&stage), at("/notes")), (before, "Moved".to_owned()));
        stage.act(&at("/id"), Operation::Approve, Value::Null).unwrap();
        assert_eq!(value(&stage), code);
    }
    assert_eq!(
        stage.statuses(),
        "1 setup approved of active; 1 update approved of active; 1 adjustment approved of active"
    );
    assert_eq!(
        text(&stage.at(1), "/previous_approved_request/id"),
        format!("{}-002", config.replace("TC", "TCR"))
    );
}

#[test]
fn a_refused_update_leaves_the_values_and_purchases_go_on() {
    let mut stage = stage(1);
    let config = set_up(&mut stage);
    let params = json!([{"id": "partner_code_1", "value": "OR-10"}]);
    let body = json!({"type": "update", "configuration": {"id": config}, "params": params});
    let update = text(&stage.create(body).unwrap(), "/id");
    assert_eq!(text(&order(&mut stage, "two"), "/status"), "pending");
    stage.act(&update, Operation::Fail, json!({"reason": "No"})).unwrap();
    let config = stage.read(&Collection::TierConfigs, &config).unwrap();
    assert_eq!(text(&config, "/params/0/value"), "OR-9");
    assert_eq!(text(&config, "/status"), "active");
}

/// A set-up that nobody's purchase asked for.
fn named(stage: &Stage, level: &str) -> Value {
    json!({
        "type": "setup",
        "configuration": {
            "product": {"id": stage.product()}, "connection": {"id": CONNECTION},
            "marketplace": {"id": MARKETPLACE}, "tier_level": level, "account": reseller("near"),
        },
        "params": [{"id": "partner_code_1", "value": "OR-9"}],
    })
}

#[test]
fn a_distributor_sets_up_a_reseller_before_anybody_buys() {
    let mut stage = stage(1);
    let body = named(&stage, "1");
    let request = stage.by_distributor(TierConfigRequestCommand::Create { body }).unwrap();
    assert_eq!(text(&request, "/status"), "pending");
    let id = text(&request, "/id");
    let tag = json!({"params": [{"id": "partner_tag_1", "value": "t-1"}]});
    stage.act(&id, Operation::Update, tag).unwrap();
    stage.act(&id, Operation::Approve, Value::Null).unwrap();
    assert_eq!(text(&order(&mut stage, "one"), "/status"), "pending");
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_changes() {
    let mut stage = stage(1);
    let config = set_up(&mut stage);
    let customer = stage.ids(&Collection::TierAccounts, "eq(type,customer)").0.remove(0);
    let update = json!({"type": "update", "configuration": {"id": config}});
    let with = |body: &Value, path: &str, value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    let mut setup = named(&stage, "1");
    setup["configuration"]["account"] = reseller("third");
    let mut unknown = update.clone();
    unknown["params"] = json!([{"id": "subscription_id", "value": "x"}]);
    let mut long = update.clone();
    long["notes"] = json!("x".repeat(2001));
    let mut draft = update.clone();
    draft["status"] = json!("draft");
    let by_distributor = [
        ("a level that there is not", with(&setup, "/configuration/tier_level", json!(3))),
        ("a level the product does not need", with(&setup, "/configuration/tier_level", json!(2))),
        ("no account", with(&setup, "/configuration/account", json!({}))),
        (
            "an account that is not there",
            with(&setup, "/configuration/account", json!({"id": "TA-1"})),
        ),
        ("a customer", with(&setup, "/configuration/account", json!({"id": customer}))),
        ("a set-up of what is set up", with(&setup, "/configuration/account", reseller("near"))),
        (
            "a connection that is not there",
            with(&setup, "/configuration/connection/id", json!("CT-1")),
        ),
        ("another type", with(&setup, "/type", json!("purchase"))),
        ("the vendor's parameter", with(&setup, "/params/0/id", json!("partner_tag_1"))),
        ("an adjustment by the wrong side", with(&update, "/type", json!("adjustment"))),
        ("a draft without the capability", draft),
    ];
    let by_vendor = [
        ("a set-up by the wrong side", setup.clone()),
        ("a parameter of assets", unknown),
        ("notes that are too long", long),
        ("no configuration", json!({"type": "update"})),
        ("a configuration that is no object", json!({"type": "update", "configuration": 7})),
        ("a configuration that is not there", with(&update, "/configuration/id", json!("TC-1"))),
    ];
    let before = stage.world.dump();
    let mut told = Vec::new();
    for (what, body) in by_distributor {
        let answer = stage.by_distributor(TierConfigRequestCommand::Create { body });
        told.push(format!("{what}: {}", said(answer)));
    }
    for (what, body) in by_vendor {
        told.push(format!("{what}: {}", said(stage.create(body))));
    }
    assert_eq!(stage.world.dump(), before);
    insta::assert_snapshot!(told.join("\n"), @r#"
    a level that there is not: invalid: VAL_001 - configuration.tier_level: "3" is not a valid choice.
    a level the product does not need: invalid: VAL_001 - configuration.tier_level: The product needs no configuration of this level.
    no account: invalid: VAL_001 - configuration.account: This field is required.
    an account that is not there: invalid: VAL_001 - configuration.account.id: Account does not exist.
    a customer: invalid: VAL_001 - configuration.account.id: Account is not a reseller.
    a set-up of what is set up: invalid: REQ_003 - Tier configuration TC-687-701-580 is set up already.
    a connection that is not there: invalid: VAL_001 - configuration.connection.id: Connection does not exist.
    another type: invalid: VAL_001 - type: "purchase" is not a valid choice.
    the vendor's parameter: invalid: VAL_001 - params: Parameter partner_tag_1 is not an ordering parameter.
    an adjustment by the wrong side: forbidden: AUTH_004 - You do not have permission to perform this action.
    a draft without the capability: invalid: VAL_001 - status: Draft requests need the capability tiers.validation.
    a set-up by the wrong side: forbidden: AUTH_004 - You do not have permission to perform this action.
    a parameter of assets: invalid: VAL_001 - params: Parameter subscription_id does not exist.
    notes that are too long: invalid: VAL_001 - notes: Ensure this field has no more than 2000 characters.
    no configuration: invalid: VAL_001 - configuration.id: This field is required.
    a configuration that is no object: invalid: VAL_001 - configuration: Invalid data. Expected a dictionary, but got int.
    a configuration that is not there: invalid: VAL_001 - configuration.id: Tier configuration does not exist.
    "#);
}

#[test]
fn a_second_request_is_refused_while_one_is_open() {
    let mut stage = stage(1);
    let config = set_up(&mut stage);
    let update = json!({"type": "update", "configuration": {"id": config}});
    let open = text(&stage.create(update.clone()).unwrap(), "/id");
    let before = stage.world.dump();
    let refused = said(stage.create(update));
    assert_eq!(refused, format!("invalid: REQ_003 - Tier configuration has open request {open}."));
    assert_eq!(stage.world.dump(), before);
}

#[test]
fn an_update_of_what_was_never_set_up_is_refused() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    let request = stage.at(1);
    stage.act(&text(&request, "/id"), Operation::Fail, json!({"reason": "No"})).unwrap();
    let config = text(&request, "/configuration/id");
    let update = json!({"type": "update", "configuration": {"id": config}});
    insta::assert_snapshot!(said(stage.create(update)).replace(&config, "TC"), @"invalid: REQ_003 - Tier configuration TC is not set up yet.");
}

#[test]
fn actions_that_lack_something_are_refused_and_nothing_changes() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    let id = text(&stage.at(1), "/id");
    let mut told = Vec::new();
    let mut tries = |stage: &mut Stage, tries: &[(&str, Operation, Value)]| {
        for (what, operation, body) in tries {
            let before = stage.world.dump();
            let answer = stage.act(&id, *operation, body.clone());
            told.push(format!("{what}: {}", said(answer)));
            assert_eq!(stage.world.dump(), before, "{what}");
        }
    };
    let nothing = Value::Null;
    tries(
        &mut stage,
        &[
            ("approved while inquiring", Operation::Approve, nothing.clone()),
            ("written to while inquiring", Operation::Update, json!({"params": []})),
            ("validated without the capability", Operation::Validate, nothing.clone()),
        ],
    );
    stage.answer_form(&id, 1).unwrap();
    tries(
        &mut stage,
        &[
            ("approved without the vendor's value", Operation::Approve, nothing.clone()),
            (
                "with a template of assets",
                Operation::Approve,
                json!({"template": {"id": "TL-000-001"}}),
            ),
            (
                "with a template whose id is a list",
                Operation::Approve,
                json!({"template": {"id": ["TL-1"]}}),
            ),
            ("with a template that is a text", Operation::Approve, json!({"template": "TL-1"})),
            ("with a date that is none", Operation::Approve, json!({"effective_date": "soon"})),
            ("failed without a reason", Operation::Fail, nothing.clone()),
            ("failed with a novel", Operation::Fail, json!({"reason": "x".repeat(501)})),
            ("inquired with nothing wrong", Operation::Inquire, nothing.clone()),
            ("assigned to a stranger", Operation::Assign, json!({"email": "x@y.example"})),
            ("submitted", Operation::Submit, nothing),
        ],
    );
    insta::assert_snapshot!(told.join("\n"), @"
    approved while inquiring: invalid: REQ_003 - Only pending requests can be approved.
    written to while inquiring: invalid: REQ_003 - Only pending requests can be updated.
    validated without the capability: forbidden: AUTH_004 - You do not have permission to perform this action.
    approved without the vendor's value: invalid: REQ_003 - Required parameters are not filled: partner_tag_1
    with a template of assets: invalid: VAL_001 - template.id: Template does not exist.
    with a template whose id is a list: invalid: VAL_001 - template.id: Not a valid string.
    with a template that is a text: invalid: VAL_001 - template: Invalid data. Expected a dictionary, but got str.
    with a date that is none: invalid: VAL_001 - effective_date: Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].
    failed without a reason: invalid: REQ_005 - Missed fields: reason.
    failed with a novel: invalid: VAL_001 - reason: Ensure this field has no more than 500 characters.
    inquired with nothing wrong: invalid: REQ_003 - For marking request to inquiring status at least one parameter should be marked as invalid.
    assigned to a stranger: invalid: VAL_001 - id: User does not exist.
    submitted: forbidden: AUTH_004 - You do not have permission to perform this action.
    ");
}

#[test]
fn without_a_template_of_its_level_nothing_is_approved() {
    let mut stage = Stage::demo();
    stage.add_parameter(json!({
        "name": "code", "title": "Code", "type": "text", "phase": "ordering", "scope": "tier1",
    }));
    stage.switch(&json!({"tiers": {"configs": {"level": 1}}}));
    order(&mut stage, "one");
    let id = text(&stage.at(1), "/id");
    let before = stage.world.dump();
    let refused = said(stage.act(&id, Operation::Approve, Value::Null));
    insta::assert_snapshot!(refused, @"invalid: VAL_001 - template.id: This field is required.");
    assert_eq!(stage.world.dump(), before);
}

#[test]
fn a_unique_value_is_no_other_resellers() {
    let mut stage = Stage::demo();
    stage.add_parameter(json!({
        "name": "code", "title": "Code", "type": "text", "phase": "ordering", "scope": "tier1",
        "constraints": {"unique": true},
    }));
    stage.switch(&json!({"tiers": {"configs": {"level": 1}}}));
    let mut body = named(&stage, "1");
    body["params"][0]["id"] = json!("code");
    let first = TierConfigRequestCommand::Create { body: body.clone() };
    let first = text(&stage.by_distributor(first).unwrap(), "/id");
    let template = json!({"template": {"representation": "Hi"}});
    stage.act(&first, Operation::Approve, template).unwrap();
    body["configuration"]["account"] = reseller("other");
    let second = said(stage.by_distributor(TierConfigRequestCommand::Create { body }));
    insta::assert_snapshot!(second, @"invalid: VAL_001 - params: Value of parameter code must be unique.");
}

#[test]
fn a_draft_is_validated_and_submitted_and_only_then_keeps_others_out() {
    let mut stage = stage(1);
    stage.switch(&json!({"tiers": {"validation": true}}));
    let config = set_up(&mut stage);
    let body = json!({"type": "update", "status": "draft", "configuration": {"id": config}});
    let mut drafts = Vec::new();
    for _ in 0..2 {
        let command = TierConfigRequestCommand::Create { body: body.clone() };
        drafts.push(text(&stage.by_distributor(command).unwrap(), "/id"));
    }
    let act = |stage: &mut Stage, id: &str, operation| {
        let body = json!({"params": [{"id": "partner_code_1", "value": "OR-12"}]});
        let id = id.into();
        stage.by_distributor(TierConfigRequestCommand::Operate { id, operation, body, code: None })
    };
    let validated = act(&mut stage, &drafts[0], Operation::Validate).unwrap();
    assert_eq!(text(&validated, "/params/0/value"), "OR-12");
    let submitted = act(&mut stage, &drafts[0], Operation::Submit).unwrap();
    assert_eq!(text(&submitted, "/status"), "pending");
    let refused = said(act(&mut stage, &drafts[1], Operation::Submit));
    assert!(refused.contains("Tier configuration has open request"), "{refused}");
}

#[test]
fn what_happens_to_a_request_is_said_in_its_conversation_and_the_other_side_sees_it() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    approve_level(&mut stage, 1);
    let id = text(&stage.at(1), "/id");
    let talk = stage.world.list(
        stage.clock.now(),
        &stage.distributor,
        &Collection::Messages(id),
        "ordering(created)",
    );
    let talk: Vec<Value> = serde_json::from_slice(&talk.unwrap().body).unwrap();
    let said: Vec<String> = talk.iter().map(|it| text(it, "/text")).collect();
    let ends = said.iter().map(|it| it.rsplit(' ').next().unwrap());
    assert_eq!(ends.collect::<Vec<_>>(), ["inquiring.", "pending.", "approved."]);
}

/// The official command line tool gives the templates of resellers no type.
#[test]
fn a_template_of_resellers_may_have_no_type_and_is_for_approvals_then() {
    let mut stage = stage(1);
    let product = stage.product();
    let body = |scope: &str| json!({"name": "Plain", "scope": scope, "body": "Welcome."});
    let create =
        |scope: &str| TemplateCommand::Create { product: product.clone(), body: body(scope) };
    let refused = said(stage.by_vendor(create("asset")));
    assert_eq!(refused, "invalid: VAL_001 - type: This field is required.");
    let template = stage.by_vendor(create("tier1")).unwrap();
    order(&mut stage, "one");
    let id = text(&stage.at(1), "/id");
    stage.fill_in(&id, 1).unwrap();
    let approve = json!({"template": {"id": template["id"]}});
    let answer = stage.act(&id, Operation::Approve, approve).unwrap();
    assert_eq!(text(&answer, "/template/representation"), "Welcome.");
}
