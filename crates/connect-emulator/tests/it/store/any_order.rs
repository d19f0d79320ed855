//! Whatever is done in whatever order: the file says what memory says.

use std::path::Path;
use std::time::Duration;

use connect_emulator::Platform;
use connect_model::RequestId;
use connect_model::lifecycle::Operation;
use connect_world::command::{
    BillingRequestCommand, ConversationCommand, ItemCommand, ParameterCommand, ProductCommand,
    RequestCommand, TemplateCommand, TierAccountCommand,
};
use connect_world::{Actor, Collection, Command, Setting};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{block, difference, dump, open, vendor};
use crate::world::{Stage, customer, text};

const HOUR: Duration = Duration::from_secs(3600);

/// Something somebody does; numbers choose among the requests there are.
#[derive(Clone, Copy, Debug)]
enum Act {
    Switch(bool),
    Try,
    Draft,
    Order(u8),
    Ask(&'static str, u8),
    Operate(Operation, u8),
    Fulfil(u8),
    Mark(u8),
    Answer(u8),
    Rename(u8),
    Bill(u8),
    Say(u8),
    Declare(u8),
    Furnish(u8),
    Write(u8),
    Found,
    Forget(u8),
    Wait(u8),
}

fn act() -> impl Strategy<Value = Act> {
    use proptest::sample::select;
    let kinds = vec!["change", "suspend", "resume", "cancel", "adjustment"];
    prop_oneof![
        any::<bool>().prop_map(Act::Switch),
        Just(Act::Try),
        Just(Act::Draft),
        any::<u8>().prop_map(Act::Order),
        (select(kinds), any::<u8>()).prop_map(|(kind, which)| Act::Ask(kind, which)),
        (select(Operation::ALL.to_vec()), any::<u8>())
            .prop_map(|(it, which)| Act::Operate(it, which)),
        any::<u8>().prop_map(Act::Fulfil),
        any::<u8>().prop_map(Act::Mark),
        any::<u8>().prop_map(Act::Answer),
        any::<u8>().prop_map(Act::Rename),
        any::<u8>().prop_map(Act::Bill),
        any::<u8>().prop_map(Act::Say),
        any::<u8>().prop_map(Act::Declare),
        any::<u8>().prop_map(Act::Furnish),
        any::<u8>().prop_map(Act::Write),
        Just(Act::Found),
        any::<u8>().prop_map(Act::Forget),
        any::<u8>().prop_map(Act::Wait),
    ]
}

struct Play {
    platform: Platform,
    stage: Stage,
    requests: Vec<Value>,
}

impl Play {
    fn request(&self, which: u8) -> Value {
        let place = usize::from(which) % self.requests.len().max(1);
        self.requests.get(place).cloned().unwrap_or_default()
    }

    fn send(&mut self, who: &Actor, command: impl Into<Command>) {
        let command = command.into();
        let is_request = matches!(command, Command::Request(RequestCommand::Create { .. }));
        let Ok(applied) = block(self.platform.apply(who.clone(), command)) else { return };
        if is_request {
            self.requests.push(serde_json::from_slice(&applied.body).unwrap());
        }
    }

    fn params(&mut self, which: u8, row: &Value) {
        let id = text(&self.request(which), "/id").into();
        let body = json!({"note": "x", "asset": {"params": [row]}});
        let operation = Operation::Update;
        self.send(
            &self.stage.vendor.clone(),
            RequestCommand::Operate { id, operation, body, code: None },
        );
    }

    fn rows(&self, who: &Actor, collection: &Collection) -> Vec<Value> {
        let listed = block(self.platform.list(who, collection, "")).unwrap();
        serde_json::from_slice(&listed.body).unwrap()
    }

