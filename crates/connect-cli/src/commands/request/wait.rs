//! Waits for a decision.

use std::time::Duration;

use connect_client::Client;
use connect_model::Request;
use tokio::time::{Instant, sleep};

use crate::exit::Error;

/// The pause between questions to the platform.
const PACE: Duration = Duration::from_millis(200);

/// The request once it is final; as it is then, when that takes longer than the patience.
pub(super) async fn until_final<R: Request>(
    id: &str,
    patience: Duration,
    client: &Client,
) -> Result<R, Error> {
    let begun = Instant::now();
    loop {
        let request: R = client.get(id).await?;
        if request.status().is_final() || begun.elapsed() >= patience {
            return Ok(request);
        }
        sleep(PACE).await;
    }
}
