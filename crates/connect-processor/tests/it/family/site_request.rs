//! A made-up family of requests, as it would stand in the model: this file is all it takes.

use connect_model::lifecycle::Operation;
use connect_model::{
    Action, DateTime, ListFields, Parameter, ParameterUpdate, Product, ProductId, Reference,
    Request, RequestStatus, RequestType, Resource, TemplateId, TemplateScope,
};
use serde::{Deserialize, Serialize};

/// A request to set up the site of a reseller. Its parameters are its own, not the site's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SiteRequest {
    pub(crate) id: String,
    pub(crate) status: RequestStatus,
    pub(crate) params: Vec<Parameter>,
    pub(crate) site: Site,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Site {
    pub(crate) id: String,
    pub(crate) level: u8,
    pub(crate) product: Reference<ProductId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SiteRequestType {
    Setup,
}

impl Resource for SiteRequest {
    const COLLECTION: &'static str = "site/requests";
    fn id(&self) -> &str {
        &self.id
    }
}

impl RequestType for SiteRequestType {
    type Request = SiteRequest;
    fn as_str(&self) -> &str {
        "setup"
    }
}

impl Request for SiteRequest {
    type Type = SiteRequestType;
    const SUBJECT: &'static str = "site";
    const LEFT_OUT: &'static [&'static str] = &["site.account"];
    const FIELDS: ListFields = ListFields {
        product: "site.product.id",
        environment: Some("site.connection.type"),
        kind: Some("type"),
        created: "created",
    };

    fn template_scopes(_: &Product) -> &'static [TemplateScope] {
        &[TemplateScope::Tier1, TemplateScope::Tier2]
    }
    fn product(&self) -> Option<&ProductId> {
        Some(&self.site.product.id)
    }
    fn template_scope(&self) -> Option<TemplateScope> {
        Some(if self.site.level == 1 { TemplateScope::Tier1 } else { TemplateScope::Tier2 })
    }
    fn kind(&self) -> &SiteRequestType {
        &SiteRequestType::Setup
    }
    fn status(&self) -> &RequestStatus {
        &self.status
    }
    fn reason(&self) -> &str {
        ""
    }
    fn params(&self) -> &[Parameter] {
        &self.params
    }
    fn approve(template: Option<TemplateId>, since: Option<DateTime>) -> Option<impl Action<Self>> {
        since.is_none().then(|| Approve { template: template.map(|id| Named { id }) })
    }
    fn fail(reason: String) -> impl Action<Self> {
        Fail { reason }
    }
    fn inquire(template: Option<TemplateId>) -> Option<impl Action<Self>> {
        template.is_none().then_some(Inquire {})
    }
    fn update(params: Vec<ParameterUpdate>) -> Option<impl Serialize> {
        Some(Update { params })
    }
}

#[derive(Serialize)]
struct Approve {
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Named>,
}

#[derive(Serialize)]
struct Named {
    id: TemplateId,
}

#[derive(Serialize)]
struct Fail {
    reason: String,
}

#[derive(Serialize)]
struct Inquire {}

#[derive(Serialize)]
struct Update {
    params: Vec<ParameterUpdate>,
}

impl Action<SiteRequest> for Approve {
    const OPERATION: Operation = Operation::Approve;
    type Output = SiteRequest;
}

impl Action<SiteRequest> for Fail {
    const OPERATION: Operation = Operation::Fail;
    type Output = ();
}

impl Action<SiteRequest> for Inquire {
    const OPERATION: Operation = Operation::Inquire;
    type Output = ();
}
