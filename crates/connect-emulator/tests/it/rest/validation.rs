//! Dynamic validation over HTTP: the vendor is asked about drafts and about the answers to inquiries.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::VirtualClock;
use connect_emulator::Config;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use super::stage::{Order, Said, Stage, text};
use crate::script::{Reaction, Script};

/// A platform whose product asks for a password and a plan beside its own parameters, and validates
/// by a webhook of each type.
struct Scene {
    stage: Stage,
    script: Arc<Script>,
    clock: VirtualClock,
}

const CAPABILITIES: &str = r#"{
    "cart": {"validation": true}, "inquiring": {"validation": true},
    "subscription": {
        "schema": "explicit",
        "change": {"validation": true, "inquiring_validation": true,
                   "editable_ordering_parameters": true},
        "renew": {"enable_renew": true, "validation": true, "inquiring_validation": true},
        "transfer": {"enable_transfer": true, "validation": true, "inquiring_validation": true}
    }
}"#;

impl Scene {
    async fn set() -> Self {
        let clock = VirtualClock::new("2024-06-11T07:30:00Z".parse().unwrap());
        let script = Arc::new(Script::default());
        let stage = Stage::set_with(Config {
            clock: Arc::new(clock.clone()),
            receivers: Arc::clone(&script) as _,
            seed: Some(7),
            ..Config::default()
        })
        .await;
        let scene = Self { stage, script, clock };
        scene.switch(serde_json::from_str(CAPABILITIES).unwrap()).await;
        for (name, kind, choices) in
            [("secret", "password", json!([])), ("plan", "dropdown", json!(["small", "large"]))]
        {
            let parameter = json!({
                "name": name, "title": name, "type": kind, "phase": "ordering", "scope": "asset",
                "constraints": {"choices": choices},
            });
            scene.vendor_post("parameters", parameter).await;
        }
        scene
    }

    async fn switch(&self, capabilities: Value) {
        let path = format!("/products/{}", self.stage.emulator.product());
        let body = json!({"capabilities": capabilities});
        self.stage.vendor().put(&path, body).await.expect(200);
    }

    async fn vendor_post(&self, what: &str, body: Value) {
        let path = format!("/products/{}/{what}", self.stage.emulator.product());
        self.stage.vendor().post(&path, body).await.expect(201);
    }

    /// A webhook of a type.
    async fn validator(&self, kind: &str) -> String {
        let class = if kind.contains("t1") || kind.contains("t2") {
            "tier_config_request"
        } else {
            "fulfillment_request"
        };
        let body = json!({
            "type": kind, "label": kind, "object_class": class, "description": null,
            "product_id": self.stage.emulator.product(), "jwt_secret": "s3cret", "active": true,
            "external_url": format!("http://cedar.example/{kind}"), "http_method": "POST",
        });
        let made = self.stage.vendor().post("/notifications/webhooks", body).await.expect(201);
        text(&made["id"]).to_owned()
    }

    async fn draft(&self) -> Order {
        let mut body = self.stage.preview_purchase();
        body["status"] = json!("draft");
        Order::of(&self.stage.vendor().post("/requests", body).await)
    }

    async fn validate(&self, order: &Order, params: Value) -> Said {
        let body = json!({"asset": {"params": params}});
        self.stage.vendor().act(&order.id, "validate", body).await
    }

    /// Asks the customer for another mailbox; the path where its form is answered.
    async fn inquired(&self, order: &Order) -> String {
        let wrong = json!([{"id": "admin_email", "value_error": "No such mailbox"}]);
        let body = json!({"asset": {"params": wrong}});
        self.stage.vendor().put(&format!("/requests/{}", order.id), body).await.expect(200);
        let inquired = self.stage.vendor().act(&order.id, "inquire", json!({})).await.expect(200);
        let form = text(&inquired["params_form_url"]);
        let code = form.split("code=").nth(1).unwrap().split('&').next().unwrap();
        format!("/requests/{}/pend?code={code}", order.id)
    }

