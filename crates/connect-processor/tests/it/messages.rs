//! What handlers say in the conversation about a request is said once.

use std::sync::Arc;

use connect_client::{ApiKey, Call, Client};
use connect_emulator::{Fault, FaultEffect};
use connect_journal::{RunState, StepState};
use connect_model::asset_request::action::Fail;
use connect_model::{AssetRequest, AssetRequestType, Message, MessageType, RequestStatus};
use connect_processor::{Approval, Context, Failure, Inquiry, Outcome};
use connect_world::Fixture;
use futures::TryStreamExt;
use serde_json::json;

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// A connection of the demo's product to a distributor.
const SOLD_THROUGH: &str = "CT-6204-1187-3390";

const HELLO: &str = "Your tenant is being built.";

async fn says_and_approves(cx: Cx) -> Result<Outcome, Failure> {
    cx.say("hello", HELLO).await?;
    Ok(Outcome::approve())
}

/// Says something, and fails until it has been tried three times.
async fn says_and_fails_twice(cx: Cx) -> Result<Outcome, Failure> {
    cx.say("hello", HELLO).await?;
    match cx.state().act() {
        3 => Ok(Outcome::approve()),
        _ => Err(Failure::retry("not yet")),
    }
}

impl Harness {
    /// What was said, but for what the platform says itself.
    async fn said(&self) -> Vec<Message> {
        let path = format!("conversations/{}/messages", self.request);
        let all: Vec<Message> = self.client().list_at(&path).stream().try_collect().await.unwrap();
        all.into_iter().filter(|it| it.kind != MessageType::StateChange).collect()
    }

    async fn texts(&self) -> Vec<String> {
        self.said().await.into_iter().map(|message| message.text).collect()
    }

    fn fault(&self, effect: FaultEffect, times: u32) {
        let fault = Fault::new(effect).on("POST", "/conversations/*/messages");
        self.emulator.faults().add(fault.times(times));
    }

    async fn status(&self) -> RequestStatus {
        self.read().await.status
    }
}

#[tokio::test]
async fn what_is_said_before_a_failure_is_not_said_again() {
    let harness = Harness::start().await;
    for _ in 0..3 {
        harness.live(says_and_fails_twice).await;
        harness.wait();
    }
    assert_eq!(harness.vendor.calls(), 3);
    assert_eq!(harness.texts().await, [HELLO]);
    assert_eq!(harness.status().await, RequestStatus::Approved);
}

