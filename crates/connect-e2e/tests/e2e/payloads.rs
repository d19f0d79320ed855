//! Altered payloads: the part of `cargo xtask campaign payloads` that each run of the tests makes.

use connect_e2e::payloads::{Campaign, Layer};

#[test]
fn altered_payloads_panic_hang_and_approve_nothing() {
    let tally = Campaign::prepare().unwrap().run(0..400).unwrap();
    assert!(tally.broken.is_empty(), "{tally}");
    assert!(tally.parsed * 2 >= tally.cases, "{tally}");
    for layer in [Layer::Decode, Layer::Validation, Layer::Handler, Layer::Decision] {
        assert!(tally.layers.contains_key(&layer), "none came to {layer:?}: {tally}");
    }
}