    /// The code of the customer's form; nonsense while there is none.
    fn code(&self, who: &Actor, id: &RequestId) -> String {
        let shown = block(self.platform.read(who, &Collection::Requests, id.as_str(), ""));
        let request = shown.map(|body| serde_json::from_slice::<Value>(&body).unwrap());
        let url = text(&request.unwrap_or_default(), "/params_form_url");
        let code = url.split_once("code=").and_then(|(_, rest)| rest.split('&').next());
        code.unwrap_or("none").to_owned()
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each thing that can be done")]
    fn play(&mut self, act: Act) {
        let (vendor, distributor) = (self.stage.vendor.clone(), self.stage.distributor.clone());
        match act {
            Act::Switch(on) => {
                let body = json!({"capabilities": {
                    "cart": {"validation": on},
                    "subscription": {
                        "purchase": {"scheduling": on},
                        "suspend": {"scheduling": on},
                        "change": {
                            "scheduling": on, "validation": on, "simultaneous_adjustment": on,
                            "editable_ordering_parameters": on,
                        },
                    },
                }});
                self.send(&vendor, ProductCommand::Update { id: self.stage.product(), body });
            }
            Act::Try => {
                let body = self.stage.trial_body();
                self.send(&vendor, RequestCommand::Create { body });
            }
            Act::Draft => {
                let mut body = self.stage.trial_body();
                body["status"] = json!("draft");
                self.send(&vendor, RequestCommand::Create { body });
            }
            Act::Order(uid) => {
                let mut body = self.stage.order_body();
                body["asset"]["external_uid"] = json!(uid % 8);
                self.send(&distributor, RequestCommand::Create { body });
            }
            Act::Ask(kind, which) => {
                let asset = text(&self.request(which), "/asset/id");
                let items = json!([{"mpn": "MPN-A", "quantity": which}]);
                let body = json!({"type": kind, "asset": {"id": asset, "items": items}});
                self.send(&vendor, RequestCommand::Create { body });
            }
            Act::Operate(operation, which) => {
                let id = text(&self.request(which), "/id").into();
                let body = json!({"reason": "so", "planned_date": "2024-07-01T00:00:00Z", "email": "ines@fernway.example"});
                self.send(&vendor, RequestCommand::Operate { id, operation, body, code: None });
            }
            Act::Fulfil(which) => {
                self.params(which, &json!({"id": "subscription_id", "value": which}));
            }
            Act::Mark(which) => {
                self.params(which, &json!({"id": "admin_email", "value_error": "no"}));
            }
            Act::Answer(which) => {
                let id = text(&self.request(which), "/id").into();
                let code = Some(self.code(&vendor, &id));
                let address = format!("customer-{which}@bakery.example");
                let params = json!([{"id": "admin_email", "value": address}]);
                let (operation, body) = (Operation::Pend, json!({"asset": {"params": params}}));
                self.send(&Actor::Customer, RequestCommand::Operate { id, operation, body, code });
            }
            Act::Rename(which) => {
                let id = text(&self.request(which), "/asset/tiers/customer/id").into();
                let mut body = customer();
                body["name"] = json!(format!("Company {which}"));
                self.send(&distributor, TierAccountCommand::Update { id, body });
            }
            Act::Bill(which) => {
                let asset = text(&self.request(which), "/asset/id");
                let body = json!({
                    "asset": {"id": asset}, "items": [{"id": "MPN-A"}],
                    "period": {"from": "2024-06-01T00:00:00Z", "to": "2024-07-01T00:00:00Z",
                               "delta": 1, "uom": "monthly"},
                });
                let who = if which.is_multiple_of(2) { vendor } else { distributor };
                self.send(&who, BillingRequestCommand::Create { body });
            }
            Act::Say(which) => {
                let conversation = text(&self.request(which), "/id");
                let body = json!({"text": "hello"});
                self.send(&vendor, ConversationCommand::Say { conversation, body });
            }
            Act::Declare(which) => {
                let product = self.stage.product();
                let body = json!({"name": format!("p{which}"), "type": "text", "phase": "ordering", "scope": "asset"});
                self.send(&vendor, ParameterCommand::Create { product, body });
            }
            Act::Furnish(which) => {
                let (product, number) = (self.stage.product(), which / 3);
                let id = format!("PRD-411-678-887-{:04}", number + 1);
                let body = json!({"name": format!("i{number}"), "mpn": number, "type": "ppu"});
                let command = match which % 3 {
                    0 => ItemCommand::Create { product, body },
                    1 => ItemCommand::Update { product, id, body },
                    _ => ItemCommand::Delete { product, id },
                };
                self.send(&vendor, command);
            }
            Act::Write(which) => {
                let product = self.stage.product();
                let rows = self.rows(&vendor, &Collection::Templates(product.clone()));
                let id = text(&rows[usize::from(which) % rows.len()], "/id").into();
                let body = json!({
                    "name": "Again", "body": "x", "scope": "asset", "type": "pending",
                });
                let command = match which % 3 {
                    0 => TemplateCommand::Create { product, body },
                    1 => TemplateCommand::Update { product, id, body },
                    _ => TemplateCommand::Delete { product, id },
                };
                self.send(&vendor, command);
            }
            Act::Found => {
                self.send(&vendor, ProductCommand::Create { body: json!({"name": "Another"}) });
            }
            Act::Forget(which) => {
                let rows = self.rows(&vendor, &Collection::Products);
                let id = text(&rows[usize::from(which) % rows.len()], "/id").into();
                self.send(&vendor, ProductCommand::Delete { id });
            }
            Act::Wait(hours) => self.stage.clock.advance(HOUR * hours.into()),
        }
    }
}

/// A play in a folder, before anything happened.
fn begin(folder: &Path) -> Play {
    let stage = Stage::demo();
    let platform = super::open_by(stage.clock.clone(), Setting::new(7), folder).unwrap();
    Play { platform, stage, requests: Vec::new() }
}

#[test]
fn the_acts_of_a_play_are_not_all_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut play = begin(folder.path());
    for act in [
        Act::Switch(true),
        Act::Try,
        Act::Operate(Operation::Schedule, 0),
        Act::Draft,
        Act::Try,
        Act::Mark(2),
        Act::Operate(Operation::Inquire, 2),
        Act::Answer(2),
        Act::Order(1),
        Act::Fulfil(3),
        Act::Operate(Operation::Approve, 3),
        Act::Bill(3),
        Act::Furnish(0),
        Act::Write(0),
    ] {
        play.play(act);
    }
    let vendor = vendor(&play.platform);
    let mut requests = play.rows(&vendor, &Collection::Requests);
    requests.sort_by_key(|row| row["status"].as_str().map(str::to_owned));
    let shown: Vec<_> =
        requests.iter().map(|row| [text(row, "/status"), text(row, "/answered")]).collect();
    let others = [["draft", "false"], ["pending", "true"], ["scheduled", "false"]];
    assert_eq!(shown, [&[["approved", "false"]], &others[..]].concat());
    let seller = &play.stage.distributor;
    assert_eq!(play.rows(seller, &Collection::BillingRequests).len(), 1);
    let product = play.stage.product();
    assert_eq!(play.rows(&vendor, &Collection::Items(product.clone())).len(), 2);
    assert_eq!(play.rows(&vendor, &Collection::Templates(product)).len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_the_reopened_world_is_the_same(acts in proptest::collection::vec(act(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let mut play = begin(folder.path());
        for act in acts {
            play.play(act);
        }
        let before = dump(&play.platform);
        drop(play);
        let after = dump(&open(folder.path()).unwrap());
        prop_assert!(after == before, "{}", difference(&before, &after, ""));
    }
}
