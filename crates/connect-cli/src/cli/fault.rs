//! The arguments of `cnct fault`.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use fault::{Location, On};

use super::parse::time;

#[derive(Subcommand)]
pub(crate) enum FaultCommand {
    /// Have one of them misbehave
    Set {
        /// Who
        place: Place,
        #[command(subcommand)]
        effect: SetEffect,
    },
    /// List the faults that have strikes left
    List {
        /// Whose [default: both]
        place: Option<Place>,
    },
    /// Take all faults away
    Clear {
        /// Whose [default: both]
        place: Option<Place>,
    },
}

/// Who takes faults.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// The emulator
    Platform,
    /// The demo vendor
    Vendor,
}

#[derive(Subcommand)]
pub(crate) enum SetEffect {
    /// Refuse for a reason of business; nothing is carried out
    Refuse {
        /// Why; the processor may pass it on to the customer
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The reason for machines, such as `payment_overdue`
        #[arg(long, default_value = "refused")]
        code: String,
        /// The HTTP status
        #[arg(long, default_value_t = 409, value_parser = clap::value_parser!(u16).range(400..600))]
        status: u16,
        #[command(flatten)]
        fault: SetFault,
    },
    /// Answer with a status instead; nothing is carried out
    Answer {
        #[command(flatten)]
        canned: SetAnswer,
        #[command(flatten)]
        fault: SetFault,
    },
    /// Carry the call out, then answer with a status instead
    AnswerAfter {
        #[command(flatten)]
        canned: SetAnswer,
        #[command(flatten)]
        fault: SetFault,
    },
    /// Hang up; nothing is carried out
    LoseCall {
        #[command(flatten)]
        fault: SetFault,
    },
    /// Carry the call out, then hang up
    LoseAnswer {
        #[command(flatten)]
        fault: SetFault,
    },
    /// Carry the call out later
    Delay {
        /// How much later, such as `2s` or `500ms`
        #[arg(value_name = "TIME", value_parser = time)]
        by: Duration,
        #[command(flatten)]
        fault: SetFault,
    },
}

#[derive(Args)]
pub(crate) struct SetAnswer {
    /// The HTTP status
    #[arg(value_parser = clap::value_parser!(u16).range(200..600))]
    pub(crate) status: u16,
    /// The body: JSON, or text for a page of HTML [default: an error in the server's own shape]
    #[arg(long, value_name = "TEXT")]
    pub(crate) body: Option<String>,
    /// After how many seconds to come back
    #[arg(long, value_name = "SECONDS")]
    pub(crate) retry_after: Option<u64>,
    /// Where a redirect leads
    #[arg(long, value_name = "URL")]
    pub(crate) location: Option<Location>,
}

/// Which calls, and how many.
#[derive(Args)]
pub(crate) struct SetFault {
    /// Only on an operation, such as `approve` or `enable`, or on METHOD /path, `*` for any text
    #[arg(long, value_name = "WHAT")]
    pub(crate) on: Option<On>,
    /// Only on calls about this object: a request, a tenant
    #[arg(long, value_name = "ID")]
    pub(crate) of: Option<String>,
    /// How many calls [default: all until cleared]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) times: Option<u32>,
    /// How many calls pass before
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) skip: u32,
}
