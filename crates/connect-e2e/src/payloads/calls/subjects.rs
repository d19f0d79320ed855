//! What calls are about.

use connect_model::{AssetId, ProductId, RequestId};
use serde_json::Value;

/// What there is on a platform that calls can name.
pub(super) struct Subjects {
    pub(super) product: ProductId,
    /// A subscription that has a tenant.
    pub(super) asset: AssetId,
    /// A purchase that waits for its tenant.
    pub(super) waiting: RequestId,
    /// A request that the program has not heard of.
    pub(super) unseen: RequestId,
    /// A purchase as Connect has it validated.
    pub(super) draft: Value,
}
