//! One suite for all stores.

use connect_journal::testing::conformance::{Move, TestStore, any_interleaving_keeps_the_promises};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::stores::{Memory, Sqlite};

mod memory {
    use super::Memory;

    connect_journal::conformance!(Memory);
}

mod sqlite {
    use super::Sqlite;

    connect_journal::conformance!(Sqlite::on_thread());
}

mod sqlite_inline {
    use super::Sqlite;

    connect_journal::conformance!(Sqlite::inline());
}

#[test]
fn no_interleaving_breaks_the_memory_journal() {
    check_interleavings(&Memory, 200);
}

#[test]
fn no_interleaving_breaks_the_sqlite_journal() {
    check_interleavings(&Sqlite::on_thread(), 40);
}

#[test]
fn no_interleaving_breaks_the_sqlite_journal_without_threads() {
    check_interleavings(&Sqlite::inline(), 40);
}

fn check_interleavings(store: &dyn TestStore, cases: u32) {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&vec(any_move(), 1..60), |moves| {
            tokio.block_on(any_interleaving_keeps_the_promises(store, &moves));
            Ok(())
        })
        .unwrap();
}

/// Mostly recent claims, so that stories get somewhere.
fn any_move() -> impl Strategy<Value = Move> {
    let claim = || any::<usize>();
    prop_oneof![
        3 => (0..6_usize, any::<bool>(), proptest::option::of(0..4_u64))
            .prop_map(|(run, news, half_days)| Move::Offer { run, news, half_days }),
        4 => (0..3_usize, proptest::option::of(0..2_usize))
            .prop_map(|(max, except)| Move::Claim { max, except }),
        2 => prop_oneof![Just(5_u64), Just(29), Just(30), Just(60)]
            .prop_map(|seconds| Move::Pass { seconds }),
        1 => (prop_oneof![Just(1_i64), Just(29), Just(60), Just(1_000_000_000)], any::<bool>())
            .prop_map(|(by, back)| Move::SetWall { seconds: if back { -by } else { by } }),
        1 => claim().prop_map(|claim| Move::Renew { claim }),
        1 => (claim(), 0..3_usize).prop_map(|(claim, step)| Move::Intend { claim, step }),
        3 => (claim(), 0..3_usize).prop_map(|(claim, step)| Move::Record { claim, step }),
        4 => (claim(), 0..9_usize).prop_map(|(claim, how)| Move::Finish { claim, how }),
        1 => (0..6_usize).prop_map(|run| Move::Revive { run }),
    ]
}

/// The macro cannot see the functions, so a promise could be written and never be kept.
#[test]
fn every_promise_is_listed() {
    let list = include_str!("../../src/testing/conformance.rs");
    let promises = [
        include_str!("../../src/testing/conformance/binding.rs"),
        include_str!("../../src/testing/conformance/offering.rs"),
        include_str!("../../src/testing/conformance/claiming.rs"),
        include_str!("../../src/testing/conformance/queueing.rs"),
        include_str!("../../src/testing/conformance/clocks.rs"),
        include_str!("../../src/testing/conformance/fencing.rs"),
        include_str!("../../src/testing/conformance/steps.rs"),
        include_str!("../../src/testing/conformance/finishing.rs"),
        include_str!("../../src/testing/conformance/reviving.rs"),
        include_str!("../../src/testing/conformance/controls.rs"),
        include_str!("../../src/testing/conformance/looking.rs"),
    ];
    let lines = promises.iter().flat_map(|file| file.lines());
    let names = lines.filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next());
    let listed: Vec<_> = list.lines().map(str::trim).collect();
    let forgotten: Vec<_> = names.filter(|name| !listed.contains(name)).collect();
    assert_eq!(forgotten, Vec::<&str>::new());
}
