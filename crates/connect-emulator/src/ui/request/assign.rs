//! Assign: who works on the request.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_model::{Assignee, RequestId};
use http::StatusCode;
use serde_json::json;

use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::listing::Choice;
use crate::ui::page::{Page, go, reason, show, show_with};
use crate::ui::rows::RequestRow;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Person;

#[derive(Template)]
#[template(path = "request_assign.html")]
struct AssignPage {
    shell: Shell,
    request: RequestRow,
    hindrance: Option<String>,
    refused: Option<String>,
    people: Vec<Choice>,
}

fn form(visitor: &Visitor, subject: &Subject, refused: Option<String>) -> AssignPage {
    let shell = subject.shell(visitor, "Assign");
    let assigned = |person: &Person| match &subject.request.assignee {
        Assignee::User(user) => user.id == person.id,
        _ => false,
    };
    let choice = |person: Person| Choice {
        value: person.id.to_string(),
        chosen: assigned(&person),
        title: format!("{} ({})", person.name, person.email),
    };
    AssignPage {
        request: subject.row(&shell),
        hindrance: subject.hindrance(visitor.role, Operation::Assign),
        refused,
        people: visitor.people().into_iter().map(choice).collect(),
        shell,
    }
}

/// Answers `GET /requests/{id}/assign`.
pub(in crate::ui) async fn page(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    Ok(show(&form(&visitor, &subject, None)))
}

/// Answers `POST /requests/{id}/assign`.
pub(in crate::ui) async fn send(
    visitor: Visitor,
    Path(id): Path<RequestId>,
    fields: Fields,
) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    let body = json!({"id": fields.text("person")});
    match visitor.operate(&id, Operation::Assign, body).await {
        Ok(_) => Ok(go(&subject.address())),
        Err(denied) => {
            let page = form(&visitor, &subject, Some(reason(&denied)));
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
