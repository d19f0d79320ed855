//! A real browser, driven as a person does: by the words on the page.
//!
//! Every verb waits until it can be done, or says what the page showed instead. Nothing sleeps for
//! a fixed time.

mod driver;
mod outline;
mod verbs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::support::base64_decode;

use driver::Driver;

/// The flags of every session: no window, nothing remembered, nobody called.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-lcd-text",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A window of Chromium at the pages of one emulator; it and its driver end when dropped.
pub struct Browser {
    session: WebDriver,
    origin: String,
    _driver: Driver,
}

/// A look of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The word in the cookie.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The widths of a desk, of a lap and of a pocket, in CSS pixels.
pub const WIDTHS: [u32; 3] = [1440, 1280, 390];

/// What the platform's pages say differently in another look.
const TURN_LOOK: &str = "
    document.documentElement.dataset.look = 'LOOK';
    document.querySelectorAll('button[name=look]').forEach((button) =>
        button.setAttribute('aria-pressed', button.value === 'LOOK'));";

impl Browser {
    /// A window at the pages of this origin, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    ///
    /// When Chromium or its driver is missing or does not start; says what to install.
    pub async fn at(origin: &str) -> Result<Self> {
        Self::with(origin, json!({})).await
    }

    /// The same with script switched off, as its user would in the settings.
    ///
    /// # Errors
    ///
    /// As [`at`](Self::at).
    pub async fn without_script(origin: &str) -> Result<Self> {
        let block = json!({"profile.managed_default_content_settings.javascript": 2});
        Self::with(origin, block).await
    }

    async fn with(origin: &str, preferences: Value) -> Result<Self> {
        let driver = Driver::start()?;
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", driver.profile().display()))?;
        wanted.add_experimental_option("prefs", preferences)?;
        let direct = reqwest::Client::builder().no_proxy().build()?;
        let session = WebDriver::builder(driver.url(), wanted).client(direct).await;
        let session = session.context(driver::MISSING)?;
        let browser = Self { session, origin: origin.to_owned(), _driver: driver };
        browser.set_width(WIDTHS[0]).await?;
        Ok(browser)
    }

    /// Makes the page this wide, and as high as such a screen is; also the page that is there.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn set_width(&self, width: u32) -> Result<()> {
        let height = if width < 600 { 844 } else { 900 };
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        self.until(&format!("a page that is {width} pixels wide"), async || {
            let shown = self.session.execute("return innerWidth", []).await?;
            Ok((*shown.json() == width).then_some(()))
        })
        .await
    }

    /// Keeps a look as the page's own switch does.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn set_look(&self, theme: Theme) -> Result<()> {
        self.keep("look", theme.word()).await
    }

    /// Shows the page that is there in another look, as the platform would send it. It is the look
    /// of this page alone.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn turn_look(&self, theme: Theme) -> Result<()> {
        self.evaluate(&TURN_LOOK.replace("LOOK", theme.word())).await?;
        Ok(())
    }

    /// Keeps a preference, such as the side that is played, before a page is opened.
    async fn keep(&self, preference: &str, word: &str) -> Result<()> {
        let cookie = json!({"name": preference, "value": word, "url": self.origin});
        self.devtools("Network.setCookie", cookie).await?;
        Ok(())
    }

    /// Has a script run in every page from now on, before the page's own.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn run_in_every_page(&self, script: &str) -> Result<()> {
        let source = json!({"source": script});
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source).await?;
        Ok(())
    }

    /// Returns what a function body returns in the page, once its promise is kept.
    ///
    /// # Errors
    ///
    /// What the script throws.
    pub async fn evaluate(&self, body: &str) -> Result<Value> {
        Ok(self.session.execute(body, []).await?.json().clone())
    }

    /// The whole page, also what the window does not show, as a PNG.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        let page = self.devtools("Page.getLayoutMetrics", json!({})).await?;
        let mut clip = page["cssContentSize"].clone();
        clip["scale"] = json!(1);
        let whole = json!({"captureBeyondViewport": true, "clip": clip});
        let taken = self.devtools("Page.captureScreenshot", whole).await?;
        let picture = taken["data"].as_str().context("a browser's picture is text in base64")?;
        Ok(base64_decode(picture)?)
    }

    async fn devtools(&self, method: &str, parameters: Value) -> WebDriverResult<Value> {
        self.session.cdp().send_raw(method, parameters).await
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the session; it has not ended by itself, so this cannot fail.
        let _ = self.session.clone().leak();
    }
}
