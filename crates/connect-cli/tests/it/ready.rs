//! The ready file, and the files that are none of ours.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::cnct::cnct;
use crate::world::Serving;

#[test]
fn a_file_that_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.json");
    for text in ["my notes", "{}", r#"{"platform": "x"}"#, "[1]", "\u{0}\u{1}", "null"] {
        fs::write(&file, text).unwrap();
        for command in ["vendor --port 0", "emulator --port 0", "up --port 0 --vendor-port 0"] {
            let mut start = cnct(command);
            let told = start.arg("--ready-file").arg(&file).output().unwrap();
            let told = crate::cnct::said(&told);
            assert!(told.starts_with("exit 2"), "{told}");
            assert!(told.contains("notes.json is not a ready file of cnct's"), "{told}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
    }
    let mut start = cnct("vendor --port 0");
    let told = start.arg("--ready-file").arg(folder.path()).output().unwrap();
    assert_eq!(told.status.code(), Some(1));
}

#[test]
fn a_ready_file_of_an_earlier_life_is_replaced_and_only_ours_is_taken_away() {
    const VENDOR: &str = "vendor --port 0 --ready-file ready.json";
    let mut first = Serving::start(VENDOR);
    let earlier = fs::read(first.file("ready.json")).unwrap();
    drop(first.stop("-KILL"));
    assert_eq!(fs::read(first.file("ready.json")).unwrap(), earlier);
    let mut second = first.restart(VENDOR);
    let file = second.file("ready.json");
    assert_ne!(fs::read(&file).unwrap(), earlier);
    fs::write(&file, "somebody else's").unwrap();
    assert!(second.stop("-TERM").status.success());
    assert_eq!(fs::read_to_string(&file).unwrap(), "somebody else's");
}

#[test]
fn an_empty_file_is_a_place_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready.json");
    fs::write(&file, "").unwrap();
    let vendor = Serving::start(&format!("vendor --port 0 --ready-file {}", file.display()));
    assert!(vendor.ready["vendor"].is_string());
    assert!(fs::read_to_string(&file).unwrap().contains("vendor"));
}

/// Who follows what `up` prints can have faults strike and look at runs.
#[test]
fn up_names_the_ready_file_that_it_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let up = "up --port 0 --vendor-port 0 --no-processor --ready-file ready.json";
    let mut child =
        cnct(up).current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let hint = lines.skip_while(|line| line != "in another terminal:").nth(1);
    child.kill().unwrap();
    child.wait().unwrap();
    let file = folder.path().canonicalize().unwrap().join("ready.json");
    assert_eq!(hint, Some(format!("  export CONNECT_READY={}", file.display())));
}

#[test]
fn runs_are_found_by_the_ready_file() {
    let mut world = Serving::start("up --port 0 --vendor-port 0 --ready-file ready.json");
    let (first, asset) = world.approved_purchase();
    world.run(&format!("asset suspend {asset} --wait"));
    let runs = world.json("run list");
    let second = first.replace("-001", "-002");
    assert_eq!([&runs[0]["run"], &runs[1]["run"]], [&second, &first]);
    let shown = world.run(&format!("run show {first}"));
    assert!(shown.contains("create_tenant: done"), "{shown}");
    assert!(shown.contains("attempt 1, create_tenant: POST http"), "{shown}");
    let journal = std::path::PathBuf::from(world.ready["journal"].as_str().unwrap());
    assert!(journal.is_absolute() && journal.exists());
    world.stop("-TERM");
    assert!(!journal.exists(), "nobody asked to keep it");
}

#[test]
fn a_run_that_waits_for_its_next_try_is_listed_as_waiting() {
    let world = Serving::start("up --port 0 --vendor-port 0 --ready-file ready.json");
    let (_, asset) = world.approved_purchase();
    world.run("fault set vendor answer 503 --on disable --retry-after 600");
    let hold = world.json(&format!("asset suspend {asset}"))["id"].as_str().unwrap().to_owned();
    let waiting = || world.json("run list --state waiting");
    while waiting().as_array().unwrap().is_empty() {}
    assert_eq!(waiting()[0]["run"], hold.as_str());
    assert_eq!(waiting()[0]["state"], "waiting");
    assert_eq!(world.json("run list --state ready").as_array().unwrap().len(), 0);
    let listed = world.run("run list");
    assert!(listed.contains("waiting") && listed.contains("in "), "{listed}");
    let shown = world.run(&format!("run show {hold}"));
    assert!(!shown.contains('.') || !shown.lines().any(has_fraction), "{shown}");
}

/// Whether a line holds an instant with a fraction of a second.
fn has_fraction(line: &str) -> bool {
    line.split_whitespace().any(|word| word.starts_with("20") && word.contains('.'))
}

#[test]
fn without_a_journal_the_remedy_is_named() {
    let world = Serving::without_processor();
    insta::assert_snapshot!(world.run("run list"), @"
    exit 2
    --- stderr
    error: no journal is named
      name it with --journal FILE, or name the ready file of a `cnct up` that runs a processor: --ready FILE or CONNECT_READY
    ");
}
