//! Every kind of stored records, a line each: what is written to disk, read from it, and compared
//! in tests.

use crate::event::ObjectRef;
use crate::records::{BadRecord, Records};
use crate::state::State;
use crate::stored::Stored;
use crate::table::Place;
use crate::write::{Write, Writes, all_of, write_of};

/// Makes of the lines below what is done for all kinds.
macro_rules! kinds {
    ($($record:ty,)+) => {
        /// Returns the record of an object as it is now; without a body when it is gone, and
        /// nothing of an object that is not stored.
        pub(crate) fn write_of_object(state: &State, object: &ObjectRef) -> Option<Write> {
            match object.kind {
                $(<$record as Stored>::KIND => Some(write_of::<$record>(state, &object.id)),)+
                _ => None,
            }
        }

        /// Returns the records of all objects.
        pub(crate) fn all_objects(state: &State) -> Writes {
            let mut writes = Writes::new();
            $(writes.extend(all_of::<$record>(state));)+
            writes
        }

        /// Does what is due of a record.
        pub(crate) fn come_due(state: &mut State, kind: &str, place: Place) {
            match kind {
                $(<$record as Stored>::KIND => due_of::<$record>(state, place),)+
                _ => {}
            }
        }

        /// Adds the objects that were kept.
        pub(crate) fn restore_objects(
            state: &mut State,
            kept: &mut Records,
        ) -> Result<(), BadRecord> {
            $(kept.restore::<$record>(state)?;)+
            Ok(())
        }
    };
}

fn due_of<R: Stored>(state: &mut State, place: Place) {
    let id = R::table(state).at(place).map(|record| record.id());
    id.into_iter().for_each(|id| R::come_due(state, &id));
}

// In the order in which they are read back: what others refer to comes first.
kinds! {
    connect_model::Account,
    connect_model::Hub,
    connect_model::Marketplace,
    crate::party::record::Contract,
    crate::party::record::Listing,
    crate::party::record::ConnectionRecord,
    crate::party::record::KeyRecord,
    crate::party::record::Person,
    crate::product::record::ProductRecord,
    crate::tier_account::record::TierAccountRecord,
    crate::asset::record::AssetRecord,
    crate::request::record::RequestRecord,
    crate::billing_request::record::BillingRequestRecord,
    crate::tier_config::record::TierConfigRecord,
    crate::tier_config_request::record::TierConfigRequestRecord,
    crate::tier_account_request::record::TierAccountRequestRecord,
    crate::conversation::record::ConversationRecord,
    crate::usage_file::record::UsageFileRecord,
    crate::usage_record::record::UsageBlock,
    crate::usage_chunk::record::UsageChunk,
    crate::usage_reconciliation::record::Reconciliation,
    crate::usage_rule::record::UsageRule,
    crate::webhook::record::WebhookRecord,
}
