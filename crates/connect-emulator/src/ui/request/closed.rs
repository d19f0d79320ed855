//! The reason why a dialog of a request cannot be sent.

use askama::Template;
use connect_model::RequestStatus;

use super::family::{Family, Hindrance};
use crate::ui::kit::{Html, who};
use crate::ui::shell::Shell;
use crate::ui::when::When;

#[derive(Template)]
#[template(path = "request/closed.html")]
struct Over<'a> {
    /// What became of the request.
    participle: &'static str,
    by: String,
    when: Option<When>,
    reason: &'a str,
}

/// Says what became of a request that is over; of others, why the platform would refuse.
pub(super) fn closed(request: &impl Family, hindrance: &Hindrance, shell: &Shell) -> Html {
    let (word, participle) = match request.status() {
        RequestStatus::Approved => ("approved", "approved"),
        RequestStatus::Failed => ("failed", "rejected"),
        RequestStatus::Revoked => ("revoked", "revoked"),
        RequestStatus::Accepted => ("updated", "accepted"),
        RequestStatus::Ignored => ("updated", "ignored"),
        _ => return Html::text(&hindrance.text),
    };
    let event = request.events().get(word);
    Html::of(&Over {
        participle,
        by: event.map(who).unwrap_or_default(),
        when: event.and_then(|event| shell.when(event.at)),
        reason: request.reason(),
    })
}
