//! Assign: who works on the request.

use askama::Template;
use connect_model::Assignee;
use connect_world::Person;
use serde_json::{Value, json};

use super::family::Family;
use super::parts::Parts;
use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::kit::{Choice, Html};
use crate::ui::visitor::Visitor;

#[derive(Template)]
#[template(path = "request/assign.html")]
struct Form {
    assignee: String,
    people: Vec<Choice>,
}

pub(super) fn parts<F: Family>(visitor: &Visitor, subject: &Subject<F>) -> Parts {
    let now = subject.request.assignee();
    let choice = |person: Person| Choice {
        value: person.id.to_string(),
        chosen: matches!(now, Assignee::User(user) if user.id == person.id),
        title: format!("{} ({})", person.name, person.email),
    };
    let people = visitor.people().into_iter().map(choice).collect();
    let form = Form { assignee: now.name().to_owned(), people };
    Parts { fields: Html::of(&form), ..Parts::default() }
}

pub(super) fn body(fields: &Fields) -> Value {
    json!({"id": fields.text("person")})
}
