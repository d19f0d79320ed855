//! Reads an object back: what is the case now, whatever a call was answered.

use connect_client::Client;
use connect_model::Resource;

use crate::failure::Failure;
use crate::lease::Lease;

/// Returns an object as it is now. An answer about another one says nothing.
pub(crate) async fn read_back<R: Resource>(
    client: &Client,
    lease: &Lease,
    id: &str,
) -> Result<R, Failure> {
    let shown: R = lease.guard(client.get(id)).await??;
    if shown.id() == id {
        return Ok(shown);
    }
    Err(Failure::retry(format!("asked for {id}, Connect answered with {}", shown.id())))
}
