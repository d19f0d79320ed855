use std::time::Instant;
use connect_emulator::{Platform, world::{Collection, Fixture, Setting}, scenario::Scenario};
use connect_model::{AssetRequestType, RequestStatus};
use super::stage::*;
fn rss() -> String { std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("VmRSS")).unwrap().to_owned() }
#[test]
fn bench() {
    let mut stage = Stage::demo();
    let t = Instant::now();
    stage.world.seed_requests(&Fixture::new(AssetRequestType::Resume, RequestStatus::Pending), 1_000_000);
    println!("seed 1e6: {:?} {}", t.elapsed(), rss());
    let (ids,_) = stage.ids(&Collection::Requests, "limit=1000");
    let t = Instant::now();
    for id in &ids { stage.world.read(&stage.vendor, &Collection::Requests, id, "").unwrap(); }
    println!("read: {:?} each", t.elapsed()/1000);
    for q in ["limit=0","limit=100","status=pending&limit=100&ordering(created)","status=pending&limit=100&offset=900000", "asset.status=suspended&limit=1", "ilike(asset.params.value,*x*)&limit=1"] {
        let t = Instant::now();
        let l = stage.world.list(&stage.vendor, &Collection::Requests, q).unwrap();
        println!("{q}: {:?} {}", t.elapsed(), l.range);
    }
    drop(stage);
    let folder = tempfile::tempdir().unwrap();
    let open = || Platform::open(Scenario::demo(), Setting::new(TestClock::starting(), 7), Some(folder.path())).unwrap();
    let p = open();
    let t = Instant::now();
    let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    rt.block_on(p.seed(|w| w.seed_requests(&Fixture::new(AssetRequestType::Resume, RequestStatus::Pending), 100_000))).unwrap();
    println!("save 1e5: {:?}", t.elapsed());
    drop(p);
    let t = Instant::now();
    let p = open();
    println!("load 1e5: {:?}", t.elapsed());
    let who = p.authenticate(&p.keys().vendor).unwrap();
    let body = Stage::demo().trial_body();
    let t = Instant::now();
    for _ in 0..500 { rt.block_on(p.apply(who.clone(), connect_emulator::world::Command::CreateRequest{body: body.clone()})).unwrap(); }
    println!("create durable: {:?} each", t.elapsed()/500);
    std::fs::copy(folder.path().join("world.sqlite"), "/tmp/w.sqlite").unwrap();
}
