//! Accounts and what binds them: hubs, marketplaces, contracts, listings, tokens.

pub(crate) mod accounts;
pub(crate) mod contracts;
pub(crate) mod hubs;
pub(crate) mod listings;
pub(crate) mod marketplaces;
pub(crate) mod parties;
pub(crate) mod record;
pub(crate) mod stored;
pub(crate) mod view;
