//! The families of requests that a processor works on.

use std::collections::BTreeMap;
use std::sync::Arc;

use connect_client::Client;
use connect_clock::Clock;

use crate::dispatch::Routes;
use crate::family::Family;
use crate::offers::ServedFamily;
use crate::pending_list::PendingList;
use crate::read::Reader;
use crate::settings::Settings;

/// Returns each family that has handlers, and its list.
pub(crate) fn all<S: Send + Sync + 'static>(
    routes: &Routes<S>,
    client: &Client,
    settings: &Settings,
    clock: &Arc<dyn Clock>,
) -> (BTreeMap<&'static str, ServedFamily>, Vec<PendingList>) {
    let one = |family: Family| {
        let (types, reader) =
            (routes.types(family), Reader::start(client.clone(), family, Arc::clone(clock)));
        let list = PendingList::new(client.clone(), family, &types, settings);
        let (waits_in, takes_migrations) = (family.waits_in, routes.takes_migrations(family));
        ((family.collection, ServedFamily { types, waits_in, takes_migrations, reader }), list)
    };
    routes.families().map(one).unzip()
}
