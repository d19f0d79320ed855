//! Records that earlier versions kept otherwise, read as what they are now.

use std::sync::Arc;

use connect_model::{Account, AssetRequestType, Capabilities, Hub, Marketplace, RequestStatus};
use serde::Deserialize;

use crate::asset::billing::{BillingDates, rhythm};
use crate::party::record::{ConnectionRecord, Contract, KeyRecord, Listing, Person};
use crate::product::edit::capabilities::default_capabilities;
use crate::records::{BadRecord, Records};
use crate::request::record::RequestRecord;
use crate::state::State;
use crate::stored::Stored;
use crate::write::{Write, Writes, all_of};

/// The kind of the one record that held all parties, until commands could change them.
const GROUND: &str = "ground";

#[derive(Deserialize)]
struct FormerParties {
    accounts: Vec<Account>,
    hubs: Vec<Hub>,
    marketplaces: Vec<Marketplace>,
    contracts: Vec<Contract>,
    listings: Vec<Listing>,
    connections: Vec<ConnectionRecord>,
    tokens: Vec<KeyRecord>,
    people: Vec<Person>,
}

/// Adds what earlier versions kept in records of other kinds.
pub(crate) fn restore(state: &mut State, kept: &mut Records) -> Result<(), BadRecord> {
    for ground in kept.take::<FormerParties>(GROUND)? {
        let FormerParties { accounts, hubs, marketplaces, .. } = ground;
        insert(state, accounts);
        insert(state, hubs);
        insert(state, marketplaces);
        insert(state, ground.contracts);
        insert(state, ground.listings);
        insert(state, ground.connections);
        insert(state, ground.tokens);
        insert(state, ground.people);
    }
    Ok(())
}

/// Adds to records what they were kept without before there was such a thing.
pub(crate) fn complete(state: &mut State) {
    complete_switches(state);
    complete_billing_dates(state);
}

/// Gives the products the switches that came since, which are off.
fn complete_switches(state: &mut State) {
    let products = &mut state.shared_mut().products;
    for place in products.placed().map(|(place, _)| place).collect::<Vec<_>>() {
        let Some(record) = products.at_mut(place) else { continue };
        let mut switches = Capabilities::new(default_capabilities());
        switches.merge(record.product.capabilities.as_value());
        record.product.capabilities = switches;
    }
}

/// Gives the assets their billing dates that were bought before there were any.
fn complete_billing_dates(state: &mut State) {
    let without = state.assets.placed().filter(|(_, asset)| asset.billing.is_none());
    let dates = without.filter_map(|(place, asset)| {
        let approved = |it: &&Arc<RequestRecord>| {
            it.kind == AssetRequestType::Purchase && it.status == RequestStatus::Approved
        };
        let since = state.history(asset.id.as_str()).find(approved)?.effective_date?;
        let rhythm = rhythm(state.shared.product(asset.product.as_str())?, &asset.items);
        Some((place, BillingDates::begin(since, rhythm, since)))
    });
    for (place, dates) in dates.collect::<Vec<_>>() {
        state
            .assets
            .at_mut(place)
            .into_iter()
            .for_each(|asset| asset.billing = Some(dates.clone()));
    }
}

fn insert<R: Stored>(state: &mut State, records: Vec<R>) {
    records.into_iter().for_each(|record| state.insert(record));
}

/// Returns what has to be written to a file that an earlier version wrote: every party in a record
/// of its own, and no record of all. Of other files it changes nothing.
pub(crate) fn writes(state: &State) -> Writes {
    let ground = Write { kind: GROUND, id: GROUND.into(), place: 0, body: None };
    let mut writes = vec![ground];
    writes.extend(all_of::<Account>(state));
    writes.extend(all_of::<Hub>(state));
    writes.extend(all_of::<Marketplace>(state));
    writes.extend(all_of::<Contract>(state));
    writes.extend(all_of::<Listing>(state));
    writes.extend(all_of::<ConnectionRecord>(state));
    writes.extend(all_of::<KeyRecord>(state));
    writes.extend(all_of::<Person>(state));
    writes
}
