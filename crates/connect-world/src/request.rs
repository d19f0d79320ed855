//! Fulfillment requests: created, worked on, concluded.

pub(crate) mod abandon;
pub(crate) mod approve;
pub(crate) mod begin;
pub(crate) mod commands;
pub(crate) mod composition;
pub(crate) mod conclude;
pub(crate) mod create;
pub(crate) mod draft;
pub(crate) mod editable;
pub(crate) mod filters;
pub(crate) mod listed;
pub(crate) mod operate;
pub(crate) mod params;
pub(crate) mod purchase;
pub(crate) mod record;
pub(crate) mod reference;
pub(crate) mod renewal;
pub(crate) mod stored;
pub(crate) mod transfer;
pub(crate) mod turn;
pub(crate) mod update;
pub(crate) mod validate;
pub(crate) mod value;
pub(crate) mod view;
pub(crate) mod waiting;
