//! `cnct emulator`: a local Connect.

use connect_emulator::Config;
use connect_playground::{Ready, ReadyFile, platform};

use super::serve;
use crate::cli::Emulator;
use crate::exit::Error;
use crate::printer::Printer;
use crate::signal::Signals;

/// Runs the emulator until told to stop.
pub(super) async fn run(emulator: Emulator, printer: &Printer) -> Result<(), Error> {
    serve::warn_of_strangers(&emulator.bind, printer);
    let file = ReadyFile::new(emulator.bind.ready_file.clone())?;
    let mut signals = Signals::listen()?;
    let config = Config {
        listen: emulator.bind.to(emulator.port),
        data: emulator.data,
        seed: emulator.seed,
        strict: emulator.strict,
        draft_life: emulator.draft_life,
        zones: emulator.zones,
        ..platform()
    };
    let starting = async { Ok(connect_emulator::start(config).await?) };
    let running = signals.unless_told(starting).await?;
    let ready = Ready { vendor: emulator.vendor_url, ..Ready::of(&running) };
    serve::until_told(&ready, &file, &mut signals, printer, running.stop()).await
}
