//! `cnct vendor`: the API that the Acme processor calls.

use connect_playground::{Ready, ReadyFile};

use super::serve;
use crate::cli::Vendor;
use crate::exit::Error;
use crate::printer::Printer;
use crate::signal::Signals;

/// Runs the demo vendor until told to stop.
pub(super) async fn run(vendor: Vendor, printer: &Printer) -> Result<(), Error> {
    serve::warn_of_strangers(&vendor.bind, printer);
    let file = ReadyFile::new(vendor.bind.ready_file.clone())?;
    let mut signals = Signals::listen()?;
    let running = connect_playground::demo_vendor(vendor.bind.to(vendor.port)).await?;
    let ready = Ready { vendor: Some(running.url()), ..Ready::default() };
    serve::until_told(&ready, &file, &mut signals, printer, running.stop()).await
}
