//! The world by itself: commands in, JSON or a refusal out.

mod accounts;
mod catalog;
mod changes;
mod conversations;
mod drafts;
mod inquiry;
mod lists;
mod outcomes;
mod purchases;
mod rights;
pub(crate) mod stage;
mod templates;
mod values;
