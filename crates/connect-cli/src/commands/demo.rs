//! `cnct demo`: platform, vendor and processor in one process, and a story played on them.

mod chapter;
mod evidence;
mod stage;
mod story;
mod timeline;

use std::net::Ipv4Addr;
use std::time::Duration;

use connect_emulator::Config;

use crate::cli::Demo;
use crate::exit::Error;
use crate::local::{Local, Plan};
use crate::printer::{Printer, View};
use crate::signal::Signals;

use stage::Stage;
use story::Story;

/// The time between the processor's looks for pending requests.
const POLL: Duration = Duration::from_millis(50);

/// Plays the story, tells it as it happens, and fails when anything differs from what is told.
pub(super) async fn run(demo: Demo, printer: &Printer) -> Result<(), Error> {
    let seed = demo.seed.unwrap_or_else(|| fastrand::u64(..));
    let mut signals = Signals::listen()?;
    let local = signals.unless_told(Local::start(plan(seed))).await?;
    printer.tell(|out| timeline::opening(out, &local.ready()))?;
    let played = signals.unless_told(play(&local, seed, printer)).await;
    if played.is_ok() && demo.stay {
        printer.tell(|out| timeline::staying(out, &local.ready()))?;
        signals.told_to_stop().await;
    }
    // A processor that broke explains a story that stood still.
    local.stop().await?;
    played
}

fn plan(seed: u64) -> Plan {
    Plan {
        platform: Config { seed: Some(seed), ..Config::default() },
        vendor: (Ipv4Addr::LOCALHOST, 0).into(),
        poll: Some(POLL),
    }
}

async fn play(local: &Local, seed: u64, printer: &Printer) -> Result<(), Error> {
    let (stage, mut random) = (Stage::new(local), fastrand::Rng::with_seed(seed));
    let story = Story::play(&stage, &mut random, |chapter| {
        printer.tell(|out| timeline::chapter(out, chapter))
    });
    printer.show(&story.await?)
}

impl View for Story {
    fn human(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        timeline::closing(out, self)
    }
}
