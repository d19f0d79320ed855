//! Altered payloads: the part of `cargo xtask campaign payloads` that each run of the tests makes.

use connect_e2e::payloads::{Answers, Calls, Layer, Origin, Tally};

#[test]
fn altered_payloads_panic_hang_and_approve_nothing() {
    let tallies = Answers::prepare().unwrap().run(0..400).unwrap();
    let mut all = Tally::default();
    for origin in [Origin::Platform, Origin::Vendor] {
        all.join(tallies[&origin].clone());
    }
    must_hold(&all, &[Layer::Decode, Layer::Validation, Layer::Handler, Layer::Decision]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn altered_calls_of_webhooks_have_nothing_but_looks_and_forged_ones_not_even_those() {
    let program = env!("CARGO_BIN_EXE_acme-under-test").into();
    let tally = Calls { program }.run(0..1_000).await.unwrap();
    let layers = [Layer::Token, Layer::Json, Layer::Decode, Layer::Unknown, Layer::Look];
    must_hold(&tally, &layers);
    assert!(tally.layers.contains_key(&Layer::Answer), "no question was answered: {tally}");
}

fn must_hold(tally: &Tally, layers: &[Layer]) {
    assert!(tally.broken.is_empty(), "{tally}");
    assert!(tally.parsed * 2 >= tally.cases, "{tally}");
    for layer in layers {
        assert!(tally.layers.contains_key(layer), "none came to {layer:?}: {tally}");
    }
}
