//! The settings that Acme adds to those of every program.

use clap::Args;
use connect_runner::SettingsError;

use crate::Acme;

/// Acme's own settings.
#[derive(Args)]
pub struct AcmeSettings {
    /// Acme's API
    #[arg(long, env = "ACME_URL", value_name = "URL")]
    vendor_url: String,

    /// Reports the usage of each month on this day of the next, 1 to 28; none is reported without it
    #[arg(long, env = "ACME_USAGE_DAY", value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=28))]
    usage_day: Option<u8>,
}

/// A client of Acme's API, as the settings say.
///
/// # Errors
///
/// When the address of Acme's API is none.
pub fn connect(settings: &AcmeSettings) -> Result<Acme, SettingsError> {
    let acme = Acme::new(&settings.vendor_url);
    let acme = acme.map_err(|error| SettingsError::of("vendor-url", error))?;
    Ok(settings.usage_day.into_iter().fold(acme, Acme::report_usage_on))
}
