//! Connect's REST API below `/public/v1`: each route reads the call, hands a command or a question
//! to the platform, and writes the answer. No rule of the platform lives here.
//!
//! Paths and methods: OpenAPI 37.0.

mod auth;
mod door;
mod methods;
mod not_emulated;
mod operations;
pub(crate) mod read_sheet;
mod texts;
pub(crate) mod usage;

use std::sync::LazyLock;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{any, delete, get, post, put};
use bytes::Bytes;
use connect_model::ProductId;
use connect_world::Collection;
use connect_world::command::{
    ActionCommand, BillingRequestCommand, ConfigurationCommand, ConversationCommand, ItemCommand,
    ParameterCommand, ProductCommand, RequestCommand, TemplateCommand, TierAccountCommand,
    TierAccountRequestCommand, TierConfigRequestCommand, UsageChunkCommand, UsageFileCommand,
    UsageRecordCommand, UsageRuleCommand, WebhookCommand,
};
use http::Method;

use crate::answer::{self, Answer, Rejection, Reply};
use crate::platform::Platform;
use door::{Door, Ids};
use methods::{
    Id, Methods, act, act_in_silence, act_with, create, create_in, create_one_or_more, list,
    list_in, read, read_in, remove, remove_in, update, update_in,
};
use not_emulated::not_emulated;

pub(crate) use connect_world::API_PATH as PREFIX;

/// Whether a call may bring a workbook, which is larger than other bodies.
pub(crate) fn takes_workbook(method: &Method, path: &str) -> bool {
    let path = path.strip_prefix(PREFIX).unwrap_or_default().trim_end_matches('/');
    let ends = ["/upload", "/reconciliation"];
    let is_of_file =
        path.starts_with("/usage/files/") && ends.iter().any(|end| path.ends_with(end));
    *method == Method::POST && (is_of_file || path == "/usage/reconciliations")
}

/// The whole API, laid out once for all emulators of a process: the routes are many, and each test of a
/// vendor's has an emulator of its own.
static API: LazyLock<Router<Platform>> = LazyLock::new(lay_out);

/// Returns the whole API: what is not here is not emulated, or does not exist.
pub(crate) fn router() -> Router<Platform> {
    API.clone()
}

fn lay_out() -> Router<Platform> {
    let parts =
        [requests, products, tier_accounts, tier_configs, usage, conversations, webhooks, parties];
    let contents = parts.into_iter().fold(Contents::default(), |contents, add| add(contents));
    contents
        .at("", get(version))
        .at("/auth/context", get(auth::context).post(not_emulated))
        .0
        .route("/public/{*rest}", any(not_emulated::or_not_found))
        .method_not_allowed_fallback(no_such_method)
}

fn requests(contents: Contents) -> Contents {
    use BillingRequestCommand as Billing;
    const BILLING: &str = "/subscriptions/requests";
    contents
        .lists("/requests", Collection::Requests)
        .at("/requests", create(|body| RequestCommand::Create { body }))
        .at("/requests/{id}", update(RequestCommand::update))
        .at("/requests/{id}/render", texts::text(Collection::Requests))
        .all(operations::on_requests())
        .lists("/assets", Collection::Assets)
        .at("/assets/{id}/requests", list_in(Collection::AssetRequests))
        .at("/assets/{id}/render", texts::text(Collection::Assets))
        .lists("/subscriptions/assets", Collection::Subscriptions)
        .lists(BILLING, Collection::BillingRequests)
        .at(BILLING, create(|body| Billing::Create { body }))
        .at(
            "/subscriptions/requests/{id}/attributes",
            update(|id, body| Billing::UpdateAttributes { id, body }),
        )
}

