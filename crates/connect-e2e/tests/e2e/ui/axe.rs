//! Nobody is shut out of a page, whatever its look and width.

use std::path::Path;

use connect_e2e::{Browser, Theme, Tour, axe};

use super::scene::Scene;

/// The widths that are judged: a page shows the same parts on a lap as on a desk.
const WIDTHS: [u32; 2] = [1440, 390];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn light_pages_shut_nobody_out() {
    nobody_is_shut_out(Theme::Light).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dark_pages_shut_nobody_out() {
    nobody_is_shut_out(Theme::Dark).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_without_a_name_is_a_grave_finding() {
    let Some(script) = script() else { return };
    let scene = Scene::set().await;
    let browser = &scene.browser;
    browser.run_in_every_page(&script).await.unwrap();
    browser.open("/").await.unwrap();
    let nameless = "document.querySelector('main').append(document.createElement('button'))";
    browser.evaluate(nameless).await.unwrap();

    let findings = axe::findings(browser).await.unwrap();
    let grave: Vec<_> = findings.iter().filter(|it| it.is_grave()).map(|it| &it.id).collect();
    assert_eq!(grave, ["button-name"]);
}

async fn nobody_is_shut_out(theme: Theme) {
    let Some(script) = script() else { return };
    let tour = Tour::start().await.unwrap();
    let browser = Browser::at(&tour.stage.emulator.url()).await.unwrap();
    browser.run_in_every_page(&script).await.unwrap();
    browser.set_look(theme).await.unwrap();
    let mut all = Vec::new();
    for width in WIDTHS {
        browser.set_width(width).await.unwrap();
        for place in &tour.places {
            browser.visit(place).await.unwrap();
            let findings = axe::findings(&browser).await.unwrap();
            all.extend(findings.iter().map(|it| format!("{} at {width}: {it}", place.name)));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n\n"));
}

/// Axe, or nothing where it cannot be fetched; `cargo xtask test` says so aloud.
fn script() -> Option<String> {
    if axe::can_be_fetched() {
        return Some(axe::script(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "npm is missing, so axe cannot judge the pages");
    None
}
