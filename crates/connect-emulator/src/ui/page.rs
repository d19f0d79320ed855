//! Pages as answers.

use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::StatusCode;

use super::role::Role;
use super::shell::Shell;
use crate::answer::status_of;
use connect_world::{Denial, DenialKind};

/// The result of a page's function.
pub(super) type Page = Result<Response, ErrorPage>;

/// Shows a page that worked.
pub(super) fn show(template: &impl Template) -> Response {
    show_with(StatusCode::OK, template)
}

/// Shows a page with a status of its own: 422 for a form to be corrected.
pub(super) fn show_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        // Writing to a string does not fail; a template that says so is a defect.
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Leads on to another page, after a form was carried out.
pub(super) fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// A page that says what went wrong.
pub(super) struct ErrorPage(Box<ErrorTemplate>);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate {
    shell: Shell,
    denied: Denial,
    status: u16,
    title: &'static str,
    /// The other role, when it may see what this one does not.
    other: Option<Role>,
}

impl ErrorPage {
    pub(super) fn new(shell: Shell, denied: Denial) -> Self {
        let status = status_of(&denied);
        let (title, other) = match status {
            StatusCode::NOT_FOUND => ("There is nothing here", Some(shell.role.other())),
            _ => ("That did not work", None),
        };
        Self(Box::new(ErrorTemplate { shell, denied, status: status.as_u16(), title, other }))
    }

    /// Returns the answer to an address that no page has, whoever asks.
    pub(super) fn no_such_page(shell: Shell) -> Self {
        let text = format!("No page has the address {}.", shell.here);
        let denied = Denial::new(DenialKind::NotFound, "NOT_FOUND", text);
        let title = "There is no such page";
        Self(Box::new(ErrorTemplate { shell, denied, status: 404, title, other: None }))
    }

    /// Returns what went wrong, for a page that says it in its own place.
    pub(super) fn denied(self) -> Denial {
        self.0.denied
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        show_with(status_of(&self.0.denied), &*self.0)
    }
}

/// Returns what a refusal says, in one line.
pub(super) fn reason(denied: &Denial) -> String {
    denied.refusal.errors.join(" ")
}
