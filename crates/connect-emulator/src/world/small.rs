//! Collections that are small: shown whole as JSON, then filtered.

use connect_model::ProductId;
use serde::Serialize;
use serde_json::Value;

use super::index::Direction;
use super::page::{Asked, paged};
use super::product::ProductRecord;
use super::read::json;
use super::view::{ConnectionView, ContractView, ListingView, MessageView, ProductView};
use super::{Actor, Collection, Denied, Listed, Side, Token, World, body, fields};

impl World {
    pub(super) fn list_small(
        &self,
        who: &Actor,
        collection: &Collection,
        raw_query: &str,
    ) -> Result<Listed, Denied> {
        let schema = fields::schema_of(collection);
        let asked = Asked::of(schema, &fields::NO_SELECTS, raw_query, self.options())?;
        let mut rows = self.small_rows(who, collection)?;
        newest_first(&mut rows);
        if asked.is_unordered && *collection == Collection::Accounts {
            own_first(&mut rows, who.token()?);
        }
        if asked.direction == Some(Direction::OldestFirst) {
            rows.reverse();
        }
        let matching = rows.into_iter().filter(|row| asked.compiled.matches(row));
        let found = paged(&asked, matching);
        Ok(Listed { body: json(&found.rows)?, range: found.range })
    }

    /// All objects of a small collection that the caller may see, in the order of their creation.
    pub(super) fn small_rows(
        &self,
        who: &Actor,
        collection: &Collection,
    ) -> Result<Vec<Value>, Denied> {
        let (token, ground) = (who.token()?, &self.shared.ground);
        let account = &token.account;
        Ok(match collection {
            Collection::Products => shown(self.visible_products(token).map(ProductView::new)),
            Collection::Items(id) => shown(self.shared.visible_product(who, id)?.shown_items()),
            Collection::Parameters(id) => {
                shown(self.shared.visible_product(who, id)?.shown_parameters())
            }
            Collection::Templates(id) => {
                shown(self.shared.visible_product(who, id)?.templates.iter())
            }
            Collection::Connections(id) => self.connections(who, id)?,
            Collection::Messages(id) => self.messages(who, token, id)?,
            Collection::Contracts => {
                let own = ground.contracts.iter().filter(|it| it.binds(account));
                shown(own.map(|it| ContractView::new(self, it)))
            }
            Collection::Listings => self.listings(token),
            Collection::Accounts => shown(ground.accounts.iter()),
            Collection::Hubs => {
                shown(ground.hubs.iter().filter(|it| ground.may_see_hub(account, it)))
            }
            Collection::Marketplaces => {
                let all = ground.marketplaces.iter();
                shown(all.filter(|it| ground.may_see_marketplace(account, it)))
            }
            Collection::Requests
            | Collection::Assets
            | Collection::AssetRequests(_)
            | Collection::TierAccounts
            | Collection::TierAccountVersions(_)
            | Collection::Conversations => Vec::new(),
        })
    }

    fn visible_products(&self, token: &Token) -> impl Iterator<Item = &ProductRecord> {
        let products = self.shared.products.values().map(|record| &**record);
        products.filter(|record| self.shared.may_see_product(token, record))
    }

    /// Preview is nobody's connection, so it is never among them.
    fn connections(&self, who: &Actor, product: &ProductId) -> Result<Vec<Value>, Denied> {
        let token = who.token()?;
        self.shared.visible_product(who, product)?;
        let all = self.shared.ground.connections.iter().filter(|it| it.product == *product);
        let seen = all.filter(|it| token.side == Side::Vendor || it.is_of(&token.account));
        Ok(shown(seen.map(ConnectionView::new)))
    }

    fn messages(&self, who: &Actor, token: &Token, id: &str) -> Result<Vec<Value>, Denied> {
        let talk = self.visible_conversation(who, id)?;
        let readable = talk.messages.iter().filter(|it| it.is_for(&token.account));
        Ok(shown(readable.map(|it| MessageView::new(self, talk, it))))
    }

    fn listings(&self, token: &Token) -> Vec<Value> {
        let ground = &self.shared.ground;
        let agreed = ground.listings.iter().filter_map(|listing| {
            let contract = ground.contract(listing.contract.as_str())?;
            contract.binds(&token.account).then_some((listing, contract))
        });
        shown(agreed.map(|(listing, contract)| ListingView::new(self, listing, contract)))
    }
}

fn shown<V: Serialize>(views: impl Iterator<Item = V>) -> Vec<Value> {
    views.map(|view| serde_json::json!(view)).collect()
}

/// The caller's own account first: clients take the first row for it.
fn own_first(rows: &mut [Value], token: &Token) {
    rows.sort_by_key(|row| row["id"] != token.account.as_str());
}

/// Newest first, also of what was created in the same second.
fn newest_first(rows: &mut [Value]) {
    let created = |row: &Value| body::text(row, "events.created.at");
    rows.reverse();
    rows.sort_by_cached_key(|row| std::cmp::Reverse(created(row)));
}
