//! Connect's pages over the same world as its API. A page asks what the API answers and sends the
//! commands the API takes; no rule of the platform lives here.
//!
//! Every page works without script. With script, the part marked as live is fetched again
//! whenever something it shows has changed.

mod actions;
mod activity;
mod assets;
mod catalog;
mod change_wizard;
mod changes;
mod conversation;
mod curl;
mod fields;
mod fulfillment;
mod guard;
mod home;
mod listing;
mod live;
mod login;
mod mark;
mod markdown;
mod missing;
mod page;
mod preferences;
mod product;
mod products;
mod purchase_wizard;
mod request;
mod request_wizard;
mod role;
mod rows;
mod secrets;
mod shell;
mod subscription;
mod subscriptions;
mod visitor;
mod when;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::activity::Activity;
use crate::platform::Platform;
use crate::random::secret;
use connect_clock::Clock;

use changes::Changes;
use request::{approve, assign, dialog, edit, form, inquire};
use role::Role;

/// The state that all pages share.
pub(crate) struct Ui {
    platform: Platform,
    activity: Arc<Activity>,
    clock: Arc<dyn Clock>,
    /// The token in every form: other sites cannot read it, so they cannot send it.
    form_token: String,
    /// The token a visitor has to know when others than this machine's users can come.
    login: Option<String>,
    /// The cookie of a visitor who knew it. Cookies go to every port of a host, so it says nothing
    /// of the token, and ends with this process.
    session: String,
    changes: Changes,
}

impl Ui {
    /// Returns the pages of a platform that listens on this address. Fails where the system has no
    /// random numbers.
    pub(crate) fn new(
        platform: Platform,
        activity: Arc<Activity>,
        clock: Arc<dyn Clock>,
        listen: IpAddr,
    ) -> io::Result<Arc<Self>> {
        let login = (!listen.is_loopback()).then(secret).transpose()?;
        let (form_token, session) = (secret()?, secret()?);
        let changes = Changes::of(&platform, &activity);
        Ok(Arc::new(Self { platform, activity, clock, form_token, login, session, changes }))
    }

    /// Returns the token in the forms of a page that was shown to a role.
    fn form_token(&self, role: Role) -> String {
        format!("{}-{}", self.form_token, role.word())
    }

    /// Ends what pages hold open.
    pub(crate) fn close(&self) {
        self.changes.end();
    }

    /// Returns the token to log in with; none is needed where only this machine's users can come.
    pub(crate) fn login(&self) -> Option<&str> {
        self.login.as_deref()
    }
}

/// Returns the table of contents.
pub(crate) fn router(ui: Arc<Ui>) -> Router {
    Router::new()
        .route("/", get(home::page))
        .route("/products", get(products::page))
        .route("/products/{id}", get(product::overview))
        .route("/products/{id}/items", get(product::items::page))
        .route("/products/{id}/parameters", get(product::parameters::page))
        .route("/products/{id}/templates", get(product::templates::page))
        .route("/products/{id}/templates/{template}", get(product::template::page))
        .route(
            "/products/{id}/settings",
            get(product::settings::page).post(product::settings::turn),
        )
        .route("/subscriptions", get(subscriptions::page))
        .route("/subscriptions/fulfillment", get(fulfillment::page))
        .route("/subscriptions/new", get(purchase_wizard::page).post(purchase_wizard::create))
        .route("/subscriptions/{id}", get(subscription::control_panel))
        .route("/subscriptions/{id}/items", get(subscription::items))
        .route("/subscriptions/{id}/parameters", get(subscription::parameters))
        .route("/subscriptions/{id}/details", get(subscription::details))
        .route("/subscriptions/{id}/tiers", get(subscription::tiers))
        .route("/subscriptions/{id}/fulfillment", get(subscription::fulfillment))
        .route("/subscriptions/{id}/change", get(change_wizard::page).post(change_wizard::create))
        .route(
            "/subscriptions/{id}/{verb}",
            get(request_wizard::overview).post(request_wizard::create),
        )
        .route("/subscriptions/{id}/{verb}/summary", get(request_wizard::summary))
        .route("/requests/{id}", get(request::parameters))
        .route("/requests/{id}/items", get(request::items))
        .route("/requests/{id}/details", get(request::details))
        .route("/requests/{id}/tiers", get(request::tiers))
        .route("/requests/{id}/chain", get(request::chain))
        .route("/requests/{id}/notes", post(request::say))
        .route("/requests/{id}/edit", get(edit::page).post(edit::save))
        .route("/requests/{id}/approve", get(approve::page).post(approve::send))
        .route("/requests/{id}/inquire", get(inquire::page).post(inquire::send))
        .route("/requests/{id}/assign", get(assign::page).post(assign::send))
        .route("/requests/{id}/{verb}", get(dialog::page).post(dialog::send))
        .route("/forms/", get(form::page).post(form::send))
        .route("/activity", get(activity::page))
        .route("/activity/{seq}", get(activity::call::page))
        .route("/preferences", post(preferences::save))
        .route("/login", get(login::page).post(login::enter))
        .route("/live", get(live::stream))
        .route("/static/{file}", get(assets::file))
        .fallback(missing::no_such_page)
        .layer(from_fn_with_state(Arc::clone(&ui), guard::pass))
        .with_state(ui)
}
