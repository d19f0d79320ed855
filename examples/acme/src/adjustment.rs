//! Acme's own correction of a subscription's parameters.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::Acme;

/// Approves: whoever wrote the correction at Acme has already seen to Acme's side.
pub(crate) async fn adjustment(_: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    Ok(Outcome::approve())
}
