//! `cnct demo`: platform, vendor and processor in one process, and a story played on them.

mod timeline;

use connect_playground::{Plan, Playground, Story};

use crate::cli::Demo;
use crate::exit::Error;
use crate::printer::{Printer, View};
use crate::signal::Signals;

/// Plays the story, tells it as it happens, and fails when anything differs from what is told.
pub(super) async fn run(demo: Demo, printer: &Printer) -> Result<(), Error> {
    let seed = demo.seed.unwrap_or_else(|| fastrand::u64(..));
    let mut signals = Signals::listen()?;
    let starting = async { Ok(Playground::start(Plan::quick(seed)).await?) };
    let playground = signals.unless_told(starting).await?;
    printer.tell(|out| timeline::opening(out, &playground.ready()))?;
    let played = signals.unless_told(Box::pin(play(&playground, seed, printer))).await;
    if played.is_ok() && demo.stay {
        printer.tell(|out| timeline::staying(out, &playground.ready()))?;
        signals.told_to_stop().await;
    }
    // A processor that broke explains a story that stood still.
    playground.stop().await?;
    played
}

async fn play(playground: &Playground, seed: u64, printer: &Printer) -> Result<(), Error> {
    let story = Story::play(playground, seed, |chapter| {
        printer.tell(|out| timeline::chapter(out, chapter))
    });
    printer.show(&story.await?)
}

impl View for Story {
    fn human(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        timeline::closing(out, self)
    }
}
