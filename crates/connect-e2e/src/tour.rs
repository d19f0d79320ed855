//! A world with something on every page, and the way through all of them.

mod billing;
mod calendar;
mod customers;
mod places;
mod resellers;
mod story;
mod usage;

use anyhow::Result;
use connect_emulator::Config;

use crate::Stage;
use calendar::Calendar;
use connect_world::scenario::Scenario;
use story::Story;

/// Every page of the emulator, with a story behind it; the world is gone when dropped.
pub struct Tour {
    /// The stage that the story has played on.
    pub stage: Stage,
    /// The pages, in the order of the navigation.
    pub places: Vec<Place>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Place {
    /// A word for it, good for a file name.
    pub name: &'static str,
    /// Its path and query.
    pub path: String,
    /// Who looks at it: `vendor` or `distributor`.
    pub role: &'static str,
    /// What is done once it is there; nothing of it changes the world, so it can be done again.
    pub deeds: Vec<Deed>,
}

/// Something that is done at a page.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// A click on what has this name.
    Click(&'static str),
    /// A script, for what a visitor cannot bring about.
    Script(&'static str),
    /// A look until the page says this. A click that leads to another page needs one: Chromium
    /// waits for ever for the picture of a page that is just being left.
    See(&'static str),
}

impl Place {
    /// The vendor's look at a page.
    fn at(name: &'static str, path: impl Into<String>) -> Self {
        Self { name, path: path.into(), role: "vendor", deeds: Vec::new() }
    }

    /// The distributor's.
    fn distributors(self) -> Self {
        Self { role: "distributor", ..self }
    }

    fn click(self, name: &'static str) -> Self {
        self.then(Deed::Click(name))
    }

    fn script(self, body: &'static str) -> Self {
        self.then(Deed::Script(body))
    }

    fn see(self, text: &'static str) -> Self {
        self.then(Deed::See(text))
    }

    fn then(mut self, deed: Deed) -> Self {
        self.deeds.push(deed);
        self
    }
}

impl Tour {
    /// Plays the story.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn start() -> Result<Self> {
        let calendar = Calendar::default();
        let scenario = Scenario::demo().with_resellers();
        let clock = calendar.clock();
        let config = Config { clock, scenario, seed: Some(1), ..Config::default() };
        let story = Story { stage: Stage::with(config).await?, calendar };
        let cast = story.play().await?;
        let stage = story.stage;
        let places = places::all(stage.emulator.product().as_str(), &cast);
        Ok(Self { stage, places })
    }
}
