//! Billing requests as stored records.

use crate::billing_request::record::BillingRequestRecord;
use crate::state::State;
use crate::stored::Stored;
use crate::table::{Place, Table};

impl Stored for BillingRequestRecord {
    const KIND: &'static str = "billing_request";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.billing_requests
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.billing_requests
    }

    fn filed(&self) {}

    fn file(state: &mut State, place: Place, _: Option<()>) {
        let State { billing_requests, bills, .. } = state;
        if let Some(request) = billing_requests.at(place) {
            bills.entry(request.asset.clone()).or_default().push(place);
        }
    }
}