    async fn read(&self, order: &Order) -> Value {
        self.stage.vendor().get(&format!("/requests/{}", order.id)).await.expect(200)
    }

    async fn webhook(&self, id: &str) -> Value {
        self.stage.vendor().get(&format!("/notifications/webhooks/{id}")).await.expect(200)
    }
}

/// A parameter of a request.
fn param(request: &Value, id: &str) -> Value {
    let rows = request.pointer("/asset/params").or_else(|| request.get("params")).unwrap();
    rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
}

/// A parameter of a request, to be written.
fn param_mut<'r>(request: &'r mut Value, id: &str) -> &'r mut Value {
    let path = if request.get("asset").is_some() { "/asset/params" } else { "/params" };
    let rows = request.pointer_mut(path).unwrap().as_array_mut().unwrap();
    rows.iter_mut().find(|row| row["id"] == id).unwrap()
}

/// What the vendor makes of a draft: it names a value, refuses another, and narrows the form.
fn judged(mut request: Value) -> Value {
    request["note"] = json!("not mine to write");
    request["asset"]["items"] = json!([]);
    request["asset"]["tiers"] = Value::Null;
    let email = param_mut(&mut request, "admin_email");
    email["value_error"] = json!("Taken. Choose another.");
    email["structured_error"] = json!({"message": {"external_id": "taken"}, "context": {}});
    let plan = param_mut(&mut request, "plan");
    plan["value"] = json!("huge");
    plan["title"] = json!("not mine to write");
    plan["constraints"]["meta"]["choices"] = json!([{"value": "huge", "label": "Huge"}]);
    plan["constraints"]["required"] = json!(true);
    param_mut(&mut request, "secret")["constraints"]["hidden"] = json!(true);
    param_mut(&mut request, "subscription_id")["value"] = json!("a value of fulfillment");
    let rows = request["asset"]["params"].as_array_mut().unwrap();
    rows.push(json!({"id": "nobody_knows", "value": "1"}));
    request
}

#[tokio::test]
async fn the_vendor_is_asked_about_a_draft_and_its_word_on_parameters_is_kept() {
    let scene = Scene::set().await;
    let webhook = scene.validator("validator").await;
    let draft = scene.draft().await;
    scene.script.react([Reaction::Reply(judged)]);
    let before = scene.read(&draft).await;
    let typed = json!([{"id": "admin_email", "value": "ada@d.example"},
                       {"id": "secret", "value": "pa\"ss"}]);
    let validated = scene.validate(&draft, typed).await.expect(200);

    assert_eq!(param(&validated, "admin_email")["value"], "ada@d.example");
    assert_eq!(param(&validated, "admin_email")["value_error"], "Taken. Choose another.");
    let message = &param(&validated, "admin_email")["structured_error"]["message"];
    assert_eq!(message["external_id"], "taken");
    let plan = param(&validated, "plan");
    assert_eq!((&plan["value"], &plan["title"]), (&json!("huge"), &json!("plan")));
    assert_eq!(plan["value_choices"], json!([{"value": "huge", "label": "Huge"}]));
    assert_eq!(plan["constraints"]["meta"]["choices"], plan["value_choices"]);
    assert_eq!(plan["constraints"]["choices"], plan["value_choices"]);
    assert_eq!(plan["constraints"]["required"], true);
    assert_eq!(param(&validated, "secret")["constraints"]["hidden"], true);
    assert_eq!(param(&validated, "subscription_id")["value"], "");
    for path in ["/note", "/status", "/asset/items", "/asset/tiers"] {
        assert_eq!(validated.pointer(path), before.pointer(path), "{path}");
    }
    assert_eq!(scene.read(&draft).await, validated);

    let asked = scene.script.last();
    assert_eq!(asked["id"], draft.id.as_str());
    assert_eq!(param(&asked, "admin_email")["value"], "ada@d.example");
    assert_eq!(asked["asset"]["items"][0]["quantity"], "10");
    let bearer = {
        let calls = scene.script.calls.lock().unwrap();
        calls[0].headers()["authorization"].to_str().unwrap().to_owned()
    };
    let mut checks = Validation::new(Algorithm::HS256);
    checks.validate_exp = false;
    let key = DecodingKey::from_secret(b"s3cret");
    let claims = decode::<Value>(bearer.strip_prefix("Bearer ").unwrap(), &key, &checks).unwrap();
    assert_eq!(claims.claims["webhook_id"], webhook.as_str());
    let shown = scene.webhook(&webhook).await;
    assert_eq!(shown["stats"]["success_triggers"], 1);
    assert_eq!(shown["last_success"]["response"]["body"], "");
}

