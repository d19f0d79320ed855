//! Parties as stored records.

use connect_model::{
    Account, AccountId, ConnectionId, ContractId, Hub, HubId, ListingId, Marketplace,
    MarketplaceId, UserId,
};

use crate::party::record::{ConnectionRecord, Contract, KeyRecord, Listing, Person};
use crate::state::State;
use crate::stored::Stored;
use crate::table::{Record, Table};

/// Records that no index knows, in a table of [`Parties`](crate::party::parties::Parties).
macro_rules! parties {
    ($($kind:literal: $record:ty, $id:ty, |$it:ident| $own:expr, $table:ident;)+) => {$(
        impl Record for $record {
            type Id = $id;

            fn id(&self) -> $id {
                let $it = self;
                $own.clone()
            }
        }

        impl Stored for $record {
            const KIND: &'static str = $kind;
            type Filed = ();

            fn table(state: &State) -> &Table<Self> {
                &state.shared.parties.$table
            }

            fn table_mut(state: &mut State) -> &mut Table<Self> {
                &mut state.shared_mut().parties.$table
            }

            fn filed(&self) {}
        }
    )+};
}

parties! {
    "account": Account, AccountId, |it| it.id, accounts;
    "hub": Hub, HubId, |it| it.id, hubs;
    "marketplace": Marketplace, MarketplaceId, |it| it.id, marketplaces;
    "contract": Contract, ContractId, |it| it.id, contracts;
    "listing": Listing, ListingId, |it| it.id, listings;
    "connection": ConnectionRecord, ConnectionId, |it| it.link.id, connections;
    "token": KeyRecord, UserId, |it| it.token.id, tokens;
    "user": Person, UserId, |it| it.id, people;
}
