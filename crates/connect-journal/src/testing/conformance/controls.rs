//! Values that all who work on a journal agree on.

use bytes::Bytes;
use connect_clock::Monotonic;

use super::TestStore;
use super::harness::Harness;
use crate::control::Control;
use crate::error::JournalError;
use crate::names::ControlName;

impl Harness {
    async fn set(&self, name: &str, value: Option<&str>, by: &str) -> Result<(), JournalError> {
        let value = value.map(|value| Bytes::from(value.to_owned()));
        self.journal.set_control(&name.into(), value, by).await
    }

    async fn controls(&self) -> Vec<Control> {
        self.journal.controls().await.expect("the controls are read")
    }

    fn control(&self, name: &str, value: &str, by: &str) -> Control {
        let value = value.to_owned().into();
        Control { name: ControlName::from(name), value, by: by.to_owned(), at: self.now() }
    }
}

/// Whatever was set last, by whom and when, in the order of the names.
pub async fn a_control_is_kept_with_who_set_it_and_when(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert_eq!(harness.controls().await, []);
    harness.set("stopped/shop", Some("by hand"), "ann").await.expect("it is set");
    let stopped = harness.control("stopped/shop", "by hand", "ann");
    harness.pass_secs(5);
    harness.set("resting/vendor", Some(""), "").await.expect("it is set");
    let resting = harness.control("resting/vendor", "", "");
    assert_eq!(harness.controls().await, [resting.clone(), stopped]);

    harness.pass_secs(5);
    harness.set("stopped/shop", Some("by hand"), "bob").await.expect("it is set");
    assert_eq!(
        harness.controls().await,
        [resting, harness.control("stopped/shop", "by hand", "bob")]
    );
}

/// As if it had never been set, however often.
pub async fn a_control_can_be_taken_back(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for name in ["one", "two"] {
        harness.set(name, Some("on"), "ann").await.expect("it is set");
    }
    for _ in 0..2 {
        harness.set("one", None, "ann").await.expect("it is taken back");
        assert_eq!(harness.controls().await, [harness.control("two", "on", "ann")]);
    }
}

/// What does not fit is refused, and what was set before stays.
pub async fn a_control_is_small(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let (longest, largest) = ("x".repeat(512), "x".repeat(Control::LARGEST));
    harness.set(&longest, Some(&largest), &longest).await.expect("it just fits");
    let before = harness.controls().await;
    let (name, value) = (longest.clone() + "x", largest + "x");
    for (name, value, by) in [
        ("", "on", "ann"),
        (name.as_str(), "on", "ann"),
        ("two\nlines", "on", "ann"),
        (longest.as_str(), value.as_str(), "ann"),
        (longest.as_str(), "on", name.as_str()),
        (longest.as_str(), "on", "nul\0"),
    ] {
        let answer = harness.set(name, Some(value), by).await;
        assert!(matches!(answer, Err(JournalError::InvalidControl)), "{name:?} {by:?}: {answer:?}");
    }
    assert_eq!(harness.controls().await, before);
}

/// Those that are there can still be changed and taken back.
pub async fn controls_are_few(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for n in 0..Control::MOST {
        harness.set(&format!("control {n}"), Some("on"), "ann").await.expect("there is room");
    }
    let answer = harness.set("another", Some("on"), "ann").await;
    assert!(matches!(answer, Err(JournalError::TooManyControls)), "{answer:?}");
    harness.set("control 7", Some("off"), "ann").await.expect("it is there");
    harness.set("control 7", None, "ann").await.expect("it is there");
    harness.set("another", Some("on"), "ann").await.expect("there is room again");
    assert_eq!(harness.controls().await.len(), Control::MOST);
}

/// Whoever waits for work looks again, because it may be allowed now.
pub async fn waiting_ends_when_a_control_is_set(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for value in [Some("on"), None] {
        assert!(harness.claimed(1).await.is_empty());
        super::looking::soon(async {
            let set = harness.set("name", value, "ann");
            tokio::join!(harness.journal.wait_due(Monotonic::MAX), set).1.expect("it is set");
        })
        .await;
    }
}