#[tokio::test]
async fn a_draft_is_judged_anew_and_a_corrected_value_has_no_error() {
    let scene = Scene::set().await;
    scene.validator("validator").await;
    let draft = scene.draft().await;
    scene.script.react([Reaction::Reply(judged), Reaction::Reply(|request| request)]);
    scene.validate(&draft, json!([])).await.expect(200);
    let correction = json!({"asset": {"params": [{"id": "admin_email", "value": "b@d.example"}]}});
    let path = format!("/requests/{}", draft.id);
    let corrected = scene.stage.vendor().put(&path, correction).await.expect(200);
    assert_eq!(param(&corrected, "admin_email")["value_error"], "");
    let not_offered = json!({"asset": {"params": [{"id": "plan", "value": "small"}]}});
    let refused = scene.stage.vendor().put(&path, not_offered).await;
    assert_eq!(
        refused.refusal(),
        "400 VAL_001 asset.params.plan.value: \"small\" is not a valid choice."
    );
    let again = scene.validate(&draft, json!([])).await.expect(200);
    assert_eq!(param(&again, "plan")["value"], "huge");
    let ordered = scene.stage.vendor().act(&draft.id, "purchase", json!({})).await.expect(200);
    assert_eq!(ordered["status"], "pending");
    assert_eq!(param(&ordered, "secret")["constraints"]["hidden"], true);
}

#[tokio::test]
async fn what_the_vendor_made_read_only_the_buyer_leaves() {
    let scene = Scene::set().await;
    scene.validator("validator").await;
    let draft = scene.draft().await;
    scene.script.react([Reaction::Reply(|mut request| {
        let email = param_mut(&mut request, "admin_email");
        email["value"] = json!("set@d.example");
        email["constraints"]["readonly"] = json!(true);
        request
    })]);
    scene.validate(&draft, json!([])).await.expect(200);
    scene.script.react([Reaction::Reply(|request| request)]);
    let mine = json!([{"id": "admin_email", "value": "mine@d.example"}]);
    let validated = scene.validate(&draft, mine).await.expect(200);
    assert_eq!(param(&validated, "admin_email")["value"], "set@d.example");
}

fn bytes(answer: impl Into<Vec<u8>>) -> Reaction {
    Reaction::Answer(200, answer.into())
}

