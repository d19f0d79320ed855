//! Requests as stored records.

use std::sync::Arc;

use connect_model::{DateTime, RequestId, RequestStatus};

use crate::asset::record::AssetRecord;
use crate::index::RequestKey;
use crate::request::abandon::remove_draft;
use crate::request::record::RequestRecord;
use crate::request::turn::{Subject, turn};
use crate::setting::Setting;
use crate::state::State;
use crate::stored::Stored;
use crate::table::{Place, Table};

impl Stored for RequestRecord {
    const KIND: &'static str = "request";
    type Filed = RequestStatus;

    fn table(state: &State) -> &Table<Self> {
        &state.requests
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.requests
    }

    fn filed(&self) -> RequestStatus {
        self.status.clone()
    }

    /// Files the request with its asset, which is there before it.
    fn file(state: &mut State, place: Place, before: Option<RequestStatus>) {
        let State { requests, assets, request_index, histories, .. } = state;
        let Some(request) = requests.at(place) else { return };
        let Some(home) = assets.place(request.asset.as_str()) else { return };
        let Some(asset) = assets.at(home) else { return };
        let key = key(request, asset);
        match before {
            Some(status) => request_index.remove(&RequestKey { status, ..key.clone() }, place),
            None => histories.get_mut(home as usize).into_iter().for_each(|all| all.push(place)),
        }
        request_index.insert(key, place);
    }

    fn unfile(state: &mut State, place: Place) {
        let State { requests, assets, request_index, histories, .. } = state;
        let Some(request) = requests.at(place) else { return };
        let Some(home) = assets.place(request.asset.as_str()) else { return };
        let Some(asset) = assets.at(home) else { return };
        request_index.remove(&key(request, asset), place);
        histories.get_mut(home as usize).into_iter().for_each(|all| all.retain(|it| *it != place));
    }

    /// Drafts go when nobody has written to them for long enough, and scheduled requests come back
    /// to the vendor on their day.
    fn due(&self, setting: &Setting) -> Option<DateTime> {
        match self.status {
            RequestStatus::Draft => Some(setting.end_of_draft(self.updated)),
            RequestStatus::Scheduled => self.planned_date,
            _ => None,
        }
    }

    fn come_due(state: &mut State, id: &RequestId) {
        let Some(subject) = Subject::find(state, id) else { return };
        match subject.request.status {
            RequestStatus::Draft => remove_draft(state, &subject.request),
            RequestStatus::Scheduled => {
                turn(state, None, &subject, &RequestStatus::Pending, |_| ());
            }
            _ => {}
        }
    }

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }

    /// Shares the rows with the asset where they are equal.
    fn share(&mut self, state: &State) {
        let Some(asset) = state.assets.get(self.asset.as_str()) else { return };
        self.asset = asset.id.clone();
        share(&mut self.items, &asset.items);
        share(&mut self.params, &asset.params);
        share(&mut self.tiers, &asset.tiers);
    }
}

fn key(request: &RequestRecord, asset: &AssetRecord) -> RequestKey {
    RequestKey {
        product: asset.product.clone(),
        connection: asset.connection.clone(),
        kind: request.kind.clone(),
        status: request.status.clone(),
    }
}

fn share<T: PartialEq + ?Sized>(own: &mut Arc<T>, other: &Arc<T>) {
    if own == other {
        *own = Arc::clone(other);
    }
}
