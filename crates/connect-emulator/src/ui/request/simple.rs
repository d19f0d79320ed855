//! The dialogs that ask for one thing: a reason, or a day.

use askama::Template;
use connect_model::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::parts::Parts;
use crate::ui::fields::Fields;
use crate::ui::kit::Html;
use crate::ui::visitor::Visitor;

#[derive(Template)]
#[template(path = "request/reason.html")]
struct Reason<'a> {
    typed: &'a str,
}

#[derive(Template)]
#[template(path = "request/day.html")]
struct Day<'a> {
    typed: &'a str,
    /// The first minute that can be planned for, as such a field has it.
    earliest: String,
}

pub(super) fn reason(fields: &Fields) -> Parts {
    let form = Reason { typed: fields.text("reason") };
    Parts { fields: Html::of(&form), ..Parts::default() }
}

pub(super) fn day(visitor: &Visitor, fields: &Fields) -> Parts {
    let earliest = next_minute(visitor.ui.clock.now());
    let form = Day { typed: fields.text("planned_date"), earliest };
    Parts { fields: Html::of(&form), ..Parts::default() }
}

/// Returns a body with one field, or without it when nothing was typed.
pub(super) fn body(field: &str, fields: &Fields) -> Value {
    match fields.text(field) {
        "" => json!({}),
        text => json!({ field: text }),
    }
}

fn next_minute(now: Timestamp) -> String {
    const MINUTES: usize = "2024-07-01T00:00".len();
    let mut text = DateTime(now + SignedDuration::from_mins(1)).to_string();
    text.truncate(MINUTES);
    text
}
