//! The acts of a person at a page.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use thirtyfour::prelude::*;
use tokio::time::{Instant, sleep};

use super::Browser;
use crate::tour::{Deed, Place};

/// The time that a page has to show what is waited for; several times what a busy machine needs.
const PATIENCE: Duration = Duration::from_secs(15);
/// The pause between looks at it.
const GLANCE: Duration = Duration::from_millis(25);

impl Browser {
    /// Opens a page by its path.
    ///
    /// # Errors
    ///
    /// When it cannot be loaded.
    pub async fn open(&self, path: &str) -> Result<()> {
        let address = format!("{}{path}", self.origin);
        self.session.goto(&address).await.with_context(|| format!("opening {address}"))
    }

    /// Opens a page of the tour, as who it is for, and brings about what is to be seen there.
    ///
    /// # Errors
    ///
    /// When it cannot be loaded, or does not offer what is to be clicked.
    pub async fn visit(&self, place: &Place) -> Result<()> {
        self.keep("role", place.role).await?;
        self.open(&place.path).await?;
        for deed in &place.deeds {
            match deed {
                Deed::Click(name) => self.click(name).await?,
                Deed::Script(body) => drop(self.evaluate(body).await?),
                Deed::See(text) => self.wait_until_says(text).await?,
            }
        }
        Ok(())
    }

    /// Opens a page in a new tab, in front of the others.
    ///
    /// # Errors
    ///
    /// When it cannot be loaded.
    pub async fn open_tab(&self, path: &str) -> Result<()> {
        let tab = self.session.new_tab().await?;
        self.session.switch_to_window(tab).await?;
        self.open(path).await
    }

