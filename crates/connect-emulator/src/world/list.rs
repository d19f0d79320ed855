//! Lists: filtered, sorted, paged, with their total.
//!
//! A list walks as few candidates as its filter allows. What processors ask for (product,
//! environment, type and status in any combination) is answered from the indexes alone: the total
//! is a sum of set sizes, and only the rows of the page are built.

use std::sync::Arc;

use connect_model::{AssetId, ConnectionId, ConnectionType, TierAccountId};

use super::fields::{
    self, ASSETS, AssetRow, CONVERSATIONS, ConversationRow, REQUESTS, RequestRow, TIER_ACCOUNTS,
};
use super::page::{Asked, Candidates, find};
use super::read::json;
use super::table::Place;
use super::view::{AssetParts, AssetView, ConversationView, RequestParts, RequestRef, RequestView};
use super::{Actor, Collection, Denied, Listed, Token, World};
use crate::query::{Compiled, Options};

/// Filters of `/requests` that its index answers.
const REQUEST_KEYS: [&str; 4] = ["asset.product.id", "asset.connection.type", "type", "status"];
/// Filters of `/assets` that its index answers.
const ASSET_KEYS: [&str; 3] = ["product.id", "connection.type", "status"];

impl World {
    /// One page of a collection, as the query string asks for it; only what the caller may see.
    ///
    /// # Errors
    ///
    /// `VAL_001` for queries the platform refuses, `NOT_FOUND` when the object that owns the
    /// collection is not there.
    pub fn list(
        &self,
        who: &Actor,
        collection: &Collection,
        raw_query: &str,
    ) -> Result<Listed, Denied> {
        let token = who.token()?;
        match collection {
            Collection::Requests => self.list_requests(token, raw_query),
            Collection::Assets => self.list_assets(token, raw_query),
            Collection::AssetRequests(asset) => self.list_history(who, asset, raw_query),
            Collection::Conversations => self.list_conversations(token, raw_query),
            Collection::TierAccounts => self.list_tier_accounts(token, raw_query),
            Collection::TierAccountVersions(id) => self.list_versions(token, id, raw_query),
            small => self.list_small(who, small, raw_query),
        }
    }

    fn list_requests(&self, token: &Token, raw_query: &str) -> Result<Listed, Denied> {
        let asked = Asked::of(&REQUESTS, &fields::REQUEST_SELECTS, raw_query, self.options())?;
        let candidates = self.request_candidates(token, &asked.compiled);
        let row = |place| self.request_row(place).filter(|row| self.sees(token, &row.about));
        let found = find(&asked, candidates, &REQUEST_KEYS, row);
        let parts = RequestParts::of(&asked.selection);
        let views = found.rows.iter().filter_map(|RequestRow { request, about }| {
            Some(RequestView::new(self, request, &about.asset, about.product()?, parts))
        });
        let views: Vec<_> = views.collect();
        Ok(Listed { body: json(&views)?, range: found.range })
    }

