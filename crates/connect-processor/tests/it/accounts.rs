//! Several processors in one process, each for an account of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Accounts, Context, Error, Failure, Metrics, Outcome, Processor, State};

use crate::scripted::{ScriptedPlatform, list, pending};

const RATE: u32 = 10;

/// A platform with so many pending requests.
async fn platform(clock: &VirtualClock, requests: usize) -> ScriptedPlatform {
    let all: Vec<_> = (0..requests).map(pending).collect();
    ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await
}

fn clock() -> VirtualClock {
    VirtualClock::new("2026-11-02T12:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn nobody_works_twice_for_one_account() {
    let platform = platform(&clock(), 1).await;
    let skip = async |_: Context<AssetRequest, ()>| Ok::<_, Failure>(Outcome::Skip);
    let accounts = Accounts::default();
    let started = async |name: &str| {
        let processor = platform.processor().on(AssetRequestType::Resume, skip);
        processor.account(name, &accounts).run(async {}).await
    };
    started("production").await.unwrap();
    let error = started("preview").await.unwrap_err();
    assert!(matches!(&error, Error::SameAccount { by, .. } if by == "production"), "{error}");
    assert_eq!(error.code(), "PRC_SAME_ACCOUNT");
    started("production").await.unwrap();
}

/// The number of steps that two processors take in ten seconds, each with more to do than that.
async fn steps_of_two(second: impl FnOnce(&Accounts) -> Accounts) -> usize {
    let clock = clock();
    let taken = Arc::new(AtomicUsize::new(0));
    let act = |taken: Arc<AtomicUsize>| {
        move |cx: Context<AssetRequest, ()>| {
            let taken = Arc::clone(&taken);
            async move {
                let count = async |_| Ok::<_, Failure>(taken.fetch_add(1, Ordering::SeqCst));
                cx.step("act").run(count).await?;
                Ok::<_, Failure>(Outcome::Skip)
            }
        }
    };
    let (one, other) = (platform(&clock, 300).await, platform(&clock, 300).await);
    let of = |platform: &ScriptedPlatform| -> Processor<()> {
        let processor = platform.inline().vendor_rate(RATE.try_into().unwrap());
        processor.on(AssetRequestType::Resume, act(Arc::clone(&taken)))
    };
    let accounts = Accounts::default();
    let apart = second(&accounts);
    let until = async || clock.until(clock.monotonic() + Duration::from_secs(10)).await;
    let (one, other) = (of(&one).account("a", &accounts), of(&other).account("b", &apart));
    let seen = async {
        until().await;
        taken.load(Ordering::SeqCst)
    };
    let never = std::future::pending;
    let both = async {
        tokio::select! {
            steps = seen => steps,
            (one, other) = async { tokio::join!(one.run(never()), other.run(never())) } => {
                one.and(other).unwrap();
                0
            }
        }
    };
    clock.play_in_steps(Duration::from_millis(10), both).await
}

#[tokio::test(start_paused = true)]
async fn a_vendor_has_one_budget_for_all_accounts_unless_one_has_its_own() {
    let (shared, apart) =
        (steps_of_two(Clone::clone).await, steps_of_two(Accounts::with_own_budgets).await);
    let budget = 11 * RATE as usize;
    assert!(shared <= budget && shared > budget / 2, "{shared} steps");
    assert!(apart > budget && apart <= 2 * budget, "{apart} steps");
}

#[tokio::test]
async fn what_kept_an_account_from_being_worked_for_is_said_until_somebody_does() {
    let platform = platform(&clock(), 0).await;
    let skip = async |_: Context<AssetRequest, ()>| Ok::<_, Failure>(Outcome::Skip);
    let first = platform.processor().health();
    first.cannot_start(State::Stuck, "JRN_OPEN");
    first.cannot_start(State::PlatformGone, "CLT_REFUSED");
    let next = platform.processor().on(AssetRequestType::Resume, skip);
    let health = next.health();
    health.go_on_from(&first);
    let condition = health.condition().await;
    assert_eq!((condition.state, condition.cause), (State::PlatformGone, Some("CLT_REFUSED")));
    health.look().await;
    let page = Metrics::render_accounts([("a", health.metrics()), ("b", first.metrics())]);
    assert!(page.contains("connect_state{account=\"a\",state=\"platform_gone\"} 1"), "{page}");
    next.drain().await.unwrap();
    assert_eq!(health.condition().await.state, State::Idle);
}
