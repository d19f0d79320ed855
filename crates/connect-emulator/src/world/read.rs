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
    serde_json::to_writer(&mut body, object).map_err(|_| Denied::broken())?;
    // The log keeps bodies by their length: short ones give back the room they do not need.
    if body.len() < USUAL_SIZE / 2 {
        body.shrink_to_fit();
    }
    Ok(body.into())
}

/// A request with what it is about, where the world has them.
pub(super) struct Visible<'w> {
    pub(super) request: &'w Arc<RequestRecord>,
    pub(super) asset: &'w Arc<AssetRecord>,
    pub(super) product: &'w Arc<ProductRecord>,
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
            Collection::Products => {
                json(&ProductView::new(self.shared.visible_product(who, &id.into())?))
            }
            Collection::Conversations => {
                let conversation = self.visible_conversation(who, id)?;
                let account = &who.token()?.account;
                json(&ConversationView::with_messages(self, conversation, account))
            }
            Collection::TierAccounts => {
                let record = self.shared.visible_account(who.token()?, &id.into())?;
                found(record.shown())
            }
            Collection::TierAccountVersions(account) => {
                let record = self.shared.visible_account(who.token()?, account)?;
                found(
                    id.parse()
                        .ok()
                        .and_then(|version| record.version(version))
                        .map(|version| record.show(version)),
                )
            }
            Collection::Items(product) => self.read_item(who, product, id),
            Collection::Parameters(product) => {
                let product = self.shared.visible_product(who, product)?;
                found(product.shown_parameters().find(|parameter| parameter.id == *id))
            }
            Collection::Templates(product) => {
                found(self.shared.visible_product(who, product)?.living_template(id))
            }
            small => self.read_small(who, small, id),
        }
    }

    fn read_request(&self, who: &Actor, id: &str, raw_query: &str) -> Result<Bytes, Denied> {
        let Visible { request, asset, product } = self.visible(who, id, None)?;
        let selection = selection(&fields::REQUEST_SELECTS, raw_query)?;
        let parts = RequestParts::of(&selection);
        json(&RequestView::new(self, request, asset, product, parts))
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
        found(items.find(|item| item.id == *id || item.local_id == id))
    }

    fn read_small(&self, who: &Actor, collection: &Collection, id: &str) -> Result<Bytes, Denied> {
        let wanted = |row: &Value| row["id"] == id;
        found(self.small_rows(who, collection)?.into_iter().find(wanted))
    }

    /// The request, when the caller may see it. A form's code opens one request to anybody.
    pub(super) fn visible(
        &self,
        who: &Actor,
        id: &str,
        code: Option<&str>,
    ) -> Result<Visible<'_>, Denied> {
        let request = self.requests.get(id).ok_or_else(Denied::not_found)?;
        let asset = self.assets.get(request.asset.as_str()).ok_or_else(Denied::not_found)?;
        let product = self.shared.product(asset.product.as_str()).ok_or_else(Denied::not_found)?;
        match who {
            Actor::Token(token) if !self.shared.may_see_asset(token, asset) => {
                return Err(Denied::not_found());
            }
            Actor::Customer if code.is_none() => return Err(Denied::forbidden()),
            _ => {}
        }
        if code.is_some() && code != request.form_code.as_deref() {
            return Err(Denied::forbidden());
        }
        Ok(Visible { request, asset, product })
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

    /// A request as its customer's form shows it to whoever knows the form's code.
    pub(crate) fn form(&self, id: &RequestId, code: &str) -> Result<Bytes, Denied> {
        self.visible(&Actor::Customer, id.as_str(), Some(code))?;
        self.show_request(id)
    }

    /// A request as the platform shows it, for those who were let through already.
    pub(super) fn show_request(&self, id: &RequestId) -> Result<Bytes, Denied> {
        let request = self.requests.get(id.as_str()).ok_or_else(Denied::not_found)?;
        found(self.view_request(request, RequestParts::default()))
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

fn found(object: Option<impl Serialize>) -> Result<Bytes, Denied> {
    json(&object.ok_or_else(Denied::not_found)?)
}

fn selection(selectable: &Selectable, raw_query: &str) -> Result<Selection, Denied> {
    if raw_query.is_empty() {
        return Ok(Selection::default());
    }
    let query = Query::parse(raw_query).map_err(|error| Denied::invalid(error.platform_text()))?;
    selectable.compile(&query.select).map_err(|error| Denied::invalid(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_cannot_be_written_is_a_defect_of_the_emulator_not_of_the_call() {
        let without_text_keys = BTreeMap::from([((1, 2), 3)]);
        assert_eq!(json(&without_text_keys).unwrap_err(), Denied::broken());
    }

    #[test]
    fn a_short_body_does_not_keep_the_room_of_a_usual_one() {
        let body = json(&["short"]).unwrap();
        assert!(body.try_into_mut().unwrap().capacity() < USUAL_SIZE / 2);
    }
}