/// Answers that are none.
fn rubbish(draft: &Order) -> [(&'static str, Reaction); 19] {
    [
        ("down", Reaction::Fail),
        ("500", Reaction::Answer(500, b"oops pa\\\"ss".to_vec())),
        ("204", Reaction::Answer(204, Vec::new())),
        ("a redirect", Reaction::Answer(302, b"elsewhere".to_vec())),
        ("nothing", bytes("")),
        ("no JSON", bytes("<html>")),
        ("a list", bytes("[]")),
        ("two answers", bytes(format!("{{\"id\":\"{0}\"}}{{\"id\":\"{0}\"}}", draft.id))),
        ("too much", bytes(vec![b' '; (1 << 20) + 1])),
        ("too deep", bytes(format!("{}{}", "{\"a\":".repeat(70), "1") + &"}".repeat(70))),
        (
            "another request",
            Reaction::Reply(|mut request| {
                request["id"] = json!("PR-0000-0000-0000-001");
                request
            }),
        ),
        ("no id", Reaction::Reply(|_| json!({"asset": {"params": []}}))),
        (
            "no list",
            Reaction::Reply(|mut request| {
                request["asset"]["params"] = json!({});
                request
            }),
        ),
        (
            "one twice",
            Reaction::Reply(|mut request| {
                let row = param(&request, "plan");
                request["asset"]["params"].as_array_mut().unwrap().push(row);
                request
            }),
        ),
        (
            "no choice",
            Reaction::Reply(|mut request| {
                param_mut(&mut request, "plan")["value"] = json!("huge");
                request
            }),
        ),
        (
            "no address",
            Reaction::Reply(|mut request| {
                param_mut(&mut request, "admin_email")["value"] = json!("nobody");
                request
            }),
        ),
        (
            "a long error",
            Reaction::Reply(|mut request| {
                param_mut(&mut request, "plan")["value_error"] = json!("x".repeat(513));
                request
            }),
        ),
        (
            "no flag",
            Reaction::Reply(|mut request| {
                param_mut(&mut request, "plan")["constraints"]["hidden"] = json!("yes");
                request
            }),
        ),
        (
            "no constraints",
            Reaction::Reply(|mut request| {
                param_mut(&mut request, "plan")["constraints"] = json!([]);
                request
            }),
        ),
    ]
}

#[tokio::test]
async fn an_answer_that_is_none_changes_nothing_and_is_in_the_log() {
    let scene = Scene::set().await;
    let webhook = scene.validator("validator").await;
    let draft = scene.draft().await;
    let mut told = Vec::new();
    let before = scene.read(&draft).await;
    for (what, reaction) in rubbish(&draft) {
        scene.script.react([reaction]);
        let typed = json!([{"id": "secret", "value": "pa\"ss"}]);
        let said = scene.validate(&draft, typed).await;
        let errors = said.json()["errors"].clone();
        let why = text(&errors[1]).replace(&webhook, "WH").replace(&draft.id, "PR");
        told.push(format!("{what}: {} | {why}", said.refusal()));
        assert_eq!(scene.read(&draft).await, before, "{what}");
    }
    let shown = scene.webhook(&webhook).await;
    assert_eq!(shown["stats"]["failure_since_last_success"], 19);
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn what_a_failing_validator_repeats_of_secrets_is_not_in_the_log() {
    let scene = Scene::set().await;
    let webhook = scene.validator("validator").await;
    let draft = scene.draft().await;
    scene.script.react([Reaction::Answer(500, br#"oops: {"value": "pa\"ss"}"#.to_vec())]);
    let typed = json!([{"id": "secret", "value": "pa\"ss"}]);
    scene.validate(&draft, typed).await.expect(400);
    let shown = scene.webhook(&webhook).await;
    assert_eq!(shown["last_failure"]["response"]["body"], r#"oops: {"value": "***"}"#);
    assert_eq!(shown["last_failure"]["status_code"], 500);
}

#[tokio::test]
async fn a_validator_that_hangs_costs_30_seconds_and_holds_nobody_up() {
    let scene = Arc::new(Scene::set().await);
    scene.validator("validator").await;
    for reaction in [Reaction::Hang, Reaction::Drip] {
        let draft = Arc::new(scene.draft().await);
        let before = scene.read(&draft).await;
        scene.script.react([reaction]);
        let calls = scene.script.calls.lock().unwrap().len();
        let asked = tokio::spawn({
            let (scene, draft) = (Arc::clone(&scene), Arc::clone(&draft));
            async move { scene.validate(&draft, json!([])).await }
        });
        scene.script.called(calls + 1).await;
        assert_eq!(scene.read(&draft).await, before);
        scene.stage.purchase().await;
        while !asked.is_finished() {
            scene.clock.advance(Duration::from_secs(30));
            tokio::task::yield_now().await;
        }
        let said = asked.await.unwrap();
        assert_eq!(said.refusal(), "400 VAL_001 Validation endpoint failed");
        assert!(said.body.contains("No answer came within 30 s."), "{}", said.body);
        assert_eq!(scene.read(&draft).await, before);
    }
}

#[tokio::test]
async fn a_validator_that_was_asked_late_has_as_much_time_as_the_others() {
    let scene = Arc::new(Scene::set().await);
    scene.validator("validator").await;
    let draft = Arc::new(scene.draft().await);
    let (tell, told) = tokio::sync::oneshot::channel();
    scene.script.react((0..16).map(|_| Reaction::Hang));
    scene.script.react([Reaction::Late(told, judged)]);
    let ask = || {
        let (scene, draft) = (Arc::clone(&scene), Arc::clone(&draft));
        tokio::spawn(async move { scene.validate(&draft, json!([])).await })
    };
    let first: Vec<_> = (0..16).map(|_| ask()).collect();
    scene.script.called(16).await;
    scene.clock.advance(Duration::from_secs(20));
    let late = ask();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    scene.clock.advance(Duration::from_secs(10));
    for hung in first {
        assert_eq!(hung.await.unwrap().status, 400);
    }
    scene.script.called(17).await;
    scene.clock.advance(Duration::from_secs(25));
    tell.send(()).unwrap();
    late.await.unwrap().expect(200);
}

#[tokio::test]
async fn an_answer_about_a_draft_that_changed_meanwhile_is_not_merged() {
    let scene = Arc::new(Scene::set().await);
    let webhook = scene.validator("validator").await;
    for change in ["PUT", "purchase"] {
        let draft = Arc::new(scene.draft().await);
        let (tell, told) = tokio::sync::oneshot::channel();
        scene.script.react([Reaction::Late(told, judged)]);
        let calls = scene.script.calls.lock().unwrap().len();
        let asked = tokio::spawn({
            let (scene, draft) = (Arc::clone(&scene), Arc::clone(&draft));
            async move { scene.validate(&draft, json!([])).await }
        });
        scene.script.called(calls + 1).await;
        let vendor = scene.stage.vendor();
        let body = json!({"asset": {"params": [{"id": "admin_email", "value": "c@d.example"}]}});
        match change {
            "PUT" => vendor.put(&format!("/requests/{}", draft.id), body).await.expect(200),
            verb => vendor.act(&draft.id, verb, json!({})).await.expect(200),
        };
        let before = scene.read(&draft).await;
        tell.send(()).unwrap();
        let said = asked.await.unwrap();
        assert_eq!(
            said.refusal(),
            format!(
                "400 REQ_003 Request {} was changed while it was validated: validate it again.",
                draft.id
            )
        );
        assert_eq!(scene.read(&draft).await, before, "{change}");
    }
    assert_eq!(scene.webhook(&webhook).await["stats"]["success_triggers"], 2);
}

#[tokio::test]
async fn without_a_validator_a_draft_shows_what_is_owed() {
    let scene = Scene::set().await;
    let draft = scene.draft().await;
    let required = json!({
        "name": "domain", "title": "Domain", "type": "domain", "phase": "ordering",
        "scope": "asset", "constraints": {"required": true},
    });
    scene.vendor_post("parameters", required).await;
    let validated = scene.validate(&draft, json!([{"id": "plan", "value": "large"}])).await;
    let draft_two = scene.draft().await;
    let owed = scene.validate(&draft_two, json!([])).await.expect(200);
    assert_eq!(param(&owed, "domain")["value_error"], "This field is required.");
    assert_eq!(param(&validated.expect(200), "plan")["value"], "large");
    let given = json!([{"id": "domain", "value": "d.example"}]);
    let right = scene.validate(&draft_two, given).await.expect(200);
    assert_eq!(param(&right, "domain")["value_error"], "");
    assert_eq!(scene.script.calls.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_validator_that_is_off_of_another_type_or_product_is_not_asked() {
    let scene = Scene::set().await;
    scene.validator("change_validator").await;
    let off = scene.validator("validator").await;
    let path = format!("/notifications/webhooks/{off}");
    let mut body = scene.webhook(&off).await;
    body["active"] = json!(false);
    body["product_id"] = body["product"]["id"].clone();
    scene.stage.vendor().put(&path, body).await.expect(200);
    let draft = scene.draft().await;
    scene.validate(&draft, json!([])).await.expect(200);
    assert_eq!(scene.script.calls.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn answers_to_an_inquiry_are_validated_before_they_go_on() {
    let scene = Scene::set().await;
    scene.validator("inquiring_validator").await;
    let order = scene.stage.purchase().await;
    let pend = scene.inquired(&order).await;
    let answer = json!({"asset": {"params": [{"id": "admin_email", "value": "b@d.example"}]}});

    let before = scene.read(&order).await;
    scene.script.react([
        Reaction::Reply(judged),
        Reaction::Fail,
        Reaction::Reply(|mut request| {
            param_mut(&mut request, "plan")["value"] = json!("large");
            request
        }),
    ]);
    let refused = scene.stage.nobody().post(&pend, answer.clone()).await;
    assert_eq!(refused.refusal(), "400 VAL_001 asset.params.admin_email: Taken. Choose another.");
    let shown = json!({"asset": {"params": refused.json()["params"]["params"]}});
    assert_eq!(param(&shown, "plan")["value"], "huge");
    let down = scene.stage.nobody().post(&pend, answer.clone()).await;
    assert_eq!(down.refusal(), "400 VAL_001 Validation endpoint failed");
    assert_eq!(scene.read(&order).await, before);
    let right = scene.stage.nobody().post(&pend, answer).await.expect(200);
    assert_eq!((text(&right["status"]), &right["answered"]), ("pending", &json!(true)));
    assert_eq!(param(&right, "plan")["value"], "large");
    let asked = scene.script.last();
    assert_eq!(
        (text(&asked["status"]), text(&param(&asked, "admin_email")["value_error"])),
        ("inquiring", "")
    );
}

#[tokio::test]
async fn a_transfer_that_approves_itself_does_so_once_its_answers_are_validated() {
    let scene = Scene::set().await;
    scene.validator("transfer_inquiring_validator").await;
    let subscription = scene.stage.subscription().await;
    let asset = json!({"id": subscription.asset, "tiers": {"tier1": reseller()}});
    let body = json!({"type": "transfer", "asset": asset});
    let transfer = Order::of(&scene.stage.vendor().post("/requests", body).await);
    let pend = scene.inquired(&transfer).await;
    scene.switch(json!({"subscription": {"transfer": {"transfer_autoapprove": true}}})).await;
    scene.script.react([Reaction::Reply(|request| request)]);
    let answer = json!({"asset": {"params": [{"id": "admin_email", "value": "b@d.example"}]}});
    let answered = scene.stage.nobody().post(&pend, answer).await.expect(200);
    assert_eq!(text(&answered["status"]), "approved");
    assert_eq!(scene.script.calls.lock().unwrap().len(), 1);
}

/// A reseller that a trial does not have yet.
fn reseller() -> Value {
    json!({
        "name": "Orchard Resale", "external_id": "9001",
        "contact_info": {
            "address_line1": "Av. Norte 12", "city": "Madrid", "postal_code": "28001",
            "country": "ES",
            "contact": {"first_name": "Iker", "last_name": "Sanz", "email": "iker@orchard.example"},
        },
    })
}

/// Each type of webhook, asked about a draft of its kind of request.
#[tokio::test]
async fn each_kind_of_draft_has_its_validator() {
    let scene = Scene::set().await;
    let subscription = scene.stage.subscription().await;
    let kinds = ["validator", "change_validator", "renew_validator", "transfer_validator"];
    for kind in kinds {
        scene.validator(kind).await;
        scene.validator(&kind.replace("validator", "inquiring_validator")).await;
    }
    let mut asked = Vec::new();
    for kind in ["change", "renew", "transfer"] {
        let mut asset = json!({"id": subscription.asset});
        match kind {
            "change" => asset["items"] = json!([{"mpn": "MPN-A", "quantity": 12}]),
            "transfer" => asset["tiers"] = json!({"tier1": reseller()}),
            _ => {}
        }
        let body = json!({"type": kind, "status": "draft", "asset": asset});
        let draft = Order::of(&scene.stage.vendor().post("/requests", body).await);
        scene.script.react([Reaction::Reply(|request| request)]);
        scene.validate(&draft, json!([])).await.expect(200);
        let calls = scene.script.calls.lock().unwrap();
        asked.push(format!("{kind}: {}", calls.last().unwrap().uri().path()));
    }
    assert_eq!(
        asked,
        ["change: /change_validator", "renew: /renew_validator", "transfer: /transfer_validator"]
    );
}

/// Drafts of updates, and the answers to the inquiry about one.
#[tokio::test]
async fn requests_for_tier_configurations_have_validators_of_their_level() {
    let scene = Scene::set().await;
    let (set_up, _) = scene.stage.set_up().await;
    let vendor = scene.stage.vendor();
    let parameter = json!({
        "name": "region", "title": "Region", "type": "text", "scope": "tier1",
        "phase": "ordering", "constraints": {"required": true},
    });
    scene.vendor_post("parameters", parameter).await;
    let code = json!({"params": [{"id": "partner_code", "value": "OR-9"}]});
    let path = format!("/tier/config-requests/{set_up}");
    let config = vendor.put(&path, code).await.expect(200)["configuration"]["id"].clone();
    vendor.post(&format!("{path}/approve"), json!({})).await.expect(200);
    for kind in ["draft_tcr_t1_val", "tcr_update_t1_validator", "tcr_update_t1_inq_val"] {
        scene.validator(kind).await;
    }
    let mut asked = Vec::new();
    for (switch, status) in [
        (json!({"tiers": {"validation": true}}), "draft"),
        (json!({"tiers": {"configs": {"level": 1, "update": {"validation": true}}}}), "draft"),
        (
            json!({"tiers": {"configs": {"level": 1, "update": {"inquiring_validation": true}}}}),
            "pending",
        ),
    ] {
        scene.switch(switch).await;
        let body = json!({"type": "update", "status": status, "configuration": {"id": config}});
        let made = vendor.post("/tier/config-requests", body).await.expect(201);
        let path = format!("/tier/config-requests/{}", text(&made["id"]));
        scene.script.react([Reaction::Reply(|mut request| {
            let region = param_mut(&mut request, "region");
            region["value_error"] = json!("We are not there.");
            region["constraints"]["required"] = json!(false);
            request
        })]);
        let answer = json!({"params": [{"id": "region", "value": "North"}]});
        match status {
            "draft" => {
                let said = vendor.post(&format!("{path}/validate"), answer).await.expect(200);
                let region = param(&said, "region");
                assert_eq!(
                    (text(&region["value"]), text(&region["value_error"])),
                    ("North", "We are not there.")
                );
                assert_eq!(region["constraints"]["required"], false);
            }
            _ => {
                let code = text(&made["activation"]["link"]).split("code=").nth(1).unwrap();
                let code = code.split('&').next().unwrap().to_owned();
                let pend = format!("{path}/pend?code={code}");
                let said = scene.stage.nobody().post(&pend, answer.clone()).await;
                assert_eq!(said.refusal(), "400 VAL_001 params.region: We are not there.");
                scene.script.react([Reaction::Reply(|request| request)]);
                scene.stage.nobody().post(&pend, answer).await.expect(204);
            }
        }
        let calls = scene.script.calls.lock().unwrap();
        asked.push(calls.last().unwrap().uri().path().to_owned());
    }
    assert_eq!(asked, ["/draft_tcr_t1_val", "/tcr_update_t1_validator", "/tcr_update_t1_inq_val"]);
}
