//! The snippet that CloudBlue publishes on resuming, in a project that is run as it stands.

use std::fs;
use std::path::Path;

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::SqliteJournal;
use connect_model::{Asset, RequestStatus};

use super::project;
use crate::program::Program;

/// The page that the snippet is on, beside the repository; `cargo xtask test` says aloud where it is not.
const PAGE: &str = "../shared/connect/subscription-resumption.txt";

/// The lines of the vendor's call, which the snippet asks to fill in.
const VENDOR_CALL: [&str; 4] = [
    "api_client = APIClient(api_url='',",
    "                       api_key='')",
    "resume_payload = {}",
    "api_client.resume_subscription(resume_payload, external_subscription_id)",
];

/// What the vendor's call needs.
const IMPORT: &str = "from connect_processor.app.api_client.isv_client import APIClient\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_snippet_resumes_a_subscription_as_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Ok(page) = fs::read_to_string(root.join(PAGE)) else { return };
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let project = project(&stage, folder.path());
    let snippet = with_the_vendor_call(&snippet(&page), &stage.vendor.url());
    fs::write(project.folder.join("connect_processor/app/resume.py"), snippet).unwrap();

    let request = stage.pending_resume("t-1").await.unwrap();
    let file = folder.path().join("journal.sqlite");
    let program = Program::of_template(&project, &stage, &file).argument("--once");
    let ended = program.argument("--patience=1m").run().await;
    assert!(ended.status.success(), "{ended:?}");

    let seen = stage.read(&request).await.unwrap();
    assert_eq!(seen.status, RequestStatus::Approved);
    let asset: Asset = stage.client().unwrap().get(seen.asset.id.as_str()).await.unwrap();
    assert_eq!(asset.status.as_str(), "active");
    let done = stage.vendor.log();
    let done: Vec<_> = done.iter().map(|it| (&*it.tenant, it.operation.as_str())).collect();
    assert_eq!(done, [("t-1", "enable")]);
    let runs = SqliteJournal::open(&file, SystemClock).unwrap();
    assert_eq!(connect_testing::runs(&runs).await.unwrap().len(), 1);
}

/// Returns the snippet of the page, without the line breaks of the print.
fn snippet(page: &str) -> String {
    let from = page.find("from connect_processor.app.utils.utils").unwrap();
    let printed = &page[from..][..page[from..].find("Summary").unwrap()];
    let mut lines: Vec<String> = Vec::new();
    for line in printed.lines().filter(|line| !line.trim().is_empty()) {
        match lines.last_mut() {
            // The rest of a comment.
            Some(last) if last.contains('#') && line.starts_with(char::is_alphabetic) => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// Fills in the vendor's call, and nothing else.
fn with_the_vendor_call(snippet: &str, vendor: &str) -> String {
    let filled = VENDOR_CALL.iter().fold(snippet.to_owned(), |snippet, line| {
        let comment = format!("# {line}\n");
        assert_eq!(snippet.matches(&comment).count(), 1, "{comment}");
        snippet.replace(&comment, &format!("{line}\n"))
    });
    let addressed = filled.replace("api_url=''", &format!("api_url='{vendor}'"));
    format!("{IMPORT}{addressed}")
}
