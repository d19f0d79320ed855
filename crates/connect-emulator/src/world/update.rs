//! Writing to a request: `PUT /requests/{id}`, and what is sent to be validated.

use connect_model::RequestStatus;
use serde_json::Value;

use super::operate::Subject;
use super::params::{self, Update};
use super::{Actor, Denied, Side, World, body, create};

impl World {
    /// Merges a body into a request: values and the note, and on drafts what their buyer chooses.
    /// Everything else in the body is ignored, as the platform does.
    pub(super) fn write_update(
        &mut self,
        who: &Actor,
        subject: &Subject,
        body: &Value,
    ) -> Result<(), Denied> {
        let Subject { request, asset, product } = subject;
        let updates = params::updates(product, &request.params, body)?;
        subject.must_be_writable(who, &updates)?;
        self.must_be_unique(product, Some(&asset.id), &updates)?;
        if request.status == RequestStatus::Draft && who.buys(asset.is_preview()) {
            self.write_draft(who.token()?, subject, body)?;
        }
        if !updates.is_empty() {
            self.write_params(subject, params::written(&request.params, &updates));
        }
        let note = body::text(body, "note");
        self.write_request(&request.id, |request| {
            request.note = note.map_or_else(|| request.note.clone(), String::into);
        });
        Ok(())
    }
}

impl Subject {
    /// A draft takes what a new request would; later, distributors and their customers write
    /// ordering parameters only.
    fn must_be_writable(&self, who: &Actor, updates: &[Update]) -> Result<(), Denied> {
        let Self { request, asset, product } = self;
        let sells = matches!(who, Actor::Token(token) if token.side == Side::Distributor);
        match request.status {
            RequestStatus::Draft => {
                create::must_be_writable(&request.kind, asset, product, updates)
            }
            _ if sells => updates.iter().try_for_each(Update::must_be_ordering),
            _ => Ok(()),
        }
    }
}
