//! An emulator, and somebody who opens its pages.

use connect_emulator::{Config, Running};
use connect_model::{AssetRequestType, RequestId, RequestStatus};
use connect_world::{Command, Fixture};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// The header of a visitor who plays the distributor.
pub(crate) const DISTRIBUTOR: (&str, &str) = ("cookie", "role=distributor");

/// An emulator with its pages.
pub(crate) struct Stage {
    pub(crate) emulator: Running,
    pub(crate) browser: Client,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let emulator = connect_emulator::start(config).await.unwrap();
        let browser = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { emulator, browser }
    }

    /// A request with its subscription, and their ids.
    pub(crate) async fn seed(
        &self,
        kind: AssetRequestType,
        status: RequestStatus,
    ) -> (RequestId, String) {
        let fixture = Fixture::new(kind, status);
        let seeded =
            self.emulator.platform().seed(|world, at| world.seed_request(at, &fixture)).await;
        let request = seeded.unwrap().unwrap();
        let asset = request.as_str().replacen("PR", "AS", 1);
        let asset = asset.rsplit_once('-').unwrap().0.to_owned();
        (request, asset)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.browser.get(format!("{}{path}", self.emulator.url()))
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = "application/x-www-form-urlencoded";
        self.browser
            .post(format!("{}{path}", self.emulator.url()))
            .header("content-type", form)
            .body(body)
    }

    /// A page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let response = self.get(path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.unwrap()
    }

    /// Carries out a command of the vendor.
    pub(crate) async fn vendor(&self, command: impl Into<Command> + Send) -> Value {
        let platform = self.emulator.platform();
        let vendor = platform.authenticate(&self.emulator.keys().vendor).unwrap();
        serde_json::from_slice(&platform.apply(vendor, command).await.unwrap().body).unwrap()
    }

    /// What a form of a page carries to show that it is ours.
    pub(crate) async fn form_token(&self) -> String {
        token_in(&self.page("/").await)
    }

    /// Sends a form of ours.
    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.form_token().await;
        let fields = [&[("form_token", token.as_str())], fields].concat();
        self.post(path, &fields).send().await.unwrap()
    }
}

/// What the forms of this page carry.
pub(crate) fn token_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// The vendor at the API.
pub(crate) struct Api<'s>(&'s Stage);

impl Stage {
    pub(crate) fn api(&self) -> Api<'_> {
        Api(self)
    }
}

impl Api<'_> {
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send_to("GET", path, &Value::Null).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Value {
        self.send_to("PUT", path, body).await
    }

    /// The body of the answer, whatever its status.
    pub(crate) async fn send_to(&self, method: &str, path: &str, body: &Value) -> Value {
        let emulator = &self.0.emulator;
        let url = format!("{}{path}", emulator.endpoint());
        let request = self.0.browser.request(method.parse().unwrap(), url);
        let request = request.header("Authorization", &emulator.keys().vendor);
        let request = if body.is_null() { request } else { request.json(body) };
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_default()
    }
}
