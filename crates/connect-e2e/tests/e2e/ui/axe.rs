//! Nobody is shut out of a page, whatever its look and width.

use std::path::Path;

use connect_e2e::{Browser, Theme, Tour, axe};

use super::scene::Scene;

/// The widths that are judged: a page shows the same parts on a lap as on a desk.
const WIDTHS: [u32; 2] = [1440, 390];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_shuts_anybody_out() {
    let Some(script) = script() else { return };
    let tour = Tour::start().await.unwrap();
    let browser = Browser::at(&tour.stage.emulator.url()).await.unwrap();
    browser.run_in_every_page(&script).await.unwrap();
    browser.set_look(Theme::Light).await.unwrap();
    let mut all = Vec::new();
    for place in &tour.places {
        browser.visit(place).await.unwrap();
        for width in WIDTHS {
            browser.set_width(width).await.unwrap();
            let findings = in_both_looks(&browser).await;
            all.extend(findings.iter().map(|it| format!("{} at {width}: {it}", place.name)));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n\n"));
}

/// What is wrong with the page that is there. Its looks differ in colours alone.
async fn in_both_looks(browser: &Browser) -> Vec<String> {
    browser.turn_look(Theme::Light).await.unwrap();
    let light = axe::findings(browser).await.unwrap();
    browser.turn_look(Theme::Dark).await.unwrap();
    let dark = axe::findings_about_colours(browser).await.unwrap();
    let light = light.iter().map(|it| format!("light: {it}"));
    light.chain(dark.iter().map(|it| format!("dark: {it}"))).collect()
}

/// A page that the platform sends in a look is the one that is turned to that look, word for word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_looks_of_a_page_differ_in_colours_alone() {
    const WORDS: &str = "return document.documentElement.outerHTML";
    let scene = Scene::set().await;
    let browser = &scene.browser;
    for path in ["/", "/subscriptions", "/subscriptions/new", "/no-such-page"] {
        browser.set_look(Theme::Dark).await.unwrap();
        browser.open(path).await.unwrap();
        let sent = browser.evaluate(WORDS).await.unwrap();
        browser.set_look(Theme::Light).await.unwrap();
        browser.open(path).await.unwrap();
        assert_ne!(browser.evaluate(WORDS).await.unwrap(), sent, "{path}");
        browser.turn_look(Theme::Dark).await.unwrap();
        assert_eq!(browser.evaluate(WORDS).await.unwrap(), sent, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colour_that_is_only_bad_in_the_dark_is_a_grave_finding() {
    let Some(script) = script() else { return };
    let scene = Scene::set().await;
    let browser = &scene.browser;
    browser.run_in_every_page(&script).await.unwrap();
    browser.set_look(Theme::Light).await.unwrap();
    browser.open("/").await.unwrap();
    let pale = "document.querySelector('h1').style.color = 'light-dark(#000, #333)'";
    browser.evaluate(pale).await.unwrap();

    let findings = in_both_looks(browser).await;
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert!(finding.starts_with("dark: color-contrast (serious)"), "{finding}");
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

/// Axe, or nothing where it cannot be fetched; `cargo xtask test` says so aloud.
fn script() -> Option<String> {
    if axe::can_be_fetched() {
        return Some(axe::script(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "npm is missing, so axe cannot judge the pages");
    None
}
