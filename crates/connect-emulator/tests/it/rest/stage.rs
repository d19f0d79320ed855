//! An emulator of its own for each test, and the people who call it.

use connect_contract::Guard;
use connect_emulator::{Config, Running, start};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// An emulator with the demo world, whose answers are held against Connect's published document
/// when it is dropped.
pub(crate) struct Stage {
    pub(crate) emulator: Running,
    http: Client,
    _guard: Guard,
}

/// Somebody with a token, or without.
pub(crate) struct Caller {
    endpoint: String,
    http: Client,
    key: Option<String>,
}

/// What the emulator said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        Self::set_with(Config::default()).await
    }

    pub(crate) async fn set_with(config: Config) -> Self {
        let emulator = start(config).await.unwrap();
        let _guard = Guard::over(emulator.activity());
        Self { emulator, http: direct(), _guard }
    }

    fn caller(&self, key: Option<&str>) -> Caller {
        let key = key.map(str::to_owned);
        Caller { endpoint: self.emulator.endpoint(), http: self.http.clone(), key }
    }

    pub(crate) fn vendor(&self) -> Caller {
        self.caller(Some(&self.emulator.keys().vendor))
    }

    pub(crate) fn distributor(&self) -> Caller {
        self.caller(Some(&self.emulator.keys().distributor))
    }

    pub(crate) fn with_key(&self, key: &str) -> Caller {
        self.caller(Some(key))
    }

    pub(crate) fn nobody(&self) -> Caller {
        self.caller(None)
    }

    /// Somebody who calls the emulator's own endpoints.
    pub(crate) fn operator(&self) -> Caller {
        Caller { endpoint: format!("{}/emulator", self.emulator.url()), ..self.nobody() }
    }

    pub(crate) fn preview_purchase(&self) -> Value {
        json!({
            "type": "purchase",
            "asset": {
                "product": {"id": self.emulator.product()},
                "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
                "items": [{"mpn": "MPN-A", "quantity": 10}],
            },
        })
    }

    /// A pending purchase on preview.
    pub(crate) async fn purchase(&self) -> Order {
        Order::of(&self.vendor().post("/requests", self.preview_purchase()).await)
    }

    /// A request of another type on the asset of an order.
    pub(crate) async fn order(&self, kind: &str, earlier: &Order) -> Order {
        let body = json!({"type": kind, "asset": {"id": earlier.asset}});
        Order::of(&self.vendor().post("/requests", body).await)
    }

    /// What a vendor does before approving: it fills the required parameter.
    pub(crate) async fn fill(&self, order: &Order) {
        let params = json!([{"id": "subscription_id", "value": "tenant-1"}]);
        let body = json!({"asset": {"params": params}});
        self.vendor().put(&format!("/requests/{}", order.id), body).await.expect(200);
    }

    pub(crate) async fn approve(&self, order: &Order) -> Value {
        self.vendor().act(&order.id, "approve", json!({})).await.expect(200)
    }

    /// An active preview subscription.
    pub(crate) async fn subscription(&self) -> Order {
        let order = self.purchase().await;
        self.fill(&order).await;
        self.approve(&order).await;
        order
    }

    /// Has the product ask first-level resellers for a code, which approval needs, and answers the
    /// set-up that a trial then waits for, with the trial.
    pub(crate) async fn set_up(&self) -> (String, Order) {
        let (vendor, product) = (self.vendor(), self.emulator.product());
        let path = format!("/products/{product}");
        let parameter = json!({
            "name": "partner_code", "title": "Partner code", "type": "text", "scope": "tier1",
            "phase": "fulfillment", "constraints": {"required": true},
        });
        vendor.post(&format!("{path}/parameters"), parameter).await.expect(201);
        for kind in ["fulfillment", "inquire"] {
            let template = json!({
                "name": format!("Reseller {kind}"), "scope": "tier1", "type": kind,
                "body": "Your code is {{ partner_code }}.",
            });
            vendor.post(&format!("{path}/templates"), template).await.expect(201);
        }
        let switch = json!({"capabilities": {"tiers": {"configs": {"level": 1}}}});
        vendor.put(&path, switch).await.expect(200);
        let trial = self.purchase().await;
        let set_ups = vendor.get("/tier/config-requests?eq(type,setup)").await;
        (set_ups.column("id").remove(0), trial)
    }

    /// The status of a request and of its asset.
    pub(crate) async fn standing(&self, order: &Order) -> String {
        let request = self.vendor().get(&format!("/requests/{}", order.id)).await.expect(200);
        format!("{} {}", text(&request["status"]), text(&request["asset"]["status"]))
    }
}

/// A request and its asset.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) asset: String,
}

impl Order {
    pub(crate) fn of(said: &Said) -> Self {
        let request = said.expect(201);
        Self {
            id: text(&request["id"]).to_owned(),
            asset: text(&request["asset"]["id"]).to_owned(),
        }
    }
}

impl Caller {
    pub(crate) async fn get(&self, path: &str) -> Said {
        self.call(Method::GET, path).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Said {
        Said::of(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Said {
        Said::of(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn act(&self, id: &str, verb: &str, body: Value) -> Said {
        self.post(&format!("/requests/{id}/{verb}"), body).await
    }

    /// A call without a body.
    pub(crate) async fn call(&self, method: Method, path: &str) -> Said {
        Said::of(self.request(method, path)).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.endpoint));
        match &self.key {
            Some(key) => request.header("Authorization", key),
            None => request,
        }
    }
}

impl Said {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Self { status, headers, body: answer.text().await.unwrap() }
    }

    /// The body as JSON, given the status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status, code and first message of a refusal, in one line.
    pub(crate) fn refusal(&self) -> String {
        let body = self.json();
        let message = text(&body["errors"][0]);
        format!("{} {} {message}", self.status, text(&body["error_code"]))
    }

    /// One member of every object of a list.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        let rows = self.json();
        rows.as_array().unwrap().iter().map(|row| text(&row[name]).to_owned()).collect()
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// A client that goes where it is sent, and not on from there.
fn direct() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
