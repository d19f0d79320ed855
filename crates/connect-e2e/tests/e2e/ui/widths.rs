//! Pages fit the screens they are looked at on.

use connect_e2e::{Browser, Tour, WIDTHS};

/// Returns how many pixels of the page lie beyond its right edge.
const BEYOND: &str = "
    const page = document.documentElement;
    return page.scrollWidth - page.clientWidth;";

/// Returns the ids that are broken into lines.
const BROKEN_IDS: &str = r"
    const ids = [...document.querySelectorAll('code, .id')].filter((it) => /^[A-Z]+-[\d-]+$/.test(it.textContent));
    return ids.filter((it) => it.getClientRects().length > 1).map((it) => it.textContent).join(', ');";

/// Returns whether what a selector finds stands in one line.
const IN_ONE_LINE: &str = "
    const feet = [...document.querySelectorAll(SELECTOR)].map((it) => it.getBoundingClientRect().bottom);
    return feet.length > 1 && feet.every((foot) => Math.abs(foot - feet[0]) < 20);";

async fn is_one_line(browser: &Browser, selector: &str) -> bool {
    let look = IN_ONE_LINE.replace("SELECTOR", &format!("{selector:?}"));
    browser.evaluate(&look).await.unwrap() == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_wider_than_its_screen_and_no_id_is_broken() {
    let tour = Tour::start().await.unwrap();
    let browser = Browser::at(&tour.stage.emulator.url()).await.unwrap();
    let mut faults = Vec::new();
    for place in &tour.places {
        browser.visit(place).await.unwrap();
        for width in WIDTHS {
            browser.set_width(width).await.unwrap();
            let beyond = browser.evaluate(BEYOND).await.unwrap();
            if beyond != 0 {
                faults.push(format!("{} at {width}: {beyond} px", place.name));
            }
            let broken = browser.evaluate(BROKEN_IDS).await.unwrap();
            if broken != "" {
                faults.push(format!("{} at {width}: {broken}", place.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_stand_in_one_line_on_a_desk_and_modules_in_a_pocket() {
    let tour = Tour::start().await.unwrap();
    let browser = Browser::at(&tour.stage.emulator.url()).await.unwrap();
    let lists = ["/subscriptions", "/subscriptions/fulfillment", "/tier-configs", "/tier-requests"];
    for width in [1440, 1280] {
        browser.set_width(width).await.unwrap();
        for list in lists {
            for path in [list.to_owned(), format!("{list}?q=a")] {
                browser.open(&path).await.unwrap();
                assert!(is_one_line(&browser, ".filters > *").await, "{path} at {width}");
            }
        }
    }
    browser.set_width(390).await.unwrap();
    for path in lists {
        browser.open(path).await.unwrap();
        assert!(is_one_line(&browser, ".modules li").await, "the modules at {path}");
    }
}
