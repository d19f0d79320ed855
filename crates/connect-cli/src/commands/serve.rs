//! What commands that run until they are told to stop have in common.

use crate::cli::Bind;
use crate::printer::Printer;

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
