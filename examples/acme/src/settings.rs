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
}

/// A client of Acme's API, as the settings say.
///
/// # Errors
///
/// When the address of Acme's API is none.
pub fn connect(settings: &AcmeSettings) -> Result<Acme, SettingsError> {
    Acme::new(&settings.vendor_url).map_err(|error| SettingsError::of("vendor-url", error))
}
