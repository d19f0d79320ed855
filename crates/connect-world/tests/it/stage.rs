use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_model::ProductId;
use connect_model::lifecycle::Operation;
use connect_world::command::{ParameterCommand, ProductCommand, RequestCommand};
use connect_world::scenario::Scenario;
use connect_world::{Actor, Collection, Command, Denial, Setting, World};
use serde_json::{Value, json};

/// The clock of a morning in June.
pub(crate) fn morning() -> VirtualClock {
    VirtualClock::new("2024-06-11T07:30:00Z".parse().unwrap())
}

pub(crate) const CONNECTION: &str = "CT-6204-1187-3390";
pub(crate) const MARKETPLACE: &str = "MP-51842";

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) vendor: Actor,
    pub(crate) distributor: Actor,
    pub(crate) clock: VirtualClock,
}

pub(crate) type Answer = Result<Value, Denial>;

impl Stage {
    pub(crate) fn demo() -> Self {
        Self::of(Scenario::demo())
    }

    pub(crate) fn of(scenario: Scenario) -> Self {
        let clock = morning();
        let world = World::found(scenario, Setting::new(7));
        let keys = world.keys();
        let vendor = world.authenticate(&keys.vendor).unwrap();
        let distributor = world.authenticate(&keys.distributor).unwrap();
        Self { world, vendor, distributor, clock }
    }

    pub(crate) fn product(&self) -> ProductId {
        self.world.product().clone()
    }

    /// Each command comes a second after the one before.
    pub(crate) fn apply(&mut self, who: &Actor, command: impl Into<Command>) -> Answer {
        self.clock.advance(Duration::from_secs(1));
        let applied = self.world.apply(self.clock.now(), who, command)?;
        Ok(serde_json::from_slice(&applied.body).unwrap_or(Value::Null))
    }

    pub(crate) fn by_vendor(&mut self, command: impl Into<Command>) -> Answer {
        self.apply(&self.vendor.clone(), command)
    }

    pub(crate) fn by_distributor(&mut self, command: impl Into<Command>) -> Answer {
        self.apply(&self.distributor.clone(), command)
    }

    pub(crate) fn operate(&mut self, id: &str, operation: Operation, body: Value) -> Answer {
        self.by_vendor(RequestCommand::Operate { id: id.into(), operation, body, code: None })
    }

    pub(crate) fn approve(&mut self, id: &str) -> Answer {
        self.operate(id, Operation::Approve, Value::Null)
    }

    pub(crate) fn update(&mut self, id: &str, body: Value) -> Answer {
        self.operate(id, Operation::Update, body)
    }

    pub(crate) fn set_param(&mut self, id: &str, key: &str, value: &str) -> Answer {
        self.update(id, json!({"asset": {"params": [{"id": key, "value": value}]}}))
    }

    /// A preview purchase of ten units.
    pub(crate) fn trial_body(&self) -> Value {
        json!({
            "type": "purchase",
            "asset": {
                "product": {"id": self.product()},
                "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
                "items": [{"mpn": "MPN-A", "quantity": 10}],
            },
        })
    }

    /// A purchase through the demo's connection.
    pub(crate) fn order_body(&self) -> Value {
        json!({
            "type": "purchase",
            "marketplace": {"id": MARKETPLACE},
            "asset": {
                "external_id": "108842",
                "external_uid": "7e1b0c52-3a6f",
                "connection": {"id": CONNECTION},
                "items": [{"mpn": "MPN-A", "quantity": 8}],
                "tiers": {"customer": customer()},
            },
        })
    }

    pub(crate) fn trial(&mut self) -> Value {
        let body = self.trial_body();
        self.by_vendor(RequestCommand::Create { body }).unwrap()
    }

    pub(crate) fn order(&mut self) -> Value {
        let body = self.order_body();
        self.by_distributor(RequestCommand::Create { body }).unwrap()
    }

    /// A trial that was fulfilled and approved; answers its asset's id.
    pub(crate) fn active_trial(&mut self) -> String {
        let request = self.trial();
        self.fulfil(&request);
        text(&request, "/asset/id")
    }

