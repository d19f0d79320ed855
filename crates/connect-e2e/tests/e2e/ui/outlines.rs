//! Every page as somebody meets it who does not see it: roles and names.

use connect_e2e::{Browser, Tour};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outlines_of_all_pages() {
    let tour = Tour::start().await.unwrap();
    let browser = Browser::at(&tour.stage.emulator.url()).await.unwrap();
    for place in &tour.places {
        browser.visit(place).await.unwrap();
        let is_missing = browser.text("h1").await.unwrap().starts_with("There is no");
        let is_meant = ["no-such-page", "no-such-request", "not-theirs"].contains(&place.name);
        assert_eq!(is_missing, is_meant, "{}", place.path);
        let outline = browser.outline().await.unwrap();
        // The frame is the same around all pages.
        let shown = if place.name == "home" { outline } else { main(&outline) };
        insta::assert_snapshot!(place.name, shown);
    }
}

/// What stands in the main part of a page.
fn main(outline: &str) -> String {
    let (_, rest) = outline.split_once("\nmain\n").unwrap();
    let lines = rest.lines().take_while(|line| line.starts_with(' '));
    lines.collect::<Vec<_>>().join("\n")
}
