//! Conversations and their messages.

pub(crate) mod about;
pub(crate) mod commands;
pub(crate) mod listed;
pub(crate) mod record;
pub(crate) mod stored;
pub(crate) mod turn;
pub(crate) mod view;
