//! Products with their items, parameters, templates and connections.

pub(crate) mod action_link;
pub(crate) mod action_secret;
pub(crate) mod actions;
pub(crate) mod configuration;
pub(crate) mod connections;
pub(crate) mod edit;
pub(crate) mod items;
pub(crate) mod listed;
pub(crate) mod parameters;
pub(crate) mod record;
pub(crate) mod scope;
pub(crate) mod shown_constraints;
pub(crate) mod stored;
pub(crate) mod templates;
pub(crate) mod view;
