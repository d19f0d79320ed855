//! `cnct up`: the whole world on this machine.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use connect_emulator::Config;
use connect_playground::{Plan, Playground, Ready, ReadyFile, platform};

use super::serve;
use crate::cli::Up;
use crate::exit::Error;
use crate::printer::Printer;
use crate::settings::LOCAL_PORT;
use crate::signal::Signals;

/// The time between the processor's looks for pending requests.
const POLL: Duration = Duration::from_secs(1);

/// Runs platform, vendor and processor until told to stop.
pub(super) async fn run(up: Up, printer: &Printer) -> Result<(), Error> {
    serve::warn_of_strangers(&up.bind, printer);
    let file = ReadyFile::new(up.bind.ready_file.clone())?;
    let mut signals = Signals::listen()?;
    let starting = async { Ok(Playground::start(plan(&up)).await?) };
    let mut playground = signals.unless_told(starting).await?;
    let ready = playground.ready();
    file.write(&ready)?;
    printer.show(&ready)?;
    hint(&ready, &up, printer);
    tokio::select! {
        () = signals.told_to_stop() => {}
        error = playground.broken() => return Err(error.into()),
    }
    printer.say("stopping");
    signals.unless_told(async { Ok(playground.stop().await?) }).await
}

fn plan(up: &Up) -> Plan {
    Plan {
        platform: Config {
            listen: up.bind.to(up.port),
            data: up.data.clone(),
            seed: up.seed,
            ..platform()
        },
        vendor: up.bind.to(up.vendor_port),
        poll: (!up.no_processor).then_some(POLL),
    }
}

/// Whether what listens there is reached at the address where a platform is looked for.
fn answers_here(listen: IpAddr) -> bool {
    listen == Ipv4Addr::LOCALHOST || listen == Ipv4Addr::UNSPECIFIED
}

/// Says what to type in another terminal.
fn hint(ready: &Ready, up: &Up, printer: &Printer) {
    let product = ready.product.as_deref().unwrap_or_default();
    let endpoint = ready.platform.as_deref().unwrap_or_default();
    printer.say("\nin another terminal:");
    if let Some(file) = &up.bind.ready_file {
        // It names vendor and journal, too, which faults and runs need.
        let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        printer.say(format_args!("  export CONNECT_READY={}", file.display()));
    } else if up.port != LOCAL_PORT || !answers_here(up.bind.bind) {
        printer.say(format_args!("  export CONNECT_ENDPOINT={endpoint}"));
    }
    printer.say(format_args!(
        "  cnct request create purchase --product {product} --item MPN-A=5\n  \
         cnct request list\n\nCtrl-C stops"
    ));
}
