//! Every cell of the lifecycles' tables through REST: the emulator must answer what they say.

mod asset_requests;
mod tier_account_requests;
mod tier_config_requests;

use connect_e2e::Stage;
use connect_model::RequestStatus;
use connect_model::lifecycle::{Allowed, Next, Operation, Refused};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

/// A table's requests on a platform, and how many of its cells were accepted and refused.
struct Drive<'a> {
    stage: &'a Stage,
    http: Client,
    /// The path of the requests.
    path: &'static str,
    /// The operations whose acceptance has no body.
    silent: &'static [Operation],
    accepted: usize,
    refused: usize,
}

impl<'a> Drive<'a> {
    fn new(stage: &'a Stage, path: &'static str, silent: &'static [Operation]) -> Self {
        Self { stage, http: Client::new(), path, silent, accepted: 0, refused: 0 }
    }

    /// Operates on a request, which must be answered as the table says.
    async fn must_agree(&mut self, id: &str, operation: Operation, said: Result<Allowed, Refused>) {
        let before = self.read(id).await;
        let cell = format!("{} of {} {}", operation.verb(), before["status"], before["type"]);
        let (status, body) = self.operate(id, operation).await;
        let after = self.read(id).await;
        match said {
            Ok(allowed) => {
                let is_silent = self.silent.contains(&operation);
                let expected = if is_silent { StatusCode::NO_CONTENT } else { StatusCode::OK };
                assert_eq!(status, expected, "{cell}: {body}");
                assert_eq!(after["status"], led_to(&allowed.next, &before), "{cell}");
                self.accepted += 1;
            }
            Err(refused) => {
                assert!(
                    !matches!(refused, Refused::Side),
                    "{cell}: on preview all is the vendor's"
                );
                assert_eq!(status, StatusCode::BAD_REQUEST, "{cell}: {body}");
                assert_eq!(body, json!(refused.refusal()), "{cell}");
                assert_eq!(after, before, "{cell}: a refusal changes nothing");
                self.refused += 1;
            }
        }
    }

    async fn read(&self, id: &str) -> Value {
        let (status, body) = self.call(Method::GET, id, &Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    async fn operate(&self, id: &str, operation: Operation) -> (StatusCode, Value) {
        let path = format!("{id}/{}", operation.verb());
        let body = body_for(operation);
        match operation {
            Operation::Update => self.call(Method::PUT, id, &body).await,
            Operation::Render => self.call(Method::GET, &path, &Value::Null).await,
            _ => self.call(Method::POST, &path, &body).await,
        }
    }

    /// Calls as the vendor. What is not JSON is answered as text.
    async fn call(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let emulator = &self.stage.emulator;
        let url = format!("{}/{}/{path}", emulator.endpoint(), self.path);
        let call = self.http.request(method, url).header("Authorization", &emulator.keys().vendor);
        let call = if body.is_null() { call } else { call.json(body) };
        let answer = call.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

/// The status that an accepted operation leads to. Nothing hinders the first one of these requests.
fn led_to(next: &Next, before: &Value) -> Value {
    match next {
        Next::Stay => before["status"].clone(),
        Next::To(status) => json!(status),
        Next::First => json!(RequestStatus::Pending),
    }
}

/// What an operation cannot do without, in the words of every family.
fn body_for(operation: Operation) -> Value {
    match operation {
        Operation::Update => json!({"note": "seen", "notes": "seen"}),
        Operation::Fail | Operation::Revoke => json!({"reason": "because"}),
        Operation::Schedule => json!({"planned_date": "2030-01-01T00:00:00+00:00"}),
        Operation::Assign => json!({"email": "ines@fernway.example"}),
        _ => json!({}),
    }
}
