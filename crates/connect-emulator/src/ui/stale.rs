//! Forms that cannot be taken as they are: of an earlier run of the emulator, or of the other role.
//! What was typed is not lost.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::mark;
use super::page::show_with;
use super::role::Role;
use super::secrets::Secrets;
use super::shell::{Section, Shell};
use super::visitor::Visitor;

/// Beginnings of names of fields that say what kind of field it is, before what people call it.
const PREFIXES: [&str; 5] = ["param:", "param_", "error:", "ask:", "item_"];
/// The field of the login page, which is for this run alone.
const LOGIN: &str = "token";

#[derive(Template)]
#[template(path = "stale.html")]
struct StalePage {
    shell: Shell,
    action: String,
    why: String,
    fields: Vec<SentField>,
    /// Whether passwords were left out.
    is_cut: bool,
    /// Whether it brought a file, which nobody can send again for the visitor.
    brought_file: bool,
}

/// A field as it was sent.
struct SentField {
    name: String,
    value: String,
    title: String,
}

/// Shows the fields of a form, to be sent again with a token that is good now.
pub(super) fn page(visitor: &Visitor, shown_to: Option<Role>, sent: &[(&str, &str)]) -> Response {
    answer(visitor, shown_to, sent, false)
}

/// Shows the way back to a form that brought a file, which has to be chosen again.
pub(super) fn with_file(visitor: &Visitor, shown_to: Option<Role>) -> Response {
    answer(visitor, shown_to, &[], true)
}

fn answer(
    visitor: &Visitor,
    shown_to: Option<Role>,
    sent: &[(&str, &str)],
    brought_file: bool,
) -> Response {
    let why = match shown_to {
        Some(other) => format!(
            "This page was shown to the {}, and you act as the {} by now.",
            other.word(),
            visitor.role.word(),
        ),
        None => "This form is of an earlier run of the emulator.".to_owned(),
    };
    let secrets = Secrets::of(visitor);
    let is_secret = |name: &str| name == LOGIN || secrets.has(title(name));
    let shown = sent.iter().filter(|(name, _)| !is_secret(name)).map(|(name, value)| SentField {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        title: shown(name),
    });
    let shell = visitor.shell(Section::None, "Send it again?");
    let page = StalePage {
        action: shell.here.clone(),
        // Who changes sides here goes back to the page with the form: not every address that takes
        // a form shows one.
        shell: Shell { here: visitor.from.clone(), ..shell },
        why,
        is_cut: sent.iter().any(|(name, _)| is_secret(name)),
        fields: shown.collect(),
        brought_file,
    };
    show_with(StatusCode::FORBIDDEN, &page)
}

/// Returns a field's name for people: a parameter's key as it is, and the words of our own forms.
fn shown(name: &str) -> String {
    let key = title(name);
    if key == name { mark::title(name) } else { key.to_owned() }
}

/// Returns what people call a field.
fn title(name: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}
