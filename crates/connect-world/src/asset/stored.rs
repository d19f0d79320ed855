//! Assets as stored records.

use connect_model::{AssetStatus, DateTime};

use crate::asset::record::AssetRecord;
use crate::index::AssetKey;
use crate::state::State;
use crate::stored::Stored;
use crate::table::{Place, Table};

impl Stored for AssetRecord {
    const KIND: &'static str = "asset";
    type Filed = (AssetStatus, Option<Box<str>>);

    fn table(state: &State) -> &Table<Self> {
        &state.assets
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.assets
    }

    fn filed(&self) -> Self::Filed {
        (self.status.clone(), self.external_uid.clone())
    }

    fn file(state: &mut State, place: Place, before: Option<Self::Filed>) {
        let State { assets, asset_index, by_uid, histories, .. } = state;
        let Some(asset) = assets.at(place) else { return };
        match before {
            None => histories.resize_with(place as usize + 1, Vec::new),
            Some((status, uid)) => {
                asset_index.remove(&AssetKey { status, ..key(asset) }, place);
                if let Some(known) = uid.and_then(|uid| by_uid.get_mut(&uid)) {
                    known.retain(|other| *other != place);
                }
            }
        }
        asset_index.insert(key(asset), place);
        if let Some(uid) = &asset.external_uid {
            by_uid.entry(uid.clone()).or_default().push(place);
        }
    }

    fn unfile(state: &mut State, place: Place) {
        let State { assets, asset_index, by_uid, .. } = state;
        let Some(asset) = assets.at(place) else { return };
        asset_index.remove(&key(asset), place);
        if let Some(uid) = &asset.external_uid
            && let Some(known) = by_uid.get_mut(uid)
        {
            known.retain(|other| *other != place);
        }
    }

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}

fn key(asset: &AssetRecord) -> AssetKey {
    AssetKey {
        product: asset.product.clone(),
        connection: asset.connection.clone(),
        status: asset.status.clone(),
    }
}
