//! The inputs that are kept for each fuzz target, tried without libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};

use connect_fuzz::TARGETS;

/// The most inputs of a target.
const MOST: usize = 200;
/// The most bytes of them together.
const MOST_BYTES: usize = 1024 * 1024;

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target)
}

fn inputs(target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder(target)).expect("a target has a corpus");
    files.map(|file| fs::read(file.expect("a file").path()).expect("an input")).collect()
}

fn replay(target: &str) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    let inputs = inputs(target);
    assert!(!inputs.is_empty(), "there is no input of {target}");
    inputs.iter().for_each(|input| check(input));
}

#[test]
fn kept_query_strings_are_read_and_printed_and_read_again_the_same() {
    replay("rql");
}

#[test]
fn kept_calls_are_answered_or_refused_without_a_trace() {
    replay("bodies");
}

#[test]
fn kept_workbooks_are_read_and_written_and_read_again_the_same() {
    replay("xlsx");
}

#[test]
fn the_corpus_stays_small() {
    for (target, _) in TARGETS {
        let inputs = inputs(target);
        let bytes: usize = inputs.iter().map(Vec::len).sum();
        let count = inputs.len();
        assert!(count <= MOST && bytes <= MOST_BYTES, "{target}: {count} inputs, {bytes} bytes");
    }
}
