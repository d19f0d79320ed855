//! Purchases and changes that are planned for a later day: Acme prepares, waits, and delivers on that
//! day, or takes back what it prepared.

use std::time::Duration;

use acme::Acme;
use connect_clock::{Clock, VirtualClock};
use connect_demo_vendor::{Canned, Fault, FaultEffect, TenantOperation};
use connect_e2e::Simulation;
use connect_model::asset_request::NewRequest;
use connect_model::lifecycle::Operation;
use connect_model::{DateTime, RequestId, RequestStatus};
use connect_processor::{Processor, Report};
use connect_world::command::ProductCommand;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::json;

use super::{STEP, noon, on_disk};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

struct Plans {
    simulation: Simulation,
    clock: VirtualClock,
}

impl Plans {
    async fn start() -> Self {
        let clock = noon();
        let simulation = Simulation::start(&clock, 1).await.unwrap();
        let on = json!({"scheduling": true});
        let capabilities = json!({"subscription": {"purchase": on, "change": on}});
        let body = json!({"capabilities": capabilities});
        let product = ProductCommand::Update { id: simulation.emulator.product(), body };
        simulation.apply(product).await.unwrap();
        Self { simulation, clock }
    }

    fn in_days(&self, days: i64) -> DateTime {
        DateTime(self.clock.now() + SignedDuration::from_hours(24 * days))
    }

    async fn order(&self, days: i64) -> RequestId {
        let order = NewRequest::preview_purchase(&self.simulation.emulator.product());
        let order = order.item("MPN-A", 5).planned(self.in_days(days));
        self.simulation.request(&order).await.unwrap()
    }

    async fn revoke(&self, id: &RequestId) {
        let reason = json!({"reason": "Not needed."});
        self.simulation.operate(id, Operation::Revoke, reason).await.unwrap();
    }

    /// Lets time pass while a processor works that looks for requests every quarter of an hour.
    async fn play(&self, processor: Processor<Acme>, story: impl Future<Output = ()>) -> Report {
        let work = processor.poll_every(HOUR / 4).run(story);
        self.clock.play_in_steps(STEP, work).await.unwrap()
    }

    async fn pass(&self, time: Duration) {
        let clock: &dyn Clock = &self.clock;
        clock.sleep(time).await;
    }

    /// The status of a request and of its subscription.
    async fn standing(&self, id: &RequestId) -> String {
        let request = self.simulation.read(id).await.unwrap();
        format!("{} {}", request.status, request.asset.status)
    }

    fn effects(&self) -> Vec<String> {
        let log = self.simulation.vendor.log();
        log.iter().map(|effect| effect.operation.as_str().to_owned()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn planned_orders_are_prepared_and_delivered_on_their_day_or_taken_back() {
    let plans = Plans::start().await;
    let folder = tempfile::tempdir().unwrap();
    let journal = on_disk(&folder, &plans.clock);
    let processor = plans.simulation.processor(journal.clone()).unwrap();
    let mut ids = Vec::new();
    let story = async {
        let (kept, revoked) = (plans.order(10).await, plans.order(20).await);
        plans.pass(HOUR).await;
        assert_eq!(plans.standing(&kept).await, "scheduled processing");
        assert_eq!(plans.standing(&revoked).await, "scheduled processing");
        assert_eq!(plans.effects(), ["create", "create"]);

        plans.pass(DAY * 5).await;
        plans.revoke(&revoked).await;
        plans.pass(HOUR).await;
        assert_eq!(plans.standing(&revoked).await, "revoked terminated");
        assert_eq!(plans.effects(), ["create", "create", "delete"]);

        plans.pass(DAY * 5).await;
        assert_eq!(plans.standing(&kept).await, "approved active");
        assert_eq!(plans.effects()[3..], ["set_limit"]);

        let asset = plans.simulation.read(&kept).await.unwrap().asset.id;
        let more = NewRequest::change(&asset).item("MPN-A", 9).planned(plans.in_days(3));
        let change = plans.simulation.request(&more).await.unwrap();
        plans.pass(DAY).await;
        assert_eq!(plans.standing(&change).await, "scheduled active");
        plans.revoke(&change).await;
        plans.pass(HOUR).await;
        assert_eq!(plans.standing(&change).await, "revoked active");

        let more = NewRequest::change(&asset).item("MPN-A", 9).planned(plans.in_days(3));
        let later = plans.simulation.request(&more).await.unwrap();
        plans.pass(DAY * 4).await;
        assert_eq!(plans.standing(&later).await, "approved active");
        assert_eq!(plans.effects()[4..], ["set_limit"]);
        ids = vec![kept, revoked, change, later];
    };
    let report = plans.play(processor, story).await;
    assert!(report.is_complete(), "{report:?}");
    plans.simulation.must_hold(journal.as_ref(), &ids).await.unwrap();
}

/// The vendor's list of tenants comes back empty, once: what the journal has is not gone for that.
#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_not_listed_is_taken_back_all_the_same() {
    let plans = Plans::start().await;
    let folder = tempfile::tempdir().unwrap();
    let journal = on_disk(&folder, &plans.clock);
    let processor = plans.simulation.processor(journal.clone()).unwrap();
    let mut ids = Vec::new();
    let story = async {
        let id = plans.order(20).await;
        plans.pass(HOUR).await;
        let nothing = Canned { body: Some(json!([])), ..Canned::status(StatusCode::OK) };
        let empty = Fault::new(FaultEffect::Answer(nothing)).on_operation(TenantOperation::Find);
        plans.simulation.vendor.fault(empty.times(1));
        plans.revoke(&id).await;
        plans.pass(HOUR).await;
        assert_eq!(plans.standing(&id).await, "revoked terminated");
        assert_eq!(plans.effects(), ["create", "delete"]);
        ids = vec![id];
    };
    plans.play(processor, story).await;
    plans.simulation.must_hold(journal.as_ref(), &ids).await.unwrap();
}

/// Without Delayed Activation the platform does not let the vendor wait: the order is tried again
/// until its day has come.
#[tokio::test(start_paused = true)]
async fn a_planned_order_of_a_product_without_the_switch_is_delivered_on_its_day_too() {
    let clock = noon();
    let plans = Plans { simulation: Simulation::start(&clock, 1).await.unwrap(), clock };
    let folder = tempfile::tempdir().unwrap();
    let journal = on_disk(&folder, &plans.clock);
    let processor = plans.simulation.processor(journal.clone()).unwrap();
    let story = async {
        let id = plans.order(2).await;
        plans.pass(DAY).await;
        assert_eq!(plans.simulation.read(&id).await.unwrap().status, RequestStatus::Pending);
        plans.pass(DAY + HOUR).await;
        assert_eq!(plans.standing(&id).await, "approved active");
    };
    plans.play(processor, story).await;
}
