//! Acme's API, and what its answers mean.

use std::time::Duration;

use connect_model::DateTime;
use connect_processor::{Callback, Failure, StepKey};
use connect_vendor::{Answer, Api, ApiBuilder, ApiError, StatusCode, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Acme's word for a tenant that it is still building.
const PREPARING: &str = "preparing";

/// A client of Acme's API, and where Acme's console is.
#[derive(Clone, Debug)]
pub struct Acme {
    api: Api,
    pub(crate) usage_day: Option<u8>,
    console: String,
    /// How long a purchase may stay undecided.
    pub(crate) purchase_limit: Option<Duration>,
}

/// The address of Acme's console, unless it is another.
pub(crate) const CONSOLE: &str = "https://console.acme.example";

/// A tenant, as Acme answers with it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TenantBody {
    tenant_id: String,
    external_id: Option<String>,
    status: String,
    enabled: bool,
    licences: Licences,
    expires_at: Option<DateTime>,
    owner: Option<String>,
    contact: Option<Contact>,
}

/// A person who is written to about a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) name: String,
    pub(crate) email: String,
}

#[derive(Debug, Deserialize)]
struct Licences {
    limit: u64,
}

/// A tenant, as far as a processor needs to know it; this is what a step remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Acme's id.
    #[serde(rename = "tenantId")]
    pub id: String,
    /// Acme was still building it when it was ordered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preparing: bool,
}

/// The body of Acme's refusals.
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetails,
}

#[derive(Deserialize)]
struct ErrorDetails {
    /// Acme's word for the reason.
    code: String,
    /// The reason for people.
    message: String,
}

impl Acme {
    /// A client of the API at a base address such as `http://127.0.0.1:9000`.
    ///
    /// # Errors
    ///
    /// When the address is none, or the machine cannot make TLS connections at all.
    pub fn new(url: &str) -> Result<Self, ApiError> {
        Self::with(Api::builder(url)?)
    }

    /// A client of the API with settings of its own, such as how it is reached.
    ///
    /// # Errors
    ///
    /// When the machine cannot make TLS connections at all.
    pub fn with(api: ApiBuilder) -> Result<Self, ApiError> {
        let api = api.name("Acme").judge(judge).build()?;
        Ok(Self { api, usage_day: None, console: CONSOLE.to_owned(), purchase_limit: None })
    }

    /// Returns the same, whose usage of each month is reported on a day of the next.
    #[must_use]
    pub fn report_usage_on(self, day: u8) -> Self {
        Self { usage_day: Some(day), ..self }
    }

    /// The same with a console at another address.
    #[must_use]
    pub fn console(self, url: impl Into<String>) -> Self {
        Self { console: url.into(), ..self }
    }

    /// Returns the address of a tenant in Acme's console.
    pub(crate) fn console_of(&self, tenant: &str) -> String {
        format!("{}/tenants/{tenant}", self.console.trim_end_matches('/'))
    }

    /// Has purchases rejected that stay undecided for longer than this, unless Acme has begun.
    #[must_use]
    pub fn reject_purchases_after(mut self, limit: Option<Duration>) -> Self {
        self.purchase_limit = limit;
        self
    }

    /// Creates a tenant for a subscription. Acme may take its time, and then calls back.
    pub(crate) async fn create(
        &self,
        asset: &str,
        callback: Option<&Callback>,
        key: StepKey,
    ) -> Result<Tenant, Failure> {
        let mut body = json!({"externalId": asset});
        if let Some(callback) = callback {
            body["callbackUrl"] = callback.link().into();
        }
        let call = self.api.post(["tenant"], &key).json(&body);
        call.prove(|tenant: TenantBody| {
            if tenant.external_id.as_deref() != Some(asset) {
                return Err(format!("it is not the tenant of {asset}"));
            }
            let preparing = tenant.status == PREPARING;
            if !preparing {
                tenant.is_there()?;
            }
            proven(tenant.enabled, || "it says enabled: false".to_owned())?;
            Ok(Tenant { id: tenant.tenant_id, preparing })
        })
        .await
    }

    /// Returns whether a tenant is ready to be used. One that was from the beginning is not asked
    /// about.
    pub(crate) async fn is_ready(&self, tenant: &Tenant) -> Result<bool, Failure> {
        let id = tenant.id.as_str();
        if !tenant.preparing {
            return Ok(true);
        }
        let call = self.api.get(["tenant", id]);
        call.prove(|tenant: TenantBody| {
            proven(tenant.tenant_id == id, || format!("it is about tenant {}", tenant.tenant_id))?;
            if tenant.status == PREPARING {
                return Ok(false);
            }
            tenant.is_there().map(|()| true)
        })
        .await
    }

    /// Returns the id of a subscription's tenant, if it has one.
    pub(crate) async fn tenant_of(&self, asset: &str) -> Result<Option<String>, Failure> {
        let call = self.api.get(["tenant"]).query(&[("externalId", asset)]);
        call.prove(|tenants: Vec<TenantBody>| {
            let mut others = tenants.iter().filter(|it| it.external_id.as_deref() != Some(asset));
            proven(others.next().is_none(), || format!("not all are tenants of {asset}"))?;
            Ok::<_, String>(tenants.into_iter().next().map(|tenant| tenant.tenant_id))
        })
        .await
    }

    /// Sets how much a tenant may use.
    pub(crate) async fn set_limit(
        &self,
        id: &str,
        limit: u64,
        key: StepKey,
    ) -> Result<(), Failure> {
        let body = json!({"licences": {"limit": limit}});
        let call = self.api.put(["tenant", id], &key).json(&body);
        call.prove(|tenant: TenantBody| {
            tenant.is(id)?;
            proven(tenant.licences.limit == limit, || format!("its limit is not {limit}"))
        })
        .await
    }

