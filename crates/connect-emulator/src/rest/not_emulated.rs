//! The parts of Connect that the emulator does not have: refused with 501, never guessed.

use http::{Method, Uri};

use super::PREFIX;
use crate::answer::{self, Rejection};
use ::fault::glob;
use connect_world::Denial;

/// Paths of OpenAPI 37.0 below which nothing is emulated, and those that the official command line
/// tool calls beside it; routes that exist come first. `*` is any text, and a path counts as being
/// below itself.
const KNOWN: &[&str] = &[
    "/accounts/*/groups/*",
    "/accounts/*/media/*",
    "/accounts/*/statistics/*",
    "/accounts/*/users/*",
    "/acl/*",
    "/agreements/*",
    "/assets/*/usage/*",
    "/auth/*",
    "/billing/*",
    "/brand/*",
    "/brands/*",
    "/catalog/*",
    "/categories/*",
    "/contracts/*/data/*",
    "/contracts/*/enroll/*",
    "/contracts/*/refine/*",
    "/contracts/*/reject/*",
    "/contracts/*/sign/*",
    "/contracts/*/terminate/*",
    "/contracts/*/versions/*",
    "/conversations/*/messages/*",
    "/countries/*",
    "/custom/*",
    "/devops/*",
    "/dictionary/*",
    "/domains/*",
    "/embed/*",
    "/extensions/*",
    "/folders/*",
    "/forms/*",
    "/helpdesk/*",
    "/hubs/*/connections/*",
    "/hubs/*/marketplaces/*",
    "/idps/*",
    "/industries/*",
    "/leads/*",
    "/listing-requests/*",
    "/localization/*",
    "/marketplaces/*/icon/*",
    "/media/*",
    "/metrics/*",
    "/modules/*",
    "/news/*",
    "/notifications/*",
    "/offers-ns/*",
    "/offers/*",
    "/partners/*",
    "/pim/*",
    "/portal/*",
    "/pricing/*",
    "/products/*/actions/*",
    "/products/*/endsale/*",
    "/products/*/guidelines/*",
    "/products/*/item-groups/*",
    "/products/*/items/*/endsale/*",
    "/products/*/items/*/resumesale/*",
    "/products/*/items/*/taxonomies/*",
    "/products/*/localizations/*",
    "/products/*/media/*",
    "/products/*/messages/*",
    "/products/*/resumesale/*",
    "/products/*/taxonomies/*",
    "/products/*/templates/*/preview/*",
    "/products/*/usage/*",
    "/products/*/versions/*",
    "/reporting/*",
    "/settings/*",
    "/sla/*",
    "/sli/*",
    "/statistics/*",
    "/usage/*",
    "/users/*",
];

/// Answers a method that Connect takes at an emulated path and the emulator does not.
pub(super) async fn not_emulated(method: Method, uri: Uri) -> Rejection {
    let path = uri.path().strip_prefix(PREFIX).unwrap_or_default();
    Denial::not_emulated(&format!("{method} {}", path.trim_end_matches('/'))).into()
}

/// Answers what no route took.
pub(super) async fn or_not_found(uri: Uri) -> Rejection {
    match uri.path().strip_prefix(PREFIX) {
        Some(path) if is_known(path) => Denial::not_emulated(path.trim_end_matches('/')).into(),
        _ => answer::no_such_path(uri.path()),
    }
}

fn is_known(path: &str) -> bool {
    let path = format!("{}/", path.trim_end_matches('/'));
    KNOWN.iter().any(|pattern| glob(pattern, &path))
}
