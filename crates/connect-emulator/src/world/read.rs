//! Looking at one object.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::rql::Query;
use connect_model::{ProductId, RequestId};
use serde::Serialize;
use serde_json::Value;

use super::asset::AssetRecord;
use super::fields;
use super::product::ProductRecord;
use super::request::RequestRecord;
use super::view::{
    AssetParts, AssetView, ConversationView, ProductView, RequestParts, RequestView,
};
use super::{Actor, Collection, Denied, World};
use crate::query::{Selectable, Selection};

/// Room for an object of usual size, so that writing it does not grow the buffer.
const USUAL_SIZE: usize = 4096;

/// An object as the body of an answer.
pub(super) fn json(object: &impl Serialize) -> Result<Bytes, Denied> {
    let mut body = Vec::with_capacity(USUAL_SIZE);
    serde_json::to_writer(&mut body, object).map_err(|error| Denied::invalid(error.to_string()))?;
    Ok(body.into())
}

impl World {
    /// One object of a collection. Of the query only `select(…)` counts.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such object; `VAL_001` for a bad `select`.
    pub fn read(
        &self,
        who: &Actor,
        collection: &Collection,
        id: &str,
        raw_query: &str,
    ) -> Result<Bytes, Denied> {
        match collection {
            Collection::Requests => self.read_request(who, id, raw_query),
            Collection::Assets => self.read_asset(who, id, raw_query),
            Collection::AssetRequests(asset) => {
                let subject = self.subject(who, &id.into(), None)?;
                let belongs = subject.asset.id == *asset;
                if belongs {
                    self.read_request(who, id, raw_query)
                } else {
                    Err(Denied::not_found())
                }
            }
            Collection::Products => {
                json(&ProductView::new(self.shared.visible_product(who, &id.into())?))
            }
            Collection::Conversations => {
                let conversation = self.visible_conversation(who, id)?;
                let account = &who.token()?.account;
                json(&ConversationView::with_messages(self, conversation, account))
            }
            Collection::TierAccounts => {
                let id = id.into();
                self.shared.visible_account(who.token()?, &id)?;
                self.show_tier_account(&id)
            }
            Collection::Items(product) => self.read_item(who, product, id),
            small => self.read_small(who, small, id),
        }
    }

    fn read_request(&self, who: &Actor, id: &str, raw_query: &str) -> Result<Bytes, Denied> {
        who.token()?;
        let subject = self.subject(who, &id.into(), None)?;
        let selection = selection(&fields::REQUEST_SELECTS, raw_query)?;
        json(&self.view_request(&subject.request, RequestParts::of(&selection)))
    }

    fn read_asset(&self, who: &Actor, id: &str, raw_query: &str) -> Result<Bytes, Denied> {
        let (asset, product) = self.visible_asset(who, id)?;
        let selection = selection(&fields::ASSET_SELECTS, raw_query)?;
        json(&AssetView::live(self, asset, product, AssetParts::of(&selection)))
    }

    /// Items answer to their global and to their local id.
    fn read_item(&self, who: &Actor, product: &ProductId, id: &str) -> Result<Bytes, Denied> {
        let product = self.shared.visible_product(who, product)?;
        let mut items = product.shown_items();
        let item = items.find(|item| item.id == *id || item.local_id == id);
        json(item.ok_or_else(Denied::not_found)?)
    }

    fn read_small(&self, who: &Actor, collection: &Collection, id: &str) -> Result<Bytes, Denied> {
        let name = collection.id_field();
        let wanted = |row: &Value| super::body::text(row, name).as_deref() == Some(id);
        let rows = self.small_rows(who, collection)?;
        json(&rows.into_iter().find(wanted).ok_or_else(Denied::not_found)?)
    }

    /// An asset with its product, when the caller may see them.
    pub(super) fn visible_asset(
        &self,
        who: &Actor,
        id: &str,
    ) -> Result<(&Arc<AssetRecord>, &Arc<ProductRecord>), Denied> {
        let token = who.token()?;
        let asset = self.assets.get(id).ok_or_else(Denied::not_found)?;
        let product = self.shared.product(asset.product.as_str()).ok_or_else(Denied::not_found)?;
        if self.shared.may_see_asset(token, asset) {
            Ok((asset, product))
        } else {
            Err(Denied::not_found())
        }
    }

    /// A request as the platform shows it, for those who were let through already.
    pub(super) fn show_request(&self, id: &RequestId) -> Result<Bytes, Denied> {
        let request = self.requests.get(id.as_str()).ok_or_else(Denied::not_found)?;
        json(&self.view_request(request, RequestParts::default()))
    }

    pub(super) fn view_request<'w>(
        &'w self,
        request: &'w RequestRecord,
        parts: RequestParts,
    ) -> Option<RequestView<'w>> {
        let asset = self.assets.get(request.asset.as_str())?;
        let product = self.shared.product(asset.product.as_str())?;
        Some(RequestView::new(self, request, asset, product, parts))
    }
}

impl Collection {
    /// The field its objects are read by.
    fn id_field(&self) -> &'static str {
        match self {
            Self::TierAccountVersions(_) => "version",
            _ => "id",
        }
    }
}

fn selection(selectable: &Selectable, raw_query: &str) -> Result<Selection, Denied> {
    if raw_query.is_empty() {
        return Ok(Selection::default());
    }
    let query = Query::parse(raw_query).map_err(|error| Denied::invalid(error.platform_text()))?;
    selectable.compile(&query.select).map_err(|error| Denied::invalid(error.to_string()))
}
