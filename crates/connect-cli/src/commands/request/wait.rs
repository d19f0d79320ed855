//! Waits for a decision.

use std::time::Duration;

use connect_client::Client;
use connect_model::{Request, RequestStatus};
use tokio::time::{Instant, sleep};

use crate::exit::Error;

/// The pause between questions to the platform.
const PACE: Duration = Duration::from_millis(200);

/// The request once it is final, or accepted for a later day; as it is then, when that takes longer
/// than the patience.
pub(super) async fn until_final<R: Request>(
    id: &str,
    patience: Duration,
    client: &Client,
) -> Result<R, Error> {
    let begun = Instant::now();
    loop {
        let request: R = client.get(id).await?;
        let status = request.status();
        let is_decided = status.is_final() || *status == RequestStatus::Scheduled;
        if is_decided || begun.elapsed() >= patience {
            return Ok(request);
        }
        sleep(PACE).await;
    }
}
