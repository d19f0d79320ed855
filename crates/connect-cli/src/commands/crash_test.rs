//! `cnct crashtest`: the certificate of the example's processor.

use std::io::{self, Write};

use connect_playground::{Certificate, crash_test, crash_test_names};

use crate::cli::CrashTest;
use crate::exit::Error;
use crate::printer::{Printer, View};
use crate::signal::Signals;

/// Tells all stories, prints the certificate, and fails when a promise was broken.
pub(super) async fn run(test: CrashTest, printer: &Printer) -> Result<(), Error> {
    let known = crash_test_names();
    if let Some(unknown) = test.requests.iter().find(|name| !known.contains(name)) {
        let message = format!("no request `{unknown}` in the crash test: {}", known.join(", "));
        return Err(Error::usage(message, "name some of these, or none for all"));
    }
    let mut signals = Signals::listen()?;
    let exploring = async { Ok(crash_test(&test.requests).await?) };
    let certificate = signals.unless_told(exploring).await?;
    printer.show(&certificate)?;
    match certificate.findings.len() {
        0 => Ok(()),
        findings => Err(Error::Broken { findings }),
    }
}

impl View for Certificate {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{self}")
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        self.findings.iter().try_for_each(|finding| writeln!(out, "{finding}"))
    }
}
