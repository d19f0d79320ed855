//! Acme's API, and what its answers mean.

use std::net::IpAddr;
use std::time::Duration;

use connect_processor::{Failure, StepKey};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
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
        let mut http = Client::builder()
            .timeout(Duration::from_secs(20))
            .connect_timeout(Duration::from_secs(5));
        // The proxy of the environment is for the way out of this machine.
        if is_here(url) {
            http = http.no_proxy();
        }
        Ok(Self { http: http.build()?, url: url.trim_end_matches('/').to_owned() })
    }

    /// Creates a tenant for a subscription.
    pub(crate) async fn create(&self, asset: &str, key: StepKey) -> Result<Tenant, Failure> {
        let body = json!({"externalId": asset});
        tenant(self.call(Method::POST, "tenant", &key).json(&body)).await
    }

    /// Sets how much a tenant may use.
    pub(crate) async fn set_limit(
        &self,
        id: &str,
        limit: u64,
        key: StepKey,
    ) -> Result<(), Failure> {
        let body = json!({"licences": {"limit": limit}});
        tenant(self.call(Method::PUT, &format!("tenant/{id}"), &key).json(&body)).await?;
        Ok(())
    }

    /// Lets a tenant in again.
    pub(crate) async fn enable(&self, id: &str, key: StepKey) -> Result<(), Failure> {
        let call = self.call(Method::PUT, &format!("tenant/{id}/enable"), &key);
        tenant(call.json(&json!({}))).await?;
        Ok(())
    }

    /// Locks a tenant out.
    pub(crate) async fn disable(&self, id: &str, key: StepKey) -> Result<(), Failure> {
        let call = self.call(Method::PUT, &format!("tenant/{id}/disable"), &key);
        tenant(call.json(&json!({}))).await?;
        Ok(())
    }

    /// Deletes a tenant. One that Acme says is gone is as good; a bare 404 says nothing of it.
    pub(crate) async fn delete(&self, id: &str, key: StepKey) -> Result<(), Failure> {
        let answer = self.call(Method::DELETE, &format!("tenant/{id}"), &key).send().await?;
        let status = answer.status();
        if status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        if status.is_success() {
            return Err(Failure::retry(format!("Acme answered {status} to a deletion, not 204")));
        }
        let refusal = Refusal::read(answer).await;
        match refusal.code.as_str() {
            "tenant_not_found" | "tenant_deleted" => Ok(()),
            _ => Err(refusal.into_failure()),
        }
    }

    fn call(&self, method: Method, path: &str, key: &StepKey) -> RequestBuilder {
        let url = format!("{}/{path}", self.url);
        self.http.request(method, url).header("Idempotency-Key", key.as_str())
    }
}

/// Makes a call that Acme answers with a tenant. A yes counts only when it is said in Acme's own
/// words: anything may answer 200.
async fn tenant(call: RequestBuilder) -> Result<Tenant, Failure> {
    let answer = call.send().await?;
    if !answer.status().is_success() {
        return Err(Refusal::read(answer).await.into_failure());
    }
    let body = answer.bytes().await?;
    serde_json::from_slice(&body)
        .map_err(|error| Failure::retry(format!("Acme's answer is no tenant: {error}")))
}

/// An answer that is no yes.
struct Refusal {
    status: StatusCode,
    /// Acme's word for the reason; empty when somebody else answered.
    code: String,
    /// Acme's reason for people; otherwise the beginning of what was answered.
    message: String,
    /// How long Acme asked to wait.
    after: Option<Duration>,
}

/// The body of Acme's refusals.
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetails,
}

#[derive(Deserialize)]
struct ErrorDetails {
    code: String,
    message: String,
}

impl Refusal {
    async fn read(answer: Response) -> Self {
        let status = answer.status();
        let after = retry_after(&answer);
        let text = answer.text().await.unwrap_or_default();
        let (code, message) = match serde_json::from_str(&text) {
            Ok(ErrorBody { error }) => (error.code, error.message),
            Err(_) => (String::new(), text.chars().take(200).collect()),
        };
        Self { status, code, message, after }
    }

    /// A refusal is final only where Acme has understood the call and says no. Too many calls, a
    /// fault of Acme's, or a wrong address are worth another try; so is a call that is still being
    /// worked on for an earlier life of this processor.
    fn into_failure(self) -> Failure {
        let text = format!("Acme answered {}: {}", self.status, self.message);
        match self.code.as_str() {
            "in_progress" => Failure::retry(text),
            "idempotency_key_reused" => Failure::park(text),
            _ if self.is_final() => Failure::give_up(self.message),
            _ => match self.after {
                Some(after) => Failure::retry_after(after, text),
                None => Failure::retry(text),
            },
        }
    }

    fn is_final(&self) -> bool {
        let says_no = matches!(
            self.status,
            StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
        );
        says_no && !self.code.is_empty()
    }
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Whether a URL is one of this machine.
fn is_here(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