    /// An order that was fulfilled and approved; answers its asset's id.
    pub(crate) fn active_order(&mut self) -> String {
        let request = self.order();
        self.fulfil(&request);
        text(&request, "/asset/id")
    }

    pub(crate) fn fulfil(&mut self, request: &Value) -> Value {
        let id = text(request, "/id");
        self.set_param(&id, "subscription_id", "sub-1").unwrap();
        self.approve(&id).unwrap()
    }

    /// The vendor asks for something on its own trial.
    pub(crate) fn request(&mut self, kind: &str, asset: &str) -> Answer {
        let body = json!({"type": kind, "asset": {"id": asset}});
        self.by_vendor(RequestCommand::Create { body })
    }

    pub(crate) fn change(&mut self, asset: &str, quantity: u32) -> Answer {
        let items = json!([{"mpn": "MPN-A", "quantity": quantity}]);
        let body = json!({"type": "change", "asset": {"id": asset, "items": items}});
        self.by_vendor(RequestCommand::Create { body })
    }

    /// The vendor adjusts a parameter of its own trial.
    pub(crate) fn adjust(&mut self, asset: &str, key: &str, value: &str) -> Answer {
        let params = json!([{"id": key, "value": value}]);
        let body = json!({"type": "adjustment", "asset": {"id": asset, "params": params}});
        self.by_vendor(RequestCommand::Create { body })
    }

    /// The customer sends the form of an inquiring request.
    pub(crate) fn answer(&mut self, id: &str, code: &str, body: Value) -> Answer {
        let (operation, code) = (Operation::Pend, Some(code.to_owned()));
        self.apply(
            &Actor::Customer,
            RequestCommand::Operate { id: id.into(), operation, body, code },
        )
    }

    pub(crate) fn read(&self, collection: &Collection, id: &str) -> Answer {
        let body = self.world.read(self.clock.now(), &self.vendor, collection, id, "")?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    pub(crate) fn asset(&self, id: &str) -> Value {
        self.read(&Collection::Assets, id).unwrap()
    }

    pub(crate) fn asset_status(&self, id: &str) -> String {
        text(&self.asset(id), "/status")
    }

    /// Turns switches of the product.
    pub(crate) fn switch(&mut self, capabilities: &Value) {
        let command = ProductCommand::Update {
            id: self.product(),
            body: json!({"capabilities": capabilities}),
        };
        self.by_vendor(command).unwrap();
    }

    pub(crate) fn add_parameter(&mut self, body: Value) -> Value {
        let product = self.product();
        self.by_vendor(ParameterCommand::Create { product, body }).unwrap()
    }

    /// The ids of a list, and its `Content-Range`.
    pub(crate) fn ids(&self, collection: &Collection, query: &str) -> (Vec<String>, String) {
        let listed = self.world.list(self.clock.now(), &self.vendor, collection, query).unwrap();
        let rows: Vec<Value> = serde_json::from_slice(&listed.body).unwrap();
        (rows.iter().map(|row| text(row, "/id")).collect(), listed.range.to_string())
    }
}

pub(crate) fn customer() -> Value {
    json!({
        "name": "Cedar Bakery SL",
        "external_id": "100771",
        "external_uid": "c2a1f0aa-1f43",
        "contact_info": {
            "address_line1": "Calle Mayor 4", "city": "Zaragoza", "postal_code": "50001",
            "country": "ES",
            "contact": {
                "first_name": "Nuria", "last_name": "Lanas", "email": "nuria@cedarbakery.example",
            },
        },
    })
}

/// The code in the link to the form of an inquiring request.
pub(crate) fn code_of(request: &Value) -> String {
    let url = text(request, "/params_form_url");
    let (_, query) = url.split_once("?code=").unwrap();
    query.split('&').next().unwrap().to_owned()
}

/// The text at a JSON pointer.
pub(crate) fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// A refusal on one line.
pub(crate) fn said(answer: Answer) -> String {
    match answer {
        Ok(value) => format!("ok {}", text(&value, "/status")),
        Err(denied) => denied.to_string(),
    }
}