    fn request_candidates(&self, token: &Token, compiled: &Compiled<RequestRow>) -> Candidates<'_> {
        if let Some(ids) = compiled.exact("id") {
            return Candidates::few(ids.into_iter().filter_map(|id| self.requests.place(id)));
        }
        if let Some(assets) = compiled.exact("asset.id") {
            let assets = assets.into_iter().filter_map(|id| self.assets.place(id));
            let histories = assets.filter_map(|place| self.histories.get(place as usize));
            return Candidates::few(histories.flatten().copied());
        }
        let [product, environment, kind, status] = REQUEST_KEYS.map(|key| compiled.exact(key));
        Candidates::Sets(self.request_index.select(|key| {
            pinned(&product, key.product.as_str())
                && pinned(&kind, key.kind.as_str())
                && pinned(&status, key.status.as_str())
                && pinned(&environment, self.environment(&key.connection))
                && self.shared.may_see(token, key.product.as_str(), &key.connection)
        }))
    }

    fn request_row(&self, place: Place) -> Option<RequestRow> {
        let request = self.requests.at(place)?;
        let asset = self.assets.get(request.asset.as_str())?;
        let about = AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&self.shared) };
        Some(RequestRow { request: Arc::clone(request), about })
    }

    fn list_assets(&self, token: &Token, raw_query: &str) -> Result<Listed, Denied> {
        let asked = Asked::of(&ASSETS, &fields::ASSET_SELECTS, raw_query, self.options())?;
        let candidates = self.asset_candidates(token, &asked.compiled);
        let row = |place| self.asset_row(place).filter(|row| self.sees(token, row));
        let found = find(&asked, candidates, &ASSET_KEYS, row);
        let parts = AssetParts::of(&asked.selection);
        let views = found
            .rows
            .iter()
            .filter_map(|row| Some(AssetView::live(self, &row.asset, row.product()?, parts)));
        let views: Vec<_> = views.collect();
        Ok(Listed { body: json(&views)?, range: found.range })
    }

    fn asset_candidates(&self, token: &Token, compiled: &Compiled<AssetRow>) -> Candidates<'_> {
        if let Some(ids) = compiled.exact("id") {
            return Candidates::few(ids.into_iter().filter_map(|id| self.assets.place(id)));
        }
        if let Some(uids) = compiled.exact("external_uid") {
            let known = uids.into_iter().filter_map(|uid| self.by_uid.get(uid));
            return Candidates::few(known.flatten().copied());
        }
        let [product, environment, status] = ASSET_KEYS.map(|key| compiled.exact(key));
        Candidates::Sets(self.asset_index.select(|key| {
            pinned(&product, key.product.as_str())
                && pinned(&status, key.status.as_str())
                && pinned(&environment, self.environment(&key.connection))
                && self.shared.may_see(token, key.product.as_str(), &key.connection)
        }))
    }

    fn asset_row(&self, place: Place) -> Option<AssetRow> {
        let asset = Arc::clone(self.assets.at(place)?);
        Some(AssetRow { asset, shared: Arc::clone(&self.shared) })
    }

    pub(super) fn options(&self) -> Options {
        Options { strict: self.setting.strict }
    }

    fn sees(&self, token: &Token, row: &AssetRow) -> bool {
        self.shared.may_see_asset(token, &row.asset)
    }

    fn environment(&self, connection: &ConnectionId) -> &str {
        let found = self.shared.ground.connection(connection.as_str());
        found.map_or(ConnectionType::Preview.as_str(), |record| record.link.kind.as_str())
    }

    fn list_history(
        &self,
        who: &Actor,
        asset: &AssetId,
        raw_query: &str,
    ) -> Result<Listed, Denied> {
        self.visible_asset(who, asset.as_str())?;
        let asked = Asked::of(&REQUESTS, &fields::NO_SELECTS, raw_query, self.options())?;
        let place = self.assets.place(asset.as_str());
        let history = place.and_then(|place| self.histories.get(place as usize));
        let candidates = Candidates::few(history.into_iter().flatten().copied());
        let found = find(&asked, candidates, &[], |place| self.request_row(place));
        let views: Vec<_> =
            found.rows.iter().map(|row| RequestRef::new(self, &row.request)).collect();
        Ok(Listed { body: json(&views)?, range: found.range })
    }

    fn list_tier_accounts(&self, token: &Token, raw_query: &str) -> Result<Listed, Denied> {
        let asked = Asked::of(&TIER_ACCOUNTS, &fields::NO_SELECTS, raw_query, self.options())?;
        let accounts = &self.shared.tier_accounts;
        let candidates = match asked.compiled.exact("id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| accounts.place(id))),
            None => Candidates::Below(accounts.len() as Place),
        };
        let found = find(&asked, candidates, &[], |place| {
            let account = accounts.at(place)?;
            let seen = self.shared.may_see_account(token, account);
            account.latest().filter(|_| seen).cloned()
        });
        let views: Vec<_> = found
            .rows
            .iter()
            .filter_map(|account| Some(accounts.get(account.id.as_str())?.show(account)))
            .collect();
        Ok(Listed { body: json(&views)?, range: found.range })
    }

    fn list_versions(
        &self,
        token: &Token,
        id: &TierAccountId,
        raw_query: &str,
    ) -> Result<Listed, Denied> {
        let record = self.shared.visible_account(token, id)?;
        let versions = &record.versions;
        let asked = Asked::of(&TIER_ACCOUNTS, &fields::NO_SELECTS, raw_query, self.options())?;
        let candidates = Candidates::Below(versions.len() as Place);
        let found =
            find(&asked, candidates, &[], |place| versions.get(place as usize).map(Arc::clone));
        let views: Vec<_> = found.rows.iter().map(|version| record.show(version)).collect();
        Ok(Listed { body: json(&views)?, range: found.range })
    }

    fn list_conversations(&self, token: &Token, raw_query: &str) -> Result<Listed, Denied> {
        let asked = Asked::of(&CONVERSATIONS, &fields::NO_SELECTS, raw_query, self.options())?;
        let candidates = match asked.compiled.exact("instance_id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| {
                let request = self.requests.get(id)?;
                self.conversations.place(request.conversation.as_str())
            })),
            None => Candidates::Below(self.conversations.len() as Place),
        };
        let found = find(&asked, candidates, &[], |place| {
            let conversation = self.conversations.at(place)?;
            let request = self.requests.get(conversation.request.as_str())?;
            let asset = self.assets.get(request.asset.as_str())?;
            let seen = self.shared.may_see_asset(token, asset);
            seen.then(|| ConversationRow(Arc::clone(conversation)))
        });
        let views: Vec<_> =
            found.rows.iter().map(|row| ConversationView::new(self, &row.0)).collect();
        Ok(Listed { body: json(&views)?, range: found.range })
    }
}

/// Whether a query that may pin a field to some texts lets this one through.
fn pinned(texts: &Option<Vec<&str>>, text: &str) -> bool {
    texts.as_ref().is_none_or(|texts| texts.contains(&text))
}
