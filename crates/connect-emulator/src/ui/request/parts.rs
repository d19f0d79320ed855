//! The parts of a dialog that depend on what it asks for.

use crate::ui::kit::Html;

/// What a dialog shows of its own.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) fields: Html,
    pub(super) below: Html,
    /// Whether there is nothing that could be sent.
    pub(super) is_useless: bool,
}