    /// Brings the tab to the front that was opened in this place, the first is 0.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn turn_to_tab(&self, place: usize) -> Result<()> {
        let tabs = self.session.windows().await?;
        let tab = tabs.get(place).with_context(|| format!("there are {} tabs", tabs.len()))?;
        self.session.switch_to_window(tab.clone()).await?;
        self.devtools("Page.bringToFront", json!({})).await?;
        Ok(())
    }

    /// The page's path and query.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn path(&self) -> Result<String> {
        let address = self.session.current_url().await?;
        Ok(address.as_str().strip_prefix(&self.origin).unwrap_or(address.as_str()).to_owned())
    }

    /// Clicks the first visible link or button with this name.
    ///
    /// # Errors
    ///
    /// When none shows up.
    pub async fn click(&self, name: &str) -> Result<()> {
        let name = quoted(name);
        let named = format!("normalize-space()={name} or @aria-label={name}");
        let wanted = format!("//*[self::a or self::button or self::summary][{named}]");
        self.when_there(&wanted, async |element| element.click().await).await
    }

    /// Whether a link or button with this name is visible now.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn offers(&self, name: &str) -> Result<bool> {
        let wanted = format!("//*[self::a or self::button][normalize-space()={}]", quoted(name));
        Ok(self.visible(&wanted).await?.is_some())
    }

    /// Whether the page has something that a CSS selector finds.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn has(&self, selector: &str) -> Result<bool> {
        Ok(!self.session.find_all(By::Css(selector)).await?.is_empty())
    }

    /// Returns how many elements a CSS selector finds.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.session.find_all(By::Css(selector)).await?.len())
    }

    /// Presses Enter in the field with this label.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn press_enter_in(&self, label: &str) -> Result<()> {
        let field = labelled(label, "self::input");
        self.when_there(&field, async |element| element.send_keys(Key::Enter + "").await).await
    }

    /// Writes into the field with this label, in place of what is there.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = labelled(label, "self::input or self::textarea");
        self.when_there(&field, async |element| {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await
    }

    /// Chooses a file of this machine in the field with this label.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn attach(&self, label: &str, file: &Path) -> Result<()> {
        let path = file.to_str().context("the name of the file is text")?;
        let field = labelled(label, "self::input[@type='file']");
        self.when_there(&field, async |element| element.send_keys(path).await).await
    }

    /// Chooses from the list with this label.
    ///
    /// # Errors
    ///
    /// When there is no such list or option.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        let list = labelled(label, "self::select");
        let option = format!("({list})/option[normalize-space()={}]", quoted(option));
        self.when_there(&option, async |element| element.click().await).await
    }

    /// Ticks the box, or takes the choice, with this label.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn tick(&self, label: &str) -> Result<()> {
        let tickable = "self::input[@type='checkbox' or @type='radio']";
        self.when_there(&labelled(label, tickable), async |element| element.click().await).await
    }

    /// The visible text of the first element that a CSS selector finds.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn text(&self, selector: &str) -> Result<String> {
        Ok(self.session.find(By::Css(selector)).await?.text().await?)
    }

    /// Waits until an element shows this text, wherever in it.
    ///
    /// # Errors
    ///
    /// When it does not; says what the page showed.
    pub async fn wait_for(&self, selector: &str, text: &str) -> Result<()> {
        let wanted = format!("{text:?} in {selector}");
        self.until(&wanted, async || {
            let shown = self.session.find(By::Css(selector)).await?.text().await?;
            Ok(shown.contains(text).then_some(()))
        })
        .await
    }

    /// The same, by hand: loads the page again and again.
    ///
    /// # Errors
    ///
    /// When it does not; says what the page showed.
    pub async fn reload_until(&self, selector: &str, text: &str) -> Result<()> {
        let wanted = format!("{text:?} in {selector} after a reload");
        self.until(&wanted, async || {
            self.session.refresh().await?;
            let shown = self.session.find(By::Css(selector)).await?.text().await?;
            Ok(shown.contains(text).then_some(()))
        })
        .await
    }

    /// Waits until the page's main part shows this text.
    ///
    /// # Errors
    ///
    /// When it does not; says what the page showed.
    pub async fn wait_until_says(&self, text: &str) -> Result<()> {
        self.wait_for("main", text).await
    }

    /// Plays the vendor or the distributor, by the switch at the top.
    ///
    /// # Errors
    ///
    /// When there is no such role.
    pub async fn act_as(&self, role: &str) -> Result<()> {
        self.click(role).await?;
        let pressed = format!(
            "//button[@name='role'][@aria-pressed='true'][normalize-space()={}]",
            quoted(role)
        );
        self.when_there(&pressed, async |_| Ok(())).await
    }

    async fn when_there(
        &self,
        wanted: &str,
        act: impl AsyncFn(WebElement) -> WebDriverResult<()>,
    ) -> Result<()> {
        self.until(wanted, async || match self.visible(wanted).await? {
            Some(element) => act(element).await.map(Some),
            None => Ok(None),
        })
        .await
    }

    async fn visible(&self, wanted: &str) -> WebDriverResult<Option<WebElement>> {
        for element in self.session.find_all(By::XPath(wanted)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Looks until there is something. The page may change under every look, so an error is one
    /// more reason to look again.
    pub(super) async fn until<T>(
        &self,
        wanted: &str,
        look: impl AsyncFn() -> WebDriverResult<Option<T>>,
    ) -> Result<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = look().await;
            if let Ok(Some(found)) = seen {
                return Ok(found);
            }
            if Instant::now() > end {
                let why = seen.err().map(|error| reason(&error)).unwrap_or_default();
                bail!("waited in vain for {wanted}{why}\n{}", self.scene().await);
            }
            sleep(GLANCE).await;
        }
    }

    /// Returns where the browser is and what it shows, for people who read a failure.
    async fn scene(&self) -> String {
        let path = self.path().await.unwrap_or_default();
        let text = self.text("body").await.unwrap_or_default();
        format!("at {path} the page shows:\n{text}")
    }
}

/// Returns what the driver says, without where in itself it says so.
fn reason(error: &WebDriverError) -> String {
    let whole = error.to_string();
    let (said, _) = whole.split_once("(Session info").unwrap_or((&whole, ""));
    format!(" ({})", said.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The element of a kind whose label, or name for assistive technology, begins like this.
fn labelled(label: &str, kind: &str) -> String {
    let label = quoted(label);
    let its = format!("//label[starts-with(normalize-space(), {label})]");
    format!("//*[{kind}][@id={its}/@for or @aria-label={label}] | {its}//*[{kind}]")
}

/// A text within an XPath, which has no escapes.
fn quoted(text: &str) -> String {
    let quote = if text.contains('"') { '\'' } else { '"' };
    format!("{quote}{text}{quote}")
}
