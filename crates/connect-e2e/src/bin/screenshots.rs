//! Writes a picture of every page, at all widths and in both looks, below `docs/screenshots` or the
//! folder that is named. Run by `cargo xtask screenshots`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use connect_e2e::{Browser, Place, Theme, Tour, WIDTHS};

#[tokio::main]
async fn main() -> Result<()> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
    let folder = std::env::args_os().nth(1).map_or(usual, PathBuf::from);
    fs::create_dir_all(&folder)?;
    let tour = Tour::start().await?;
    let browser = Browser::at(&tour.stage.emulator.url()).await?;
    for width in WIDTHS {
        browser.set_width(width).await?;
        for theme in Theme::ALL {
            browser.set_look(theme).await?;
            for place in &tour.places {
                let file = format!("{}-{width}-{}.png", place.name, theme.word());
                let picture = picture(&browser, place).await.context(file.clone())?;
                fs::write(folder.join(file), picture)?;
            }
        }
    }
    Ok(())
}

async fn picture(browser: &Browser, place: &Place) -> Result<Vec<u8>> {
    browser.visit(place).await?;
    browser.screenshot().await
}
