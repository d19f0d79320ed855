//! What is wrapped around all handlers.

use std::sync::{Arc, Mutex};

use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Next, Outcome, RequestFacts};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;
type Log = Arc<Mutex<Vec<String>>>;

fn logs(
    name: &'static str,
    log: &Log,
) -> impl Fn(RequestFacts, Next) -> futures::future::BoxFuture<'static, Result<Outcome, Failure>>
+ Send
+ Sync
+ use<> {
    let log = Arc::clone(log);
    move |facts, next| {
        let log = Arc::clone(&log);
        let said = move |what: String| log.lock().unwrap().push(what);
        Box::pin(async move {
            said(format!("{name} {} {}", facts.kind, facts.attempt));
            let decided = next.run().await;
            said(format!("{name} {}", decided.is_ok()));
            decided
        })
    }
}

#[tokio::test]
async fn layers_see_every_attempt_the_first_outermost() {
    let (harness, log) = (Harness::start().await, Log::default());
    for _ in 0..2 {
        let second_time = async |cx: Cx| match cx.state().act() {
            1 => Err(Failure::retry("not yet")),
            _ => Ok(Outcome::fail("no")),
        };
        let processor = harness.processor(harness.journal.clone());
        let processor = processor.layer(logs("outer", &log)).layer(logs("inner", &log));
        processor.on(AssetRequestType::Resume, second_time).drain().await.unwrap();
        harness.wait();
    }
    let expected = [
        "outer resume 1",
        "inner resume 1",
        "inner false",
        "outer false",
        "outer resume 2",
        "inner resume 2",
        "inner true",
        "outer true",
    ];
    assert_eq!(*log.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_layer_may_decide_without_the_handler() {
    let harness = Harness::start().await;
    let closed = async |facts: RequestFacts, _: Next| {
        assert!(facts.product.is_some() && facts.asset.starts_with("AS-"), "{facts:?}");
        Ok::<_, Failure>(Outcome::Skip)
    };
    let acts = async |cx: Cx| {
        cx.state().act();
        Ok::<_, Failure>(Outcome::fail("no"))
    };
    let processor = harness.processor(harness.journal.clone()).layer(closed);
    processor.on(AssetRequestType::Resume, acts).drain().await.unwrap();
    assert_eq!(harness.vendor.calls(), 0);
}
