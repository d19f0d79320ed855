//! What the vendor's answers mean: a refusal in its own words is final, anything else is not.

use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, Refuse, TenantOperation};
use connect_e2e::{Proxy, Stage, quick};
use connect_journal::MemoryJournal;
use connect_model::asset_request::NewRequest;
use connect_model::{RequestId, RequestStatus};
use connect_processor::Report;

/// A stage, a journal, and what a processor made of one request.
struct Scene {
    stage: Stage,
    journal: Arc<MemoryJournal>,
}

impl Scene {
    async fn set() -> Self {
        let stage = Stage::start().await.unwrap();
        Self { stage, journal: Arc::new(MemoryJournal::new(SystemClock)) }
    }

    fn refuse(&self, operation: TenantOperation, status: u16, message: &str) {
        let refuse = Refuse { status, code: "no".into(), reason: message.into() };
        self.stage.vendor.fault(Fault::new(FaultEffect::Refuse(refuse)).on_operation(operation));
    }

    /// A pending purchase.
    async fn purchase(&self) -> RequestId {
        let product = self.stage.emulator.product();
        let new = NewRequest::preview_purchase(&product).item("MPN-A", 10);
        self.stage.request(&new).await.unwrap()
    }

    /// A pending cancellation of a subscription whose tenant this is.
    async fn cancel(&self, tenant: &str) -> RequestId {
        let subscription = self.stage.active(tenant).await.unwrap();
        self.stage.request(&NewRequest::cancel(&subscription.asset)).await.unwrap()
    }

    /// One pass of a processor that calls the vendor at this address.
    async fn pass(&self, vendor: &str) -> Report {
        let acme = Acme::new(vendor).unwrap();
        let client = self.stage.client().unwrap();
        let processor = quick(acme::processor(acme, client, self.journal.clone()));
        processor.patience(Duration::from_millis(100)).drain().await.unwrap()
    }

    /// The same, while somebody between processor and vendor replaces every text.
    async fn pass_garbled(&self, text: &'static str) -> Report {
        let url = self.stage.vendor.url();
        let proxy = Proxy::rewriting(url, move |_| text.to_owned()).await.unwrap();
        self.pass(proxy.url()).await
    }

    fn effects(&self) -> Vec<String> {
        let log = self.stage.vendor.log().into_iter().map(connect_e2e::vendor_effect);
        log.map(|effect| effect.operation).collect()
    }

    /// How the request stands, once the oracle has found nothing.
    async fn ended(&self, request: &RequestId) -> (RequestStatus, String) {
        let ids = std::slice::from_ref(request);
        self.stage.must_hold(self.journal.as_ref(), ids).await.unwrap();
        let request = self.stage.read(request).await.unwrap();
        (request.status, request.reason)
    }
}

fn why(report: &Report) -> &str {
    report.open.first().map_or("", |left| left.why.as_str())
}

#[tokio::test]
async fn a_purchase_whose_limit_is_refused_leaves_no_tenant() {
    let scene = Scene::set().await;
    let request = scene.purchase().await;
    scene.refuse(TenantOperation::SetLimit, 422, "At most 5 licences.");

    let report = scene.pass(&scene.stage.vendor.url()).await;

    assert!(report.is_complete(), "{report:?}");
    let failed = (RequestStatus::Failed, "At most 5 licences.".to_owned());
    assert_eq!(scene.ended(&request).await, failed);
    assert_eq!(scene.effects(), ["create", "delete"]);
}

#[tokio::test]
async fn a_tenant_that_cannot_be_taken_back_waits_for_a_person() {
    let scene = Scene::set().await;
    let request = scene.purchase().await;
    scene.refuse(TenantOperation::SetLimit, 422, "At most 5 licences.");
    scene.refuse(TenantOperation::Delete, 409, "It has unpaid invoices.");

    let report = scene.pass(&scene.stage.vendor.url()).await;

    insta::assert_snapshot!(why(&report), @"the request is to be rejected (At most 5 licences.), and step `create_tenant` cannot be undone: It has unpaid invoices. At the vendor stands: create_tenant. See to `create_tenant`, then revive the run: the others are undone and the request is rejected");
    assert_eq!(report.open[0].state, "parked");
    assert_eq!(scene.ended(&request).await.0, RequestStatus::Pending);
}

#[tokio::test]
async fn a_refusal_that_is_not_in_acmes_words_is_tried_again() {
    for status in [400, 409, 422] {
        let scene = Scene::set().await;
        let request = scene.stage.pending_resume("t-1").await.unwrap();
        scene.refuse(TenantOperation::Enable, status, "No.");

        let report = scene.pass_garbled("<html>The proxy does not like this</html>").await;

        assert!(why(&report).starts_with(&format!("Acme answered {status}")), "{report:?}");
        assert_eq!(scene.ended(&request).await.0, RequestStatus::Pending);
    }
}

#[tokio::test]
async fn a_tenant_that_acme_says_is_gone_needs_no_deletion() {
    for code in ["tenant_not_found", "tenant_deleted"] {
        let scene = Scene::set().await;
        let request = scene.cancel("t-1").await;
        let gone = Refuse { status: 404, code: code.into(), reason: "Gone.".into() };
        scene.stage.vendor.fault(Fault::new(FaultEffect::Refuse(gone)));

        let report = scene.pass(&scene.stage.vendor.url()).await;

        assert!(report.is_complete(), "{report:?}");
        assert_eq!(scene.ended(&request).await.0, RequestStatus::Approved);
    }
}

#[tokio::test]
async fn a_bare_404_is_no_proof_that_a_tenant_is_gone() {
    let scene = Scene::set().await;
    let request = scene.cancel("t-1").await;
    scene.refuse(TenantOperation::Delete, 404, "Not here.");

    let report = scene.pass_garbled("").await;

    assert!(why(&report).starts_with("Acme answered 404"), "{report:?}");
    assert_eq!(scene.ended(&request).await.0, RequestStatus::Pending);
}

/// The deletion happened and was answered with a 200 that is not Acme's: it is asked again, and
/// Acme knows the key.
#[tokio::test]
async fn a_deletion_is_believed_only_when_it_is_answered_as_one() {
    let scene = Scene::set().await;
    let request = scene.cancel("t-1").await;
    scene.stage.vendor.fault(Fault::new(FaultEffect::rubbish()).times(1));

    let report = scene.pass(&scene.stage.vendor.url()).await;

    assert!(report.is_complete(), "{report:?}");
    assert_eq!(scene.ended(&request).await.0, RequestStatus::Approved);
    assert_eq!(scene.effects(), ["delete"]);
    assert_eq!(scene.stage.vendor.calls().len(), 2);
}
