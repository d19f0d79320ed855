//! Lists cost what their page costs, not what the world holds.

use std::hint::black_box;
use std::time::{Duration, Instant};

use connect_emulator::world::{Collection, Fixture};
use connect_model::{AssetRequestType, RequestStatus};

use super::stage::Stage;

/// The best of several runs: the machine is shared.
fn best(stage: &Stage, query: &str) -> Duration {
    let run = || {
        let start = Instant::now();
        black_box(stage.world.list(&stage.vendor, &Collection::Requests, query)).unwrap();
        start.elapsed()
    };
    (0..7).map(|_| run()).min().unwrap_or_default()
}

fn world_of(count: usize) -> Stage {
    let mut stage = Stage::demo();
    let done = Fixture::new(AssetRequestType::Purchase, RequestStatus::Approved);
    let open = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    stage.world.seed_requests(&done, count);
    stage.world.seed_requests(&open, count / 10);
    stage
}

#[test]
fn a_page_costs_the_same_in_a_world_thirty_times_as_large() {
    let (small, large) = (world_of(1_000), world_of(30_000));
    for query in [
        "eq(status,pending)&in(asset.product.id,(PRD-411-678-887))&ordering(created)&limit=10",
        "in(status,(pending,approved))&limit=10",
        "eq(asset.connection.type,preview)&type=resume&limit=10",
        "limit=0",
    ] {
        let (few, many) = (best(&small, query), best(&large, query));
        let bound = few * 5 + Duration::from_millis(2);
        assert!(many < bound, "{query}: {few:?} became {many:?}");
    }
}
