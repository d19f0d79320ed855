//! Connect's pages over the same world as its API. A page asks what the API answers and sends the
//! commands the API takes; no rule of the platform lives here.
//!
//! Every page works without script. With script, the part marked as live is fetched again
//! whenever something it shows has changed.

mod account_form;
mod actions;
mod activity;
mod assets;
mod billing;
mod catalog;
mod change_wizard;
mod changes;
mod conversation;
mod curl;
mod customer;
mod drafts;
mod fields;
mod fulfillment;
mod guard;
mod home;
mod kit;
mod live;
mod login;
mod mark;
mod markdown;
mod missing;
mod page;
mod preferences;
mod product;
mod product_action;
mod products;
mod purchase_wizard;
mod request;
mod request_wizard;
mod role;
mod rows;
mod secrets;
mod sheet_form;
mod shell;
mod stale;
mod subscription;
mod subscriptions;
mod tier_config;
mod transfer_wizard;
mod usage;
mod visitor;
mod webhook;
mod when;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use connect_model::{AssetRequest, TierConfigRequest};

use crate::activity::Activity;
use crate::locality::Locality;
use crate::platform::Platform;
use crate::random::secret;
use connect_clock::Clock;

use changes::Changes;
use drafts::Drafts;
use kit::tabbed;
use request::{delete, dialog, form};
use role::Role;

/// The state that all pages share.
pub(crate) struct Ui {
    platform: Platform,
    activity: Arc<Activity>,
    clock: Arc<dyn Clock>,
    locality: Locality,
    /// The token in every form: other sites cannot read it, so they cannot send it.
    form_token: String,
    /// The token a visitor has to know when others than this machine's users can come.
    login: Option<String>,
    /// The cookie of a visitor who knew it. Cookies go to every port of a host, so it says nothing
    /// of the token, and ends with this process.
    session: String,
    changes: Changes,
    drafts: Drafts,
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
        let drafts = Drafts::default();
        Ok(Arc::new(Self {
            platform,
            activity,
            clock,
            locality: Locality::at(listen),
            form_token,
            login,
            session,
            changes,
            drafts,
        }))
    }

    /// Returns the token in the forms of a page that was shown to a role.
    fn form_token(&self, role: Role) -> String {
        format!("{}-{}", self.form_token, role.word())
    }

    /// Returns the role that the page was shown to whose form has this token; none of a form that is
    /// not ours.
    fn shown_to(&self, token: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| token == self.form_token(*role))
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
        .merge(tabbed::<product::Tab, _>("/products/{id}", product::page))
        .route("/products/{id}/settings", post(product::settings::turn))
        .route("/products/{id}/templates/{template}", get(product::template::page))
        .route("/subscriptions", get(subscriptions::page))
        .route("/subscriptions/fulfillment", get(fulfillment::page))
        .route("/subscriptions/new", get(purchase_wizard::page).post(purchase_wizard::create))
        .merge(tabbed::<subscription::Tab, _>("/subscriptions/{id}", subscription::page))
        .route("/subscriptions/{id}/actions/{action}", get(product_action::follow))
        .route("/subscriptions/{id}/change", get(change_wizard::page).post(change_wizard::create))
        .route(
            "/subscriptions/{id}/transfer",
            get(transfer_wizard::page).post(transfer_wizard::create),
        )
        .route(
            "/subscriptions/{id}/{verb}",
            get(request_wizard::overview).post(request_wizard::create),
        )
        .route("/subscriptions/{id}/{verb}/summary", get(request_wizard::summary))
        .merge(tabbed::<request::Tab, _>("/requests/{id}", request::page))
        .route("/requests/{id}/notes", post(request::say))
        .route(
            "/requests/{id}/delete",
            get(delete::page::<AssetRequest>).post(delete::send::<AssetRequest>),
        )
        .route(
            "/requests/{id}/{verb}",
            get(dialog::page::<AssetRequest>).post(dialog::send::<AssetRequest>),
        )
        .route("/tier-configs", get(tier_config::directory::page))
        .merge(tabbed::<tier_config::Tab, _>("/tier-configs/{id}", tier_config::page))
        .route(
            "/tier-configs/{id}/{verb}",
            get(tier_config::wizard::page).post(tier_config::wizard::create),
        )
        .route("/tier-requests", get(tier_config::requests::page))
        .merge(tabbed::<tier_config::request::Tab, _>(
            "/tier-requests/{id}",
            tier_config::request::page,
        ))
        .route("/tier-requests/{id}/notes", post(tier_config::request::say))
        .route(
            "/tier-requests/{id}/delete",
            get(delete::page::<TierConfigRequest>).post(delete::send::<TierConfigRequest>),
        )
        .route(
            "/tier-requests/{id}/{verb}",
            get(dialog::page::<TierConfigRequest>).post(dialog::send::<TierConfigRequest>),
        )
        .merge(billing::routes())
        .merge(customer::routes())
        .merge(usage::routes())
        .route("/webhooks", get(webhook::directory::page))
        .route("/webhooks/new", get(webhook::edit::blank).post(webhook::edit::create))
        .merge(tabbed::<webhook::Tab, _>("/webhooks/{id}", webhook::page))
        .route("/webhooks/{id}/edit", get(webhook::edit::page).post(webhook::edit::save))
        .route("/webhooks/{id}/{verb}", get(webhook::act::page).post(webhook::act::send))
        .route("/forms/", get(form::page).post(form::send))
        .route("/activity", get(activity::page))
        .route("/activity/news", get(activity::news))
        .route("/activity/{seq}", get(activity::call::page))
        .route("/preferences", post(preferences::save))
        .route("/login", get(login::page).post(login::enter))
        .route("/live", get(live::stream))
        .route("/static/{file}", get(assets::file))
        .fallback(missing::no_such_page)
        .layer(from_fn_with_state(Arc::clone(&ui), guard::pass))
        .with_state(ui)
}
