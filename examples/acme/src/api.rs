//! Acme's API, and what its answers mean.

use std::time::Duration;

use connect_processor::{Failure, StepKey};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A client of Acme's API.
#[derive(Clone, Debug)]
pub struct Acme {
    http: Client,
    url: String,
}

/// A tenant, as far as a processor needs to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Acme's id.
    #[serde(rename = "tenantId")]
    pub id: String,
}

impl Acme {
    /// A client of the API at a base address such as `http://127.0.0.1:9000`.
    ///
    /// # Errors
    ///
    /// When the machine cannot make TLS connections at all.
    pub fn new(url: &str) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .timeout(Duration::from_secs(20))
            .connect_timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self { http, url: url.trim_end_matches('/').to_owned() })
    }

    /// Creates a tenant for a subscription.
    pub(crate) async fn create(&self, asset: &str, key: StepKey) -> Result<Tenant, Failure> {
        let call = self.call(Method::POST, "tenant", &key).json(&json!({"externalId": asset}));
        let answer = judge(call.send().await?).await?;
        let body = answer.bytes().await?;
        serde_json::from_slice(&body)
            .map_err(|error| Failure::retry(format!("Acme's answer is no tenant: {error}")))
    }

    /// Sets how much a tenant may use.
    pub(crate) async fn set_limit(
        &self,
        tenant: &str,
        limit: u64,
        key: StepKey,
    ) -> Result<(), Failure> {
        let body = json!({"licences": {"limit": limit}});
        let call = self.call(Method::PUT, &format!("tenant/{tenant}"), &key).json(&body);
        understand(judge(call.send().await?).await?).await
    }

    /// Lets a tenant in again.
    pub(crate) async fn enable(&self, tenant: &str, key: StepKey) -> Result<(), Failure> {
        let call = self.call(Method::PUT, &format!("tenant/{tenant}/enable"), &key);
        understand(judge(call.json(&json!({})).send().await?).await?).await
    }

    /// Locks a tenant out.
    pub(crate) async fn disable(&self, tenant: &str, key: StepKey) -> Result<(), Failure> {
        let call = self.call(Method::PUT, &format!("tenant/{tenant}/disable"), &key);
        understand(judge(call.json(&json!({})).send().await?).await?).await
    }

    /// Deletes a tenant.
    pub(crate) async fn delete(&self, tenant: &str, key: StepKey) -> Result<(), Failure> {
        let answer = self.call(Method::DELETE, &format!("tenant/{tenant}"), &key).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(());
        }
        judge(answer).await.map(drop)
    }

    fn call(&self, method: Method, path: &str, key: &StepKey) -> RequestBuilder {
        let url = format!("{}/{path}", self.url);
        self.http.request(method, url).header("Idempotency-Key", key.as_str())
    }
}

/// What Acme says of an error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: String,
    message: String,
}

/// An answer that refuses is final only where Acme has understood the call and says no. Too many
/// calls, a fault of Acme's, or a wrong address are worth another try; so is a call that is still
/// being worked on for an earlier life of this processor.
async fn judge(answer: Response) -> Result<Response, Failure> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let after = retry_after(&answer);
    let Refusal { code, message } = refusal(answer).await;
    let text = format!("Acme answered {status}: {message}");
    Err(match status {
        _ if code == "in_progress" => Failure::retry(text),
        _ if code == "idempotency_key_reused" => Failure::park(text),
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
            Failure::give_up(message)
        }
        _ => match after {
            Some(after) => Failure::retry_after(after, text),
            None => Failure::retry(text),
        },
    })
}

/// A yes counts only when it is said in Acme's own words: anything may answer 200.
async fn understand(answer: Response) -> Result<(), Failure> {
    let body = answer.bytes().await?;
    match serde_json::from_slice::<Tenant>(&body) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::retry(format!("Acme's answer is no tenant: {error}"))),
    }
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The body of an error; the beginning of it, when it is not Acme's.
async fn refusal(answer: Response) -> Refusal {
    #[derive(Deserialize)]
    struct Body {
        error: Refusal,
    }
    let text = answer.text().await.unwrap_or_default();
    match serde_json::from_str(&text) {
        Ok(Body { error }) => error,
        Err(_) => Refusal { message: text.chars().take(200).collect(), ..Refusal::default() },
    }
}
