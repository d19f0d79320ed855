//! `PUT /requests/{id}`.

use bytes::Bytes;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequestType, RequestId, RequestStatus};
use serde_json::Value;

use super::items::composition;
use super::operate::Subject;
use super::{Actor, Denied, Side, World, body, params};

impl World {
    pub(super) fn update_request(
        &mut self,
        who: &Actor,
        id: &RequestId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        let subject = self.subject(who, id, None)?;
        subject.allowed(who, Operation::Update)?;
        self.write_update(who, &subject, body)?;
        self.show_request(id)
    }

    /// Merges a body into a request: values and the note, and on drafts also items and the hub's
    /// ids. Everything else in the body is ignored, as the platform does.
    pub(super) fn write_update(
        &mut self,
        who: &Actor,
        subject: &Subject,
        body: &Value,
    ) -> Result<(), Denied> {
        let Subject { request, asset, product } = subject;
        let updates = params::updates(product, body)?;
        if matches!(who, Actor::Token(token) if token.side == Side::Distributor) {
            updates.iter().try_for_each(params::Update::must_be_ordering)?;
        }
        self.must_be_unique(product, Some(&asset.id), &updates)?;
        let draft = self.draft_items(subject, body)?;
        if !updates.is_empty() {
            self.write_params(subject, params::written(&request.params, &updates));
        }
        let note = body::text(body, "note");
        self.write_request(&request.id, |request| {
            request.note = note.map_or_else(|| request.note.clone(), String::into);
            request.items = draft.unwrap_or_else(|| request.items.clone());
        });
        if request.status == RequestStatus::Draft {
            self.write_hub_ids(subject, body);
        }
        Ok(())
    }

    fn draft_items(
        &self,
        subject: &Subject,
        body: &Value,
    ) -> Result<Option<super::row::Items>, Denied> {
        let is_draft = subject.request.status == RequestStatus::Draft;
        if !is_draft || body::at(body, "asset.items").is_null() {
            return Ok(None);
        }
        composition(&subject.request.kind, &subject.asset, &subject.product, body).map(Some)
    }

    fn write_hub_ids(&mut self, subject: &Subject, body: &Value) {
        if subject.request.kind != AssetRequestType::Purchase {
            return;
        }
        let id = body::filled(body, "asset.external_id");
        let name = body::filled(body, "asset.external_name");
        self.write_asset(&subject.asset.id, |asset| {
            asset.external_id = id.map(String::into).or(asset.external_id.take());
            asset.external_name = name.map_or_else(|| asset.external_name.clone(), String::into);
        });
    }
}