fn products(contents: Contents) -> Contents {
    use ParameterCommand as Parameter;
    use {ActionCommand as Action, ConfigurationCommand as Configuration, ItemCommand as Item};
    use {ProductCommand as Product, TemplateCommand as Template};
    const ITEMS: &str = "/products/{id}/items";
    const PARAMETERS: &str = "/products/{id}/parameters";
    const CONFIGURATIONS: &str = "/products/{id}/configurations";
    const TEMPLATES: &str = "/products/{id}/templates";
    const ACTIONS: &str = "/products/{id}/actions";
    const CONNECTIONS: &str = "/products/{id}/connections";
    contents
        .lists("/products", Collection::Products)
        .at("/products", create(|body| Product::Create { body }))
        .at("/products/{id}", update(|id, body| Product::Update { id, body }))
        .at("/products/{id}", remove(|id| Product::Delete { id }))
        .lists_in(ITEMS, Collection::Items)
        .at(ITEMS, create_in(|product, body| Item::Create { product, body }))
        .at(&one(ITEMS), update_in(|product, id, body| Item::Update { product, id, body }))
        .at(&one(ITEMS), remove_in(|product, id| Item::Delete { product, id }))
        .lists_in(PARAMETERS, Collection::Parameters)
        .at(PARAMETERS, create_in(|product, body| Parameter::Create { product, body }))
        .at(
            &one(PARAMETERS),
            update_in(|product, id, body| Parameter::Update { product, id, body }),
        )
        .at(&one(PARAMETERS), remove_in(|product, id| Parameter::Delete { product, id }))
        .at(CONFIGURATIONS, list_in(Collection::Configurations))
        .at(CONFIGURATIONS, create_in(|product, body| Configuration::Set { product, body }))
        .lists_in(TEMPLATES, Collection::Templates)
        .at(TEMPLATES, create_in(|product, body| Template::Create { product, body }))
        .at(&one(TEMPLATES), update_in(|product, id, body| Template::Update { product, id, body }))
        .at(&one(TEMPLATES), remove_in(|product, id| Template::Delete { product, id }))
        .at("/products/{id}/templates/{part}/render", get(texts::template))
        .at("/templates/{id}/render", get(texts::template_for_request))
        .lists_in(ACTIONS, Collection::Actions)
        .at(ACTIONS, create_in(|product, body| Action::Create { product, body }))
        .at(&one(ACTIONS), update_in(|product, id, body| Action::Update { product, id, body }))
        .at(&one(ACTIONS), remove_in(|product, id| Action::Delete { product, id }))
        .at(
            "/products/{id}/actions/regeneratesecret",
            act(|product| Action::RegenerateSecret { product }),
        )
        .at("/products/{id}/actions/{part}/actionLink", get(action_link))
        .lists_in(CONNECTIONS, Collection::Connections)
        .at(CONNECTIONS, post(not_emulated))
        .at(&one(CONNECTIONS), put(not_emulated))
}

fn tier_accounts(contents: Contents) -> Contents {
    contents
        .lists("/tier/accounts", Collection::TierAccounts)
        .at("/tier/accounts", create_one_or_more(|body| TierAccountCommand::Create { body }))
        .at("/tier/accounts/{id}", update(|id, body| TierAccountCommand::Update { id, body }))
        .at("/tier/accounts/{id}", delete(not_emulated))
        .lists_in("/tier/accounts/{id}/versions", Collection::TierAccountVersions)
        .lists("/tier/account-requests", Collection::TierAccountRequests)
        .at("/tier/account-requests", create(|body| TierAccountRequestCommand::Create { body }))
        .all(operations::on_tier_account_requests())
}

fn tier_configs(contents: Contents) -> Contents {
    use TierConfigRequestCommand as Request;
    const REQUESTS: &str = "/tier/config-requests";
    contents
        .lists("/tier/configs", Collection::TierConfigs)
        .at("/tier/configs/{id}/render", texts::text(Collection::TierConfigs))
        .lists(REQUESTS, Collection::TierConfigRequests)
        .at(REQUESTS, create(|body| Request::Create { body }))
        .at("/tier/config-requests/{id}", update(Request::update))
        .at("/tier/config-requests/{id}/render", texts::text(Collection::TierConfigRequests))
        .all(operations::on_tier_config_requests())
}

fn usage(contents: Contents) -> Contents {
    use {UsageChunkCommand as Chunk, UsageRecordCommand as Record, UsageRuleCommand as Rule};
    const RULES: &str = "/products/{id}/usage/rules";
    const RECONCILIATIONS: &str = "/usage/reconciliations";
    contents
        .lists("/usage/files", Collection::UsageFiles)
        .at("/usage/files", create(|body| UsageFileCommand::Create { body }))
        .at("/usage/files/{id}", update(UsageFileCommand::update))
        .at("/usage/files/{id}/upload", usage::upload())
        .at("/usage/files/{id}/reconciliation", usage::reconcile())
        .at("/usage/files/{id}/approve-all", usage::approve_all())
        .at("/usage/files/{id}/categories", list_in(Collection::UsageCategories))
        .all(operations::on_usage_files())
        .lists("/usage/records", Collection::UsageRecords)
        .at("/usage/records/{id}", update(|id, body| Record::Update { id, body }))
        .at("/usage/records/{id}/close", act_with(|id, body| Record::Close { id, body }))
        .at("/usage/records/close-records", usage::close_records())
        .lists("/usage/chunks", Collection::UsageChunks)
        .at("/usage/chunks/{id}", update(|id, body| Chunk::Update { id, body }))
        .at("/usage/chunks/{id}/close", act_with(|id, body| Chunk::Close { id, body }))
        .at("/usage/chunks/{id}/regenerate", act(|id| Chunk::Regenerate { id }))
        .at("/usage/chunks/{id}/download", get(usage::chunk))
        .lists_in(RULES, Collection::UsageRules)
        .at(RULES, create_in(|product, body| Rule::Create { product, body }))
        .at(&one(RULES), update_in(|product, id, body| Rule::Update { product, id, body }))
        .at(&one(RULES), remove_in(|product, id| Rule::Delete { product, id }))
        .lists(RECONCILIATIONS, Collection::UsageReconciliations)
        .at(RECONCILIATIONS, usage::create_reconciliation())
        .at("/usage/reconciliations/{id}/uploadedfile", get(usage::reconciliation))
        .at("/usage/reconciliations/{id}/processedfile", get(usage::reconciliation))
        .at("/usage/aggregates", list(Collection::UsageAggregates))
        .at("/assets/{id}/usage/aggregates", list_in(Collection::AssetUsage))
        .at("/usage/products/{id}/template", get(usage::template))
}

