//! Handlers that a worker need not have.

use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::protocol::HandlerKind;

/// A handler, as workers declare it.
pub(in crate::check) struct About {
    collection: &'static str,
    request_type: &'static str,
    kind: HandlerKind,
    /// In words.
    name: &'static str,
}

pub(super) const REVOCATION: About = About {
    collection: "requests",
    request_type: "purchase",
    kind: HandlerKind::Revocation,
    name: "revocations of purchases",
};
pub(super) const TIER_CONFIG: About = About {
    collection: "tier/config-requests",
    request_type: "setup",
    kind: HandlerKind::Request,
    name: "setups of tier configurations",
};
pub(super) const REPORT: About = About {
    collection: "usage/files",
    request_type: "report",
    kind: HandlerKind::Report,
    name: "reports",
};
pub(super) const VALIDATION: About = About {
    collection: "requests",
    request_type: "purchase",
    kind: HandlerKind::Validation,
    name: "validations of purchases",
};

impl About {
    /// Says that a program has none; nothing where it declares one.
    pub(in crate::check) async fn missing(
        &self,
        program: &Program,
    ) -> Result<Option<String>, Fault> {
        let (mut talk, hello) = program.hello(1).await?;
        talk.hang_up().await?;
        let is_there = hello.handlers.iter().any(|it| {
            it.collection == self.collection
                && it.request_type == self.request_type
                && it.kind == self.kind
        });
        Ok((!is_there).then(|| format!("the program declares no handler of {}", self.name)))
    }
}
