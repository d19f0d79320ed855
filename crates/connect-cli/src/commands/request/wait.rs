//! Waits for a decision.

use std::time::Duration;

use connect_client::Client;
use connect_model::{AssetRequest, RequestId};
use tokio::time::{Instant, sleep};

use crate::exit::Error;

/// The pause between questions to the platform.
const PACE: Duration = Duration::from_millis(200);

/// The request once it is final; as it is then, when that takes longer than the patience.
pub(super) async fn until_final(
    id: &RequestId,
    patience: Duration,
    client: &Client,
) -> Result<AssetRequest, Error> {
    let begun = Instant::now();
    loop {
        let request: AssetRequest = client.get(id.as_str()).await?;
        if request.status.is_final() || begun.elapsed() >= patience {
            return Ok(request);
        }
        sleep(PACE).await;
    }
}