/// Adds conversations. Where a path takes the id of one, it also takes the id of what it is about.
fn conversations(contents: Contents) -> Contents {
    use ConversationCommand as Conversation;
    const MESSAGES: &str = "/conversations/{id}/messages";
    contents
        .lists("/conversations", Collection::Conversations)
        .at("/conversations", post(not_emulated))
        .at("/conversations/{id}", delete(not_emulated))
        .at("/conversations/{id}/close", act(|conversation| Conversation::Close { conversation }))
        .at(MESSAGES, list_in(Collection::Messages))
        .at(MESSAGES, create_in(|conversation, body| Conversation::Say { conversation, body }))
}

fn webhooks(contents: Contents) -> Contents {
    use WebhookCommand as Webhook;
    const WEBHOOKS: &str = "/notifications/webhooks";
    contents
        .lists(WEBHOOKS, Collection::Webhooks)
        .at(WEBHOOKS, create(|body| Webhook::Create { body }))
        .at("/notifications/webhooks/{id}", update(|id, body| Webhook::Update { id, body }))
        .at("/notifications/webhooks/{id}", remove(|id| Webhook::Delete { id }))
        .at("/notifications/webhooks/{id}/trigger", act_in_silence(|id| Webhook::Trigger { id }))
}

/// Adds the parties, which can only be looked at, so far.
fn parties(contents: Contents) -> Contents {
    contents
        .lists("/hubs", Collection::Hubs)
        .at("/hubs", post(not_emulated))
        .at("/hubs/{id}", put(not_emulated).delete(not_emulated))
        .lists("/marketplaces", Collection::Marketplaces)
        .at("/marketplaces", post(not_emulated))
        .at("/marketplaces/{id}", put(not_emulated).delete(not_emulated))
        .lists("/accounts", Collection::Accounts)
        .at("/accounts", post(not_emulated))
        .at("/accounts/{id}", put(not_emulated).delete(not_emulated))
        .lists("/contracts", Collection::Contracts)
        .at("/contracts/{id}", put(not_emulated).delete(not_emulated))
        .lists("/listings", Collection::Listings)
        .at("/listings/{id}", put(not_emulated))
}

/// Routes as they are written above: without the prefix, and each also with a slash at its end,
/// because old clients send one.
#[derive(Default)]
struct Contents(Router<Platform>);

impl Contents {
    fn at(self, path: &str, methods: Methods) -> Self {
        let slashed = format!("{PREFIX}{path}/");
        let path = format!("{PREFIX}{path}");
        Self(self.0.route(&path, methods.clone()).route(&slashed, methods))
    }

    fn all(self, routes: impl Iterator<Item = (String, Methods)>) -> Self {
        routes.fold(self, |contents, (path, methods)| contents.at(&path, methods))
    }

    /// Adds a collection, and reading its objects.
    fn lists(self, path: &str, collection: Collection) -> Self {
        let objects = format!("{path}/{{id}}");
        self.at(path, list(collection.clone())).at(&objects, read(collection))
    }

    /// Adds a collection that lies in an object, and reading what is in it.
    fn lists_in<P: Id>(self, path: &str, of: fn(P) -> Collection) -> Self {
        self.at(path, list_in(of)).at(&one(path), read_in(of))
    }
}

/// Returns the path of one of the objects of a collection that lies in another.
fn one(path: &str) -> String {
    format!("{path}/{{part}}")
}

/// Answers `GET /products/{product}/actions/{action}/actionLink`.
async fn action_link(door: Door, Ids((product, action)): Ids<(ProductId, String)>) -> Reply {
    door.action_link(&product, &action).await
}

/// Answers `GET /public/v1`: some tools read the platform's version from the headers of this
/// answer.
async fn version() -> impl IntoResponse {
    Answer::ok(Bytes::from_static(b"{}"))
}

async fn no_such_method(method: Method) -> Rejection {
    answer::no_such_method(&method)
}
