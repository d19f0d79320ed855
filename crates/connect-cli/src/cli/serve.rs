//! The arguments of what runs on this machine.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use connect_world::Zones;

#[derive(Args)]
pub(crate) struct Demo {
    /// Keep everything running afterwards, until Ctrl-C
    #[arg(long)]
    pub(crate) stay: bool,
    /// Decides ids and the customer's name; the same number gives the same story
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}

#[derive(Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) bind: Bind,
    /// The emulator's port; 0 takes a free one
    #[arg(long, default_value_t = crate::settings::LOCAL_PORT)]
    pub(crate) port: u16,
    /// The demo vendor's port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = crate::settings::VENDOR_PORT)]
    pub(crate) vendor_port: u16,
    /// Keep the platform's data and the processor's journal in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Leave the requests to you
    #[arg(long)]
    pub(crate) no_processor: bool,
    /// Decides the ids of a new platform; without it each new one has others
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}

#[derive(Args)]
pub(crate) struct Emulator {
    #[command(flatten)]
    pub(crate) bind: Bind,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = crate::settings::LOCAL_PORT)]
    pub(crate) port: u16,
    /// Keep the platform's data in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Refuse filter names it does not know; the platform ignores them
    #[arg(long)]
    pub(crate) strict: bool,
    /// How long a draft stays that nobody writes to
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::cli::parse::time)]
    pub(crate) draft_life: Duration,
    /// After how many days requests come to the zones 2 to 7 of their service level
    #[arg(long, value_name = "DAYS", default_value = "1,2,3,4,5,6")]
    pub(crate) zones: Zones,
    /// Decides the ids of a new platform; without it each new one has others
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// The vendor's API, to be named in the ready file
    #[arg(long, value_name = "URL")]
    pub(crate) vendor_url: Option<String>,
}

#[derive(Args)]
pub(crate) struct Vendor {
    #[command(flatten)]
    pub(crate) bind: Bind,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = crate::settings::VENDOR_PORT)]
    pub(crate) port: u16,
}

// No doc comment: clap would take it for the help of the commands that have these arguments.
#[derive(Args)]
pub(crate) struct Bind {
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    pub(crate) bind: IpAddr,
    /// Write addresses and keys to this file once everything answers; it is gone at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
}

impl Bind {
    /// The address with a port.
    pub(crate) fn to(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.bind, port)
    }
}
