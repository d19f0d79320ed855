//! Delete Draft: what the platform does by itself in time, at once. Its own portal has no such button.

use axum::extract::Path;
use connect_world::Denial;

use super::family::WithDrafts;
use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Html};
use crate::ui::page::{Page, go};
use crate::ui::visitor::Visitor;

/// The name of the dialog, and its button.
pub(super) const TITLE: &str = "Delete Draft";

fn dialog<F: WithDrafts>(visitor: &Visitor, subject: &Subject<F>) -> Dialog {
    let shell = subject.shell(visitor, TITLE);
    let refused = (!subject.can_be_deleted(visitor.role))
        .then(|| Html::text("Only drafts can be deleted, by who could order them."));
    Dialog {
        facts: Some(subject.request.facts(&shell)),
        overview: F::ABANDONED.to_owned(),
        closed: refused,
        buttons: vec![
            DialogButton::leave("Close", subject.address()),
            DialogButton::send(TITLE, "danger"),
        ],
        ..Dialog::new(shell, TITLE, format!("{}/delete", subject.address()))
    }
}

/// Answers `GET {ADDRESS}/{id}/delete`.
pub(in crate::ui) async fn page<F: WithDrafts>(visitor: Visitor, Path(id): Path<String>) -> Page {
    let subject = Subject::<F>::read(&visitor, &id).await?;
    Ok(dialog(&visitor, &subject).show())
}

/// Answers `POST {ADDRESS}/{id}/delete`.
pub(in crate::ui) async fn send<F: WithDrafts>(
    visitor: Visitor,
    Path(id): Path<String>,
    _: Fields,
) -> Page {
    let deleted: Result<_, Denial> = visitor.apply(F::abandon(&id)).await;
    match deleted {
        Ok(_) => Ok(go(F::DIRECTORY)),
        Err(denied) => {
            let subject = Subject::<F>::read(&visitor, &id).await?;
            Ok(dialog(&visitor, &subject).refuse(denied.refusal.errors))
        }
    }
}
