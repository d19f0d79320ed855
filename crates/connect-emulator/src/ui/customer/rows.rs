//! The rows of tables about accounts, and what is said of one everywhere.

use connect_model::{ConnectionType, TierAccount, TierAccountRequest, created_at};
use serde_json::Value;

use crate::ui::mark::{Mark, title};
use crate::ui::shell::Shell;
use crate::ui::when::When;

/// An account in a list.
pub(super) struct AccountRow {
    pub(super) id: String,
    pub(super) name: String,
    /// The account's id in the hub.
    pub(super) external_id: Option<String>,
    pub(super) kind: String,
    pub(super) environment: Option<String>,
    pub(super) email: String,
    pub(super) parent: String,
    pub(super) created: Option<When>,
}

impl AccountRow {
    pub(super) fn new(account: &TierAccount, shell: &Shell) -> Self {
        let info = account.contact_info.as_ref();
        let email = info.and_then(|info| info.contact.as_ref()?.email.clone());
        let parent = account.parent.as_ref().and_then(|parent| parent.name.clone());
        Self {
            id: account.id.to_string(),
            name: account.name_or_id().to_owned(),
            external_id: account.external_id.clone().filter(|id| !id.is_empty()),
            kind: kind(account),
            environment: environment(account),
            email: email.unwrap_or_default(),
            parent: parent.unwrap_or_default(),
            created: shell.when(created_at(&account.events)),
        }
    }
}

/// A request in a list.
pub(super) struct AccountRequestRow {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) account_id: String,
    pub(super) version: u32,
    pub(super) environment: Option<String>,
    pub(super) product: String,
    pub(super) created: Option<When>,
    pub(super) mark: Mark,
    pub(super) reason: String,
}

impl AccountRequestRow {
    pub(super) fn new(request: &TierAccountRequest, shell: &Shell) -> Self {
        Self {
            id: request.id.to_string(),
            account: request.account.name_or_id().to_owned(),
            account_id: request.account.id.to_string(),
            version: request.account.version.unwrap_or(1),
            environment: environment(&request.account),
            product: product(request).to_owned(),
            created: shell.when(created_at(&request.events)),
            mark: Mark::from(&request.status),
            reason: request.reason.clone().unwrap_or_default(),
        }
    }
}

/// Returns whether it buys or sells on, for people.
pub(super) fn kind(account: &TierAccount) -> String {
    account.kind.as_ref().map(|kind| title(kind.as_str())).unwrap_or_default()
}

/// Returns the product's name, as a request says it.
pub(in crate::ui) fn product(request: &TierAccountRequest) -> &str {
    request.product.as_ref().and_then(|it| it.name.as_deref()).unwrap_or_default()
}

fn sold_in(account: &TierAccount) -> Option<&str> {
    account.rest.get("environment").and_then(Value::as_str)
}

/// Returns the tag of an account of what is not sold for real.
pub(in crate::ui) fn environment(account: &TierAccount) -> Option<String> {
    let word = sold_in(account).filter(|word| *word != ConnectionType::Production.as_str());
    word.map(title)
}

/// Whether it is an account of previews: the vendor plays the distributor, too.
pub(in crate::ui) fn is_preview(account: &TierAccount) -> bool {
    sold_in(account) == Some(ConnectionType::Preview.as_str())
}
