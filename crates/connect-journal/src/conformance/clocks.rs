//! Clocks that were wrong.

use super::{
    TestStore,
    scene::{LEASE, Scene, over, park, retry, wait},
};

const THIRTY_YEARS: u64 = 30 * 365 * 24 * 60 * 60;

/// A life whose clock was years ahead dies; once the clock is right, its runs go on after a lease.
pub async fn a_lease_from_a_wrong_year_ends_after_its_length(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    scene.offer("r2", "lane").await;
    scene.pass_secs(THIRTY_YEARS);
    let lost = scene.claim().await;

    scene.set_back_secs(THIRTY_YEARS);
    assert!(scene.claimed(10).await.is_empty(), "its worker may still be alive");
    scene.pass_secs(LEASE.as_secs() - 1);
    assert!(scene.claimed(10).await.is_empty());
    scene.pass_secs(1);
    let next = scene.claim().await;
    assert_eq!((next.run, next.attempt), (lost.run, 2));
    assert!(next.fence > lost.fence);
}

/// As with the claim, so with a renewal.
pub async fn a_renewal_in_a_wrong_year_ends_after_its_length(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    scene.pass_secs(THIRTY_YEARS);
    scene.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");

    scene.set_back_secs(THIRTY_YEARS);
    assert!(scene.claimed(10).await.is_empty());
    scene.let_leases_run_out();
    assert_eq!(scene.claimed(10).await, ["r1"]);
}

/// Whenever it happens within a lease and however far it goes: who holds the run may work on it
/// until its own deadline, which no clock on a wall moves.
pub async fn a_clock_set_back_ends_no_lease_early(store: &dyn TestStore) {
    for back in [1, LEASE.as_secs(), 3600, THIRTY_YEARS] {
        for after in [0, 1, LEASE.as_secs() - 1] {
            let scene = Scene::set(store).await;
            scene.offer("r1", "lane").await;
            scene.claim().await;
            scene.pass_secs(after);
            scene.set_back_secs(back);
            for second in after..LEASE.as_secs() {
                assert!(scene.claimed(1).await.is_empty(), "{back} s back, second {second}");
                scene.pass_secs(1);
            }
            scene.pass_secs(back.min(LEASE.as_secs()));
            assert_eq!(scene.claimed(1).await, ["r1"], "{back} s back: it comes to an end");
        }
    }
}

/// A worker that renews and writes as ever does not notice.
pub async fn a_holder_keeps_its_run_over_a_clock_set_back(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    for back in [5, 3600, THIRTY_YEARS] {
        scene.set_back_secs(back);
        assert!(scene.claimed(1).await.is_empty());
        scene.pass_secs(LEASE.as_secs() - 1);
        let renewed = scene.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");
        assert!(renewed[0].is_some());
        scene.record(&claim, &format!("after {back}"), "one").await;
    }
    scene.finish(&claim, over()).await;
}

/// A due time in a wrong year is not waited for: a person can bring the run forward.
pub async fn every_way_to_wait_outlives_a_wrong_year(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.pass_secs(THIRTY_YEARS);
    let soon = scene.in_secs(60);
    let ways = [retry(soon, true), retry(soon, false), wait(soon, true), park(true)];
    for (place, how) in ways.into_iter().enumerate() {
        let run = format!("r{place}");
        scene.offer(&run, &run).await;
        scene.finish(&scene.claim().await, how).await;
    }
    scene.set_back_secs(THIRTY_YEARS);
    assert!(scene.claimed(10).await.is_empty());
    for place in 0..4 {
        scene.revive(&format!("r{place}")).await;
    }
    assert_eq!(scene.claimed(10).await.len(), 4);
}
