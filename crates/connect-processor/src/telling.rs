//! How an attempt tells the platform its outcome, and what it has told.

use std::sync::OnceLock;

use connect_journal::StepName;
use connect_model::TemplateId;

use crate::conclusion::Conclusion;
use crate::delivery::Deliver;

/// What an attempt needs to tell the platform an outcome, and what it has told early.
#[derive(Default)]
pub(crate) struct Telling {
    pub(crate) means: OnceLock<Means>,
    pub(crate) told: OnceLock<Told>,
}

/// The request to tell the platform about, and how.
pub(crate) struct Means {
    pub(crate) id: String,
    pub(crate) template: Option<TemplateId>,
    pub(crate) deliver: Deliver,
}

/// What was told early: the step that says so, and what the attempt comes to.
pub(crate) struct Told {
    pub(crate) step: StepName,
    pub(crate) conclusion: Conclusion,
}
