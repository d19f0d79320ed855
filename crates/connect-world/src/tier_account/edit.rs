//! Edits of tier accounts: each that changes something is a new version.

use std::sync::Arc;

use connect_model::{AccountId, At, TierAccount, TierAccountId};
use serde_json::{Value, json};

use crate::body;
use crate::denial::Denial;
use crate::state::State;
use crate::tier_account::form::{self, account_kind, say_nothing_in_words};
use crate::tier_account::record::{TierAccountRecord, externals};
use crate::unwritten::{must_be_emulated, must_stay_except, says_nothing};

/// Fields that an update writes.
const WRITTEN: &[&str] = &["name", "external_id", "external_uid", "tax_id", "contact_info"];

/// Fields that the platform works out by itself.
const TOLD: &[&str] = &["version", "scopes", "events"];

/// The end of an edit.
pub(crate) enum Edit {
    /// The account has a new version.
    Of(TierAccountId),
    /// The account says what it said before; a version was made where that is no refusal.
    None,
}

/// Writes the data of a body to an account, as a new version; `path` leads the names of fields in
/// refusals. What changes nothing makes a version only where it `may_repeat`.
pub(crate) fn edit(
    state: &mut State,
    found: &TierAccountRecord,
    body: &Value,
    path: &str,
    may_repeat: bool,
) -> Result<Edit, Denial> {
    let latest = found.latest().ok_or_else(Denial::not_found)?;
    must_be_writable(&json!(found.show(latest).whole()), body)?;
    let mut account = edited(latest, body, path)?;
    must_be_unnamed(state, &found.owner, Some(&found.id()), &account)?;
    account.contact_info.iter_mut().for_each(say_nothing_in_words);
    let is_same = account == **latest;
    if is_same && !may_repeat {
        return Ok(Edit::None);
    }
    account.version = Some(found.reference().version + 1);
    account.events.insert("updated".into(), now(state));
    let mut record = found.clone();
    record.versions.push(Arc::new(account));
    state.put(record);
    Ok(if is_same { Edit::None } else { Edit::Of(found.id()) })
}

/// Refuses what an update would lose: what the platform can change of an account and this one
/// cannot yet, and what is fixed. Nothing in place of a parent takes it away.
fn must_be_writable(shown: &Value, body: &Value) -> Result<(), Denial> {
    const PLACE: &[&str] = &["parent", "type", "hub", "environment", "access"];
    if body.get("type").is_some() {
        account_kind(body)?;
    }
    if body.get("parent").is_some_and(says_nothing) && !says_nothing(body::at(shown, "parent")) {
        return Err(Denial::not_emulated("a tier account that leaves its parent"));
    }
    must_be_emulated(PLACE, "a tier account", shown, body)?;
    must_stay_except(&[WRITTEN, TOLD].concat(), shown, body)
}

/// Returns an account after an edit: what the body leaves out stays.
fn edited(account: &TierAccount, body: &Value, path: &str) -> Result<TierAccount, Denial> {
    let mut edited = json!(account);
    for name in WRITTEN {
        if let Some(value) = body.get(name) {
            edited[*name] = value.clone();
        }
    }
    form::check(&edited, path)?;
    body::read(&edited, "account")
}

/// Refuses an external id that another account of the owner has: it would no longer tell which
/// one a hub means.
pub(crate) fn must_be_unnamed(
    state: &State,
    owner: &AccountId,
    id: Option<&TierAccountId>,
    account: &TierAccount,
) -> Result<(), Denial> {
    for external in externals(account) {
        let holder = state.shared.by_external.get(&(owner.clone(), external.clone()));
        if holder.is_some_and(|holder| Some(holder) != id) {
            let field = external.field();
            let text = format!("{field}: Account with same {field} already exists.");
            return Err(Denial::invalid(text));
        }
    }
    Ok(())
}

pub(crate) fn now(state: &State) -> At {
    At { at: Some(state.now), ..At::default() }
}