/// Before it is sent, after that and before anybody wrote it down, and after that, too.
#[tokio::test]
async fn lives_that_end_while_something_is_said_say_it_once() {
    for place in [
        "before journal intend",
        "after journal intend",
        "before journal record",
        "after journal record",
    ] {
        let harness = Harness::start().await;
        harness.die_at(place, says_and_approves).await;
        if place != "after journal record" {
            harness.die_at(place, says_and_approves).await;
        }
        harness.live(says_and_approves).await;
        assert_eq!(harness.texts().await, [HELLO], "died {place}");
        assert_eq!(harness.status().await, RequestStatus::Approved, "died {place}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading_the_conversation() {
    for effect in [FaultEffect::LoseAnswer, FaultEffect::LoseCall] {
        let harness = Harness::start().await;
        harness.fault(effect.clone(), 2);
        harness.live(says_and_approves).await;
        assert_eq!(harness.texts().await, [HELLO], "{effect:?}");
    }
}

/// The one is not taken for the other, not even when its answer is lost.
#[tokio::test]
async fn the_same_text_under_two_names_is_said_twice() {
    async fn says_it_twice(cx: Cx) -> Result<Outcome, Failure> {
        cx.say("first", HELLO).await?;
        cx.say("second", HELLO).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    let lost = Fault::new(FaultEffect::LoseAnswer).on("POST", "/conversations/*/messages");
    harness.emulator.faults().add(lost.skip(1).times(1));
    harness.live(says_it_twice).await;
    assert_eq!(harness.texts().await, [HELLO, HELLO]);

    let harness = Harness::start().await;
    harness.die_at("before journal finish", says_it_twice).await;
    harness.live(says_it_twice).await;
    assert_eq!(harness.texts().await, [HELLO, HELLO]);
}

/// Nor is what the distributor has said.
#[tokio::test]
async fn the_words_of_others_are_not_taken_for_ours() {
    let mut harness = Harness::start().await;
    let sold = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending)
        .through(&SOLD_THROUGH.into());
    let platform = harness.emulator.platform();
    let sold = platform.seed(|world, at| world.seed_request(at, &sold)).await.unwrap().unwrap();
    harness.request = sold;
    let key = ApiKey::new(&harness.emulator.keys().distributor).unwrap();
    let distributor = Client::builder(&harness.emulator.endpoint(), key).build().unwrap();

    let lost = Fault::new(FaultEffect::LoseCall).on("POST", "/conversations/*/messages");
    harness.emulator.faults().add(lost.skip(1).times(1));
    let path = format!("conversations/{}/messages", harness.request);
    let says = move |cx: Cx| {
        let (distributor, path) = (distributor.clone(), path.clone());
        async move {
            if cx.request().id.as_str() == path.split('/').nth(1).unwrap() {
                let body = json!({"text": HELLO, "type": "message"});
                let _: Message = distributor.create_at(&path, &body).await?;
                cx.say("hello", HELLO).await?;
            }
            Ok::<_, Failure>(Outcome::approve())
        }
    };
    harness.live(says).await;
    assert_eq!(harness.texts().await, [HELLO, HELLO]);
}

#[tokio::test]
async fn a_conversation_that_is_closed_fails_no_request() {
    let harness = Harness::start().await;
    let close = Call::post(format!("conversations/{}/close", harness.request));
    harness.client().call(close).await.unwrap();
    for _ in 0..3 {
        harness.live(says_and_fails_twice).await;
        harness.wait();
    }
    assert_eq!(harness.status().await, RequestStatus::Approved);
    assert_eq!(harness.texts().await, [""; 0]);
    let run = harness.run().await;
    let StepState::GaveUp(why) = &run.steps[0].state else { panic!("{:?}", run.steps) };
    assert!(why.contains("The conversation is closed."), "{why}");
}

/// It is said in the next attempt, if there is one.
#[tokio::test]
async fn a_platform_that_takes_no_messages_now_fails_no_request() {
    let harness = Harness::start().await;
    harness.fault(FaultEffect::answer(500), 3);
    harness.live(says_and_fails_twice).await;
    assert_eq!(harness.texts().await, [""; 0]);
    for _ in 0..2 {
        harness.wait();
        harness.live(says_and_fails_twice).await;
    }
    assert_eq!(harness.texts().await, [HELLO]);
    assert_eq!(harness.status().await, RequestStatus::Approved);
}

#[tokio::test]
async fn a_note_is_read_by_the_vendor_alone_and_a_long_text_is_cut() {
    async fn notes(cx: Cx) -> Result<Outcome, Failure> {
        cx.note("trouble", "x".repeat(1000)).await?;
        cx.say("nothing", " \n").await?;
        Ok(Outcome::Skip)
    }
    let harness = Harness::start().await;
    harness.live(notes).await;
    let said = harness.said().await;
    assert_eq!(said.len(), 1);
    assert_eq!((&said[0].kind, said[0].text.chars().count()), (&MessageType::Private, 540));
}

#[tokio::test]
async fn what_goes_with_an_outcome_is_said_after_it() {
    async fn inquires_twice(cx: Cx) -> Result<Outcome, Failure> {
        match cx.state().act() {
            1 | 2 => Ok(Inquiry::default()
                .parameter("admin_email", "Nobody reads it.")
                .say("Another one, please.")
                .into()),
            _ => Ok(Approval::default().say("There you are.").into()),
        }
    }
    let harness = Harness::start().await;
    harness.live(inquires_twice).await;
    for _ in 0..2 {
        harness.answer_inquiry().await;
        harness.live(inquires_twice).await;
    }
    let path = format!("conversations/{}/messages", harness.request);
    let all: Vec<Message> = harness.client().list_at(&path).stream().try_collect().await.unwrap();
    let all = all.into_iter().rev();
    let all = all.map(|it| it.text.replace(harness.request.as_str(), "PR")).collect::<Vec<_>>();
    insta::assert_snapshot!(all.join("\n"), @r"
    Request PR is now pending.
    Request PR is now inquiring.
    Another one, please.
    Request PR is now pending.
    Request PR is now inquiring.
    Another one, please.
    Request PR is now pending.
    Request PR is now approved.
    There you are.
    ");
}

/// A message is nothing that stands at the vendor.
#[tokio::test]
async fn a_request_that_somebody_ends_after_something_was_said_needs_no_person() {
    async fn says_and_waits(cx: Cx) -> Result<Outcome, Failure> {
        cx.say("hello", HELLO).await?;
        Err(Failure::retry("not yet"))
    }
    let harness = Harness::start().await;
    harness.live(says_and_waits).await;
    let fail = Fail { reason: "The customer called.".to_owned() };
    harness.client().act(harness.request.as_str(), &fail).await.unwrap();
    harness.wait();
    harness.live(says_and_waits).await;
    assert_eq!(harness.state().await, RunState::Done);
}

#[tokio::test]
async fn a_name_that_is_none_is_no_name_for_a_message_either() {
    async fn misnames(cx: Cx) -> Result<Outcome, Failure> {
        cx.say("hello there", HELLO).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    harness.live(misnames).await;
    assert_eq!((harness.state().await, harness.texts().await.len()), (RunState::Parked, 0));
}
