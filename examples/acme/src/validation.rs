//! What Acme looks at before a subscription is ordered.

use connect_model::AssetRequest;
use connect_processor::{Draft, Failure, Findings};

/// The ordering parameter with the address of a tenant's administrator.
pub(crate) const ADMIN_EMAIL: &str = "admin_email";

/// The domain of Acme's own people, who administrate no customer's tenant.
const OWN_DOMAIN: &str = "acme.example";

/// Refuses an administrator at Acme's own domain, and writes other domains as Acme does: in small
/// letters.
pub(crate) async fn purchase(draft: Draft<AssetRequest, crate::Acme>) -> Result<Findings, Failure> {
    let findings = Findings::default();
    let Some((person, domain)) = draft.parameter(ADMIN_EMAIL).and_then(|it| it.rsplit_once('@'))
    else {
        return Ok(findings);
    };
    let small = domain.to_ascii_lowercase();
    if small == OWN_DOMAIN {
        let words = format!("{OWN_DOMAIN} is taken: give an address of your own.");
        return Ok(findings.error(ADMIN_EMAIL, words));
    }
    Ok(findings.value(ADMIN_EMAIL, format!("{person}@{small}")))
}