    /// Makes a tenant that is there already that of a subscription. One that Acme does not know, or
    /// that is another's, is a reason to say no.
    pub(crate) async fn adopt(
        &self,
        id: &str,
        asset: &str,
        key: StepKey,
    ) -> Result<Tenant, Failure> {
        let call = self.api.put(["tenant", id, "adopt"], &key).json(&json!({"externalId": asset}));
        let call = call.judge(|answer| {
            let refused = |it: ErrorBody| Verdict::Refused { reason: it.error.message };
            is_gone(answer).then(|| answer.json().ok().map(refused)).flatten()
        });
        call.prove(|tenant: TenantBody| {
            tenant.is(id)?;
            let is_its = tenant.external_id.as_deref() == Some(asset);
            proven(is_its, || format!("it is not the tenant of {asset}"))?;
            Ok::<_, String>(Tenant { id: tenant.tenant_id, preparing: false })
        })
        .await
    }

    /// Lets a tenant last until a day.
    pub(crate) async fn extend(
        &self,
        id: &str,
        until: DateTime,
        key: StepKey,
    ) -> Result<(), Failure> {
        let body = json!({"expiresAt": until});
        let call = self.api.put(["tenant", id, "expiry"], &key).json(&body);
        call.prove(|tenant: TenantBody| {
            tenant.is(id)?;
            proven(tenant.expires_at == Some(until), || format!("it does not last until {until}"))
        })
        .await
    }

    /// Hands a tenant over to another owner.
    pub(crate) async fn hand_over(
        &self,
        id: &str,
        owner: &str,
        key: StepKey,
    ) -> Result<(), Failure> {
        let body = json!({"owner": owner});
        let call = self.api.put(["tenant", id, "owner"], &key).json(&body);
        call.prove(|tenant: TenantBody| {
            tenant.is(id)?;
            proven(tenant.owner.as_deref() == Some(owner), || format!("its owner is not {owner}"))
        })
        .await
    }

    /// Notes whom to write to about a tenant.
    pub(crate) async fn set_contact(
        &self,
        id: &str,
        contact: &Contact,
        key: StepKey,
    ) -> Result<(), Failure> {
        let call = self.api.put(["tenant", id, "contact"], &key).json(contact);
        call.prove(|tenant: TenantBody| {
            tenant.is(id)?;
            proven(tenant.contact.as_ref() == Some(contact), || "its contact is another".to_owned())
        })
        .await
    }

    /// Lets a tenant in again.
    pub(crate) async fn enable(&self, id: &str, key: StepKey) -> Result<(), Failure> {
        self.switch(id, "enable", true, &key).await
    }

    /// Locks a tenant out.
    pub(crate) async fn disable(&self, id: &str, key: StepKey) -> Result<(), Failure> {
        self.switch(id, "disable", false, &key).await
    }

    async fn switch(&self, id: &str, verb: &str, on: bool, key: &StepKey) -> Result<(), Failure> {
        let call = self.api.put(["tenant", id, verb], key).json(&json!({}));
        call.prove(|tenant: TenantBody| {
            tenant.is(id)?;
            proven(tenant.enabled == on, || format!("it says enabled: {}", tenant.enabled))
        })
        .await
    }

    /// Reads how many licences a tenant has; none of one that was deleted.
    pub(crate) async fn licences(&self, id: &str) -> Result<Option<u64>, Failure> {
        let call = self.api.get(["tenant", id]);
        call.prove(|tenant: TenantBody| {
            proven(tenant.tenant_id == id, || format!("it is about tenant {}", tenant.tenant_id))?;
            let is_there = tenant.is_there().is_ok();
            Ok::<_, String>(is_there.then_some(tenant.licences.limit))
        })
        .await
    }

    /// Deletes a tenant. One that Acme says is gone is as good; a bare 404 says nothing of it.
    pub(crate) async fn delete(&self, id: &str, key: StepKey) -> Result<(), Failure> {
        let call = self.api.delete(["tenant", id], &key);
        call.judge(|answer| is_gone(answer).then_some(Verdict::Yes))
            .prove_answer(|answer| {
                let gone = answer.status == StatusCode::NO_CONTENT || is_gone(answer);
                proven(gone, || "a deletion is answered with 204".to_owned())
            })
            .await
    }
}

/// Proof names the tenant and its state, in Acme's own words: anything may answer 200.
impl TenantBody {
    fn is(&self, id: &str) -> Result<(), String> {
        proven(self.tenant_id == id, || format!("it is about tenant {}", self.tenant_id))?;
        self.is_there()
    }

    fn is_there(&self) -> Result<(), String> {
        proven(self.status == "ready", || format!("its status is {}", self.status))
    }
}

fn proven(holds: bool, missing: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(missing()) }
}

fn is_gone(answer: &Answer) -> bool {
    let code = answer.json().map(|ErrorBody { error }| error.code);
    matches!(code.as_deref(), Ok("tenant_not_found" | "tenant_deleted"))
}

/// Judges Acme's refusals. One is final only where Acme has understood the call and says no. Too
/// many calls, a fault of Acme's, or a wrong address are worth another try; so is a call that is
/// still being worked on for an earlier life of this processor.
fn judge(answer: &Answer) -> Option<Verdict> {
    let ErrorBody { error } = answer.json().ok()?;
    let says_no = matches!(
        answer.status,
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
    );
    match error.code.as_str() {
        "in_progress" | "tenant_preparing" => None,
        "idempotency_key_reused" => Some(Verdict::Park { why: answer.summary() }),
        code if says_no && !code.is_empty() => Some(Verdict::Refused { reason: error.message }),
        _ => None,
    }
}
