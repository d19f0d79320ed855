//! A journal belongs to somebody.

use super::TestStore;
use super::harness::Harness;
use crate::error::JournalError;

/// The first owner may come again, no other is let in, and the refusal names both.
pub async fn a_journal_keeps_its_first_owner(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let bind = async |owner: &str| harness.journal.bind(owner).await;
    harness.offer("r1", "lane").await;
    for owner in ["ann's", "bob's", "ann's", "ann'", "ann's "] {
        let answer = bind(owner).await;
        match answer {
            Ok(()) => assert_eq!(owner, "ann's"),
            Err(JournalError::OtherOwner { owner: kept, asked }) => {
                assert_eq!((kept.as_str(), asked.as_str()), ("ann's", owner));
                assert_ne!(owner, "ann's");
            }
            Err(other) => unreachable!("nothing else is wrong: {other}"),
        }
    }
    assert_eq!(harness.claimed(1).await, ["r1"], "what was offered before is still there");
}

/// Too short, too long, or with characters that do not print; the next caller is the first.
pub async fn a_text_that_names_nobody_binds_nothing(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for owner in ["", &"x".repeat(513), "two\nlines", "\u{1b}[2J", "nul\0"] {
        let answer = harness.journal.bind(owner).await;
        assert!(matches!(answer, Err(JournalError::InvalidOwner)), "{owner:?}: {answer:?}");
    }
    let longest = "x".repeat(512);
    harness.journal.bind(&longest).await.expect("the longest name of an owner is kept");
    harness.journal.bind(&longest).await.expect("the owner comes again");
}
