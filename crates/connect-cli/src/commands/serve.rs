//! The common part of commands that run until they are told to stop.

use connect_playground::{Ready, ReadyFile};

use crate::cli::Bind;
use crate::exit::Error;
use crate::printer::Printer;
use crate::signal::Signals;

/// Warns when other machines can reach what is started.
pub(super) fn warn_of_strangers(bind: &Bind, printer: &Printer) {
    if !bind.bind.is_loopback() {
        printer.warn(format_args!(
            "{} can be reached from other machines; the demo keys are no secret, and whoever \
             reaches it can do anything",
            bind.bind
        ));
    }
}

/// Says that a server answers, waits to be told to stop, and stops it.
pub(super) async fn until_told(
    ready: &Ready,
    file: &ReadyFile,
    signals: &mut Signals,
    printer: &Printer,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    file.write(ready)?;
    printer.show(ready)?;
    printer.say("\nCtrl-C stops");
    signals.told_to_stop().await;
    printer.say("stopping");
    let stopping = async {
        stop.await;
        Ok(())
    };
    signals.unless_told(stopping).await
}
