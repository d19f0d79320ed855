//! Requests that cannot be worked on are left to a person, and bother nobody before and after.

use std::num::NonZeroU32;
use std::sync::Arc;

use connect_client::Client;
use connect_journal::{Note, RunState};
use connect_model::{AssetRequest, AssetRequestType, Message, MessageType};
use connect_processor::{Breaker, Context, Failure, Outage, Outcome, Processor, Vendor as Named};
use futures::TryStreamExt;

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const MOST: NonZeroU32 = NonZeroU32::new(3).unwrap();

async fn fails(cx: Cx) -> Result<Outcome, Failure> {
    cx.state().act();
    Err(Failure::retry("Acme cannot make sense of it"))
}

async fn outage(cx: Cx) -> Result<Outcome, Failure> {
    cx.state().act();
    Err(Outage::new("503").into())
}

async fn said(client: &Client, harness: &Harness) -> usize {
    let path = format!("conversations/{}/messages", harness.request);
    let all: Vec<Message> = client.list_at(&path).stream().try_collect().await.unwrap();
    all.iter().filter(|it| it.kind != MessageType::StateChange).count()
}

impl Harness {
    /// Lives that each end where somebody would have to wait.
    async fn lives(
        &self,
        many: usize,
        set: impl Fn(Processor<Arc<Vendor>>) -> Processor<Arc<Vendor>>,
    ) {
        for _ in 0..many {
            let processor = self.processor(self.journal.clone()).most_failures(MOST);
            set(processor).drain().await.unwrap();
            self.wait();
        }
    }

    async fn why(&self) -> String {
        let why = |note| match note {
            Note::Why(why) => Some(why),
            Note::Outcome(_) => None,
        };
        self.run().await.note.and_then(why).unwrap()
    }
}

#[tokio::test]
async fn a_request_that_always_fails_is_parked_and_its_conversation_told_once() {
    let harness = Harness::start().await;
    let set = |it: Processor<_>| it.on(AssetRequestType::Resume, fails);
    harness.lives(2, set).await;
    assert_eq!(harness.state().await, RunState::Ready);
    harness.lives(3, set).await;
    assert_eq!(harness.vendor.calls(), 3, "it is not tried any more");
    let why = harness.why().await;
    assert!(why.contains("3 attempts in a row") && why.contains("make sense"), "{why}");
    assert_eq!(said(&harness.client(), &harness).await, 1);

    connect_journal::Journal::revive(
        &*harness.journal,
        &harness.run().await.id,
        connect_clock::Clock::now(&harness.clock),
        "ines",
    )
    .await
    .unwrap();
    harness.lives(5, set).await;
    assert_eq!(harness.vendor.calls(), 6, "whoever revives it has it tried as often again");
    assert_eq!(said(&harness.client(), &harness).await, 1, "and nobody is told again");
}

#[tokio::test]
async fn the_conversation_is_not_told_where_that_is_not_wanted() {
    let harness = Harness::start().await;
    harness.lives(3, |it| it.on(AssetRequestType::Resume, fails).tell_parked(false)).await;
    assert_eq!(harness.state().await, RunState::Parked);
    assert_eq!(said(&harness.client(), &harness).await, 0);
}

#[tokio::test]
async fn what_fails_while_the_vendor_is_down_is_no_failure_of_the_request() {
    let opens_at = |failures| {
        let breaker = Breaker { failures, ..Breaker::default() };
        move |it: Processor<_>| {
            it.on(AssetRequestType::Resume, outage).vendor(Named::new("acme").breaker(breaker))
        }
    };
    let harness = Harness::start().await;
    harness.lives(8, opens_at(1)).await;
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Ready, 8));
    assert!(harness.why().await.contains("not counted"));
    harness.lives(3, |it| it.on(AssetRequestType::Resume, fails)).await;
    assert_eq!(harness.state().await, RunState::Parked, "its own failures are");

    let harness = Harness::start().await;
    harness.lives(4, opens_at(100)).await;
    assert_eq!(harness.state().await, RunState::Parked, "others may well be answered meanwhile");
}

#[tokio::test]
async fn a_run_that_ends_every_process_does_not_come_first_for_ever() {
    let harness = Harness::start().await;
    let dies = |cx: Cx| async move {
        cx.state().act();
        Ok::<_, Failure>(Outcome::fail("no"))
    };
    for _ in 0..23 {
        harness
            .die_at("before journal finish", |cx: Cx| async move {
                cx.state().act();
                Ok::<_, Failure>(Outcome::Skip)
            })
            .await;
    }
    harness.live(dies).await;
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Parked, 23));
    let why = harness.why().await;
    assert!(why.contains("23 attempts in a row never came to an end"), "{why}");
    assert_eq!(said(&harness.client(), &harness).await, 1);
}
