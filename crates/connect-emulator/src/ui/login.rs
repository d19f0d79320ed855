//! The login from another machine.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

use super::Ui;
use super::fields::Fields;
use super::guard::login_cookie;
use super::page::{go, show, show_with};
use super::shell::{Section, Shell};
use super::visitor::Visitor;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    shell: Shell,
    wrong: bool,
}

fn login(visitor: &Visitor, wrong: bool) -> LoginPage {
    LoginPage { shell: visitor.shell(Section::None, "Log in"), wrong }
}

/// Answers `GET /login`.
pub(super) async fn page(visitor: Visitor) -> Response {
    show(&login(&visitor, false))
}

/// Answers `POST /login`.
pub(super) async fn enter(
    State(ui): State<Arc<Ui>>,
    visitor: Visitor,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let Some(token) = ui.login() else { return go("/") };
    if fields.text("token") != token {
        return show_with(StatusCode::FORBIDDEN, &login(&visitor, true));
    }
    let name = login_cookie(&headers);
    let session = &ui.session;
    let cookie = format!("{name}={session}; Path=/; HttpOnly; SameSite=Strict");
    ([(SET_COOKIE, cookie)], go("/")).into_response()
}
