//! Products as stored records.

use connect_model::ProductId;

use crate::product::record::ProductRecord;
use crate::state::State;
use crate::stored::Stored;
use crate::table::{Record, Table};

impl Record for ProductRecord {
    type Id = ProductId;

    fn id(&self) -> ProductId {
        self.product.id.clone()
    }
}

impl Stored for ProductRecord {
    const KIND: &'static str = "product";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.shared.products
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.shared_mut().products
    }

    fn filed(&self) {}
}
