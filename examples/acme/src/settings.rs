//! The settings that Acme adds to those of every program.

use std::time::Duration;

use clap::Args;
use connect_runner::SettingsError;

use crate::Acme;
use crate::api::CONSOLE;

/// Acme's own settings.
#[derive(Args)]
pub struct AcmeSettings {
    /// Acme's API
    #[arg(long, env = "ACME_URL", value_name = "URL")]
    vendor_url: String,

    /// Reports the usage of each month on this day of the next, 1 to 28; none is reported without it
    #[arg(long, env = "ACME_USAGE_DAY", value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=28))]
    usage_day: Option<u8>,
    /// Acme's console, where users of Connect see their tenants
    #[arg(long, env = "ACME_CONSOLE_URL", value_name = "URL", default_value = CONSOLE)]
    console_url: String,
    /// Reject purchases that are undecided for so many hours, unless Acme has begun; never unless set
    #[arg(long, env = "ACME_REJECT_AFTER", value_name = "HOURS")]
    reject_after: Option<u32>,
}

/// A client of Acme's API, as the settings say.
///
/// # Errors
///
/// When the address of Acme's API is none.
pub fn connect(settings: &AcmeSettings) -> Result<Acme, SettingsError> {
    let acme = Acme::new(&settings.vendor_url);
    let acme = acme.map_err(|error| SettingsError::of("vendor-url", error))?;
    let acme = settings.usage_day.into_iter().fold(acme, Acme::report_usage_on);
    let hours = |hours| Duration::from_secs(u64::from(hours) * 3600);
    let acme = acme.reject_purchases_after(settings.reject_after.map(hours));
    Ok(acme.console(&settings.console_url))
}
