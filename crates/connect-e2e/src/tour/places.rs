//! The way through all pages: every page, tab, dialog and step of a wizard, a line each.

use connect_model::WebhookId;

use super::Place;
use super::customers::Customers;
use super::resellers::Resellers;
use super::story::Cast;
use super::usage::Reports;

pub(super) fn all(product: &str, cast: &Cast) -> Vec<Place> {
    let parts = [
        modules(cast),
        products(product, cast),
        subscriptions(cast),
        wizards(product, cast),
        requests(cast),
        dialogs(cast),
        resellers(&cast.resellers),
        billing(cast),
        customers(&cast.customers),
        usage(&cast.reports),
        webhooks(&cast.webhook),
        distributors(product, cast),
        troubles(cast),
    ];
    parts.into_iter().flatten().collect()
}

fn modules(cast: &Cast) -> Vec<Place> {
    let menu = |asset| format!("/subscriptions/{asset}");
    let waiting = &cast.resellers.waiting_asset;
    vec![
        Place::at("home", "/"),
        Place::at("activity", "/activity"),
        Place::at("activity-all", "/activity?show=all"),
        Place::at("activity-none", "/activity?path=/nowhere"),
        Place::at("call", "/activity/1"),
        Place::at("call-refused", "/activity/4"),
        Place::at("subscription-actions", menu(&cast.suspended)).click("Actions"),
        Place::at("subscription-actions-closed", menu(waiting)).click("Actions"),
    ]
}

fn products(product: &str, cast: &Cast) -> Vec<Place> {
    let at = |tab: &str| format!("/products/{product}{tab}");
    let bare = |tab: &str| format!("/products/{}{tab}", cast.bare);
    vec![
        Place::at("products", "/products"),
        Place::at("products-none", "/products?q=nothing"),
        Place::at("product", at("")),
        Place::at("product-items", at("/items")),
        Place::at("product-parameters", at("/parameters")),
        Place::at("product-templates", at("/templates")),
        Place::at("product-template", at(&format!("/templates/{}", cast.template))),
        Place::at("product-settings", at("/settings")),
        Place::at("product-bare", bare("")),
        Place::at("product-bare-items", bare("/items")),
        Place::at("product-bare-parameters", bare("/parameters")),
        Place::at("product-bare-templates", bare("/templates")),
    ]
}

fn subscriptions(cast: &Cast) -> Vec<Place> {
    let at = |tab: &str| format!("/subscriptions/{}{tab}", cast.active);
    vec![
        Place::at("subscriptions", "/subscriptions"),
        Place::at("subscriptions-none", "/subscriptions?q=nobody"),
        Place::at("subscriptions-unknown-field", "/subscriptions?rql=eq(nosuchfield,1)"),
        Place::at("subscriptions-wrong-filter", "/subscriptions?rql=eq("),
        Place::at("subscription", format!("/subscriptions/{}", cast.resumed)),
        Place::at("subscription-items", at("/items")),
        Place::at("subscription-parameters", at("/parameters")),
        Place::at("subscription-details", at("/details")),
        Place::at("subscription-tiers", at("/tiers")),
        Place::at(
            "subscription-fulfillment",
            format!("/subscriptions/{}/fulfillment", cast.resumed),
        ),
    ]
}

fn wizards(product: &str, cast: &Cast) -> Vec<Place> {
    let Cast { active, suspended, resumed, resume, failed, customer, .. } = cast;
    let Resellers { waiting, waiting_asset, .. } = &cast.resellers;
    let create = format!("/subscriptions/new?offer={product}");
    let order = format!("{create}&customer={customer}");
    let at = |asset, step: &str| format!("/subscriptions/{asset}/{step}");
    let done = |verb, request| format!("{verb}/summary?request={request}");
    vec![
        Place::at("create", "/subscriptions/new"),
        Place::at("create-known-customer", format!("{create}&step=customer")),
        Place::at("create-no-customer", format!("{create}&step=customer&find=nobody")),
        Place::at("create-customer", format!("{create}&step=customer&customer=new")),
        Place::at("create-items", format!("{order}&step=items")),
        Place::at("create-review", format!("{order}&item_{product}-0001=12&step=review")),
        Place::at("create-summary", at(waiting_asset, &done("create", waiting))),
        Place::at("change", at(active, "change")),
        Place::at("change-items", at(active, "change?step=items")),
        Place::at("change-summary", at(active, &done("change", failed))),
        Place::at("change-closed", at(suspended, "change")),
        Place::at("suspend", at(active, "suspend")),
        Place::at("cancel", at(active, "cancel")),
        Place::at("resume", at(suspended, "resume")),
        Place::at("resume-summary", at(resumed, &done("resume", resume))),
    ]
}

fn requests(cast: &Cast) -> Vec<Place> {
    let Cast { pending, inquiring, failed, resume, .. } = cast;
    let at = |tab: &str| format!("/requests/{pending}{tab}");
    vec![
        Place::at("fulfillment", "/subscriptions/fulfillment"),
        Place::at("fulfillment-none", "/subscriptions/fulfillment?q=nobody"),
        Place::at("request", at("")),
        Place::at("request-items", at("/items")),
        Place::at("request-items-changed", format!("/requests/{failed}/items")),
        Place::at("request-details", at("/details")),
        Place::at("request-tiers", at("/tiers")),
        Place::at("request-chain", format!("/requests/{resume}/chain")),
        Place::at("request-inquiring", format!("/requests/{inquiring}")),
        Place::at("request-form", cast.form.clone()),
        Place::at("request-form-without-question", cast.other_form.clone()),
        Place::at("request-failed", format!("/requests/{failed}")),
        Place::at("request-scheduled", format!("/requests/{}", cast.resellers.scheduled)),
    ]
}

fn dialogs(cast: &Cast) -> Vec<Place> {
    let Cast { pending, inquiring, resume, .. } = cast;
    let at = |verb: &str| format!("/requests/{pending}/{verb}");
    let scheduled = &cast.resellers.scheduled;
    vec![
        Place::at("request-edit", at("update")),
        Place::at("approve", at("approve")),
        Place::at("approve-refused", at("approve")).click("Approve").see("not filled"),
        Place::at("approve-over", format!("/requests/{resume}/approve")),
        Place::at("fail", at("fail")),
        Place::at("inquire", at("inquire")),
        Place::at("assign", at("assign")),
        Place::at("schedule", at("schedule")),
        Place::at("schedule-closed", format!("/requests/{inquiring}/schedule")),
        Place::at("pend", format!("/requests/{inquiring}/pend")),
        Place::at("revoke", format!("/requests/{scheduled}/revoke")),
    ]
}

fn resellers(cast: &Resellers) -> Vec<Place> {
    let config = |tab: &str| format!("/tier-configs/{}{tab}", cast.config);
    let request = |tab: &str| format!("/tier-requests/{}{tab}", cast.update);
    let inquiring = |tab: &str| format!("/tier-requests/{}{tab}", cast.inquiring);
    let free = |verb: &str| format!("/tier-configs/{}/{verb}", cast.free);
    vec![
        Place::at("tier-configs", "/tier-configs"),
        Place::at("tier-configs-none", "/tier-configs?q=nobody"),
        Place::at("tier-config", config("")),
        Place::at("tier-config-free", format!("/tier-configs/{}", cast.free)),
        Place::at("tier-config-parameters", config("/parameters")),
        Place::at("tier-config-details", config("/details")),
        Place::at("tier-config-tiers", config("/tiers")),
        Place::at("tier-config-requests", config("/requests")),
        Place::at("tier-config-subscriptions", config("/subscriptions")),
        Place::at("tier-config-processing", format!("/tier-configs/{}", cast.processing)),
        Place::at("tier-update", free("update")),
        Place::at("tier-update-values", free("update?step=values")),
        Place::at("tier-update-summary", config(&format!("/update?request={}", cast.update))),
        Place::at("tier-update-closed", config("/update")),
        Place::at("tier-adjust", free("adjust")),
        Place::at("tier-adjust-values", free("adjust?step=values")),
        Place::at("tier-requests", "/tier-requests"),
        Place::at("tier-requests-none", "/tier-requests?q=nobody"),
        Place::at("tier-request", request("")),
        Place::at("tier-request-details", request("/details")),
        Place::at("tier-request-tiers", request("/tiers")),
        Place::at("tier-request-inquiring", inquiring("")),
        Place::at("tier-request-failed", format!("/tier-requests/{}", cast.failed)),
        Place::at("tier-form", cast.form.clone()),
        Place::at("tier-approve", request("/approve")),
        Place::at("tier-approve-over", format!("/tier-requests/{}/approve", cast.failed)),
        Place::at("tier-fail", request("/fail")),
        Place::at("tier-inquire", request("/inquire")),
        Place::at("tier-edit", request("/update")),
        Place::at("tier-assign", request("/assign")),
        Place::at("tier-pend", inquiring("/pend")),
        Place::at("request-waiting", format!("/requests/{}", cast.waiting)),
        Place::at("subscription-waiting", format!("/subscriptions/{}/tiers", cast.waiting_asset)),
        Place::at("subscription-refused", format!("/subscriptions/{}", cast.refused_asset)),
    ]
}

fn customers(cast: &Customers) -> Vec<Place> {
    let account = |tab: &str| format!("/customers/{}{tab}", cast.account);
    let request = |tab: &str| format!("/customer-requests/{}{tab}", cast.pending);
    vec![
        Place::at("customers", "/customers"),
        Place::at("customers-none", "/customers?q=nobody"),
        Place::at("customer", account("")),
        Place::at("customer-requests-of", account("/requests")),
        Place::at("customer-edit", account("/edit")),
        Place::at("customer-requests", "/customer-requests"),
        Place::at("customer-requests-none", "/customer-requests?q=nobody"),
        Place::at("customer-request", request("")),
        Place::at("customer-request-details", request("/details")),
        Place::at("customer-accept", request("/accept")),
        Place::at("customer-ignore", request("/ignore")),
        Place::at(
            "customer-request-unsupported",
            format!("/customer-requests/{}", cast.unsupported),
        ),
    ]
}

fn usage(reports: &Reports) -> Vec<Place> {
    let Reports { draft, invalid, wrong, pending, accepted, record, rejected } = reports;
    let at = |file, tab: &str| format!("/usage/files/{file}{tab}");
    let record = |tab: &str| format!("/usage/records/{record}{tab}");
    vec![
        Place::at("usage-files", "/usage/files"),
        Place::at("usage-files-none", "/usage/files?q=nothing"),
        Place::at("usage-records", "/usage/records"),
        Place::at("usage-records-none", "/usage/records?q=nothing"),
        Place::at("usage-create", "/usage/files/new"),
        Place::at("usage-draft", at(draft, "")),
        Place::at("usage-draft-records", at(draft, "/records")),
        Place::at("usage-draft-categories", at(draft, "/categories")),
        Place::at("usage-invalid", at(invalid, "")),
        Place::at("usage-invalid-records", at(invalid, "/records")),
        Place::at("usage-accepted", at(accepted, "")),
        Place::at("usage-rejected", at(rejected, "")),
        Place::at("usage-records-of-file", at(accepted, "/records")),
        Place::at("usage-records-of-file-none", at(accepted, "/records?status=closed")),
        Place::at("usage-categories", at(accepted, "/categories")),
        Place::at("usage-upload", at(draft, "/upload")),
        Place::at("usage-submit-early", at(draft, "/submit")),
        Place::at("usage-delete", at(draft, "/delete")),
        Place::at("usage-reprocess", at(invalid, "/reprocess")),
        Place::at("usage-accept", at(pending, "/accept")),
        Place::at("usage-reject", at(pending, "/reject")),
        Place::at("usage-approve-all", at(pending, "/approve-all")),
        Place::at("usage-reconcile", at(accepted, "/reconciliation")),
        Place::at("usage-close", at(accepted, "/close")),
        Place::at("usage-record", record("")),
        Place::at("usage-record-row", record("/row")),
        Place::at("usage-record-wrong", format!("/usage/records/{wrong}/row")),
        Place::at("usage-record-reject", record("/reject")),
        Place::at("usage-record-close", record("/close")),
    ]
}

fn billing(cast: &Cast) -> Vec<Place> {
    let Cast { active, resumed, bill, .. } = cast;
    let at = |tab: &str| format!("/billing-requests/{bill}{tab}");
    let subscription = |asset, page: &str| format!("/subscriptions/{asset}/{page}");
    vec![
        Place::at("billing", "/subscriptions/billing"),
        Place::at("billing-none", "/subscriptions/billing?q=nobody"),
        Place::at("billing-request", at("")),
        Place::at("billing-request-details", at("/details")),
        Place::at("billing-attributes", at("/attributes")),
        Place::at("subscription-billing", subscription(active, "billing")),
        Place::at("subscription-billing-none", subscription(resumed, "billing")),
        Place::at("bill", subscription(active, "bill")),
        Place::at("bill-closed", subscription(&cast.resellers.waiting_asset, "bill")),
    ]
}

fn webhooks(id: &WebhookId) -> Vec<Place> {
    let at = |tab: &str| format!("/webhooks/{id}{tab}");
    vec![
        Place::at("webhooks", "/webhooks"),
        Place::at("webhooks-none", "/webhooks?q=nothing"),
        Place::at("webhook", at("")),
        Place::at("webhook-settings", at("/settings")),
        Place::at("webhook-create", "/webhooks/new"),
        Place::at("webhook-edit", at("/edit")),
        Place::at("webhook-trigger", at("/trigger")),
        Place::at("webhook-delete", at("/delete")),
    ]
}

/// The pages that say something else to the distributor, who sees nothing of the vendor's previews.
fn distributors(product: &str, cast: &Cast) -> Vec<Place> {
    let all = [
        Place::at("distributor-home", "/"),
        Place::at("distributor-products", "/products"),
        Place::at("distributor-settings", format!("/products/{product}/settings")),
        Place::at("distributor-subscriptions", "/subscriptions"),
        Place::at("distributor-fulfillment", "/subscriptions/fulfillment"),
        Place::at("distributor-billing", "/subscriptions/billing"),
        Place::at("distributor-create", "/subscriptions/new"),
        Place::at("distributor-tier-configs", "/tier-configs"),
        Place::at("distributor-tier-requests", "/tier-requests"),
        Place::at("distributor-customers", "/customers"),
        Place::at("distributor-usage", "/usage/files"),
        Place::at("distributor-usage-create", "/usage/files/new"),
        Place::at("distributor-webhooks", "/webhooks"),
        Place::at("distributor-webhook-create", "/webhooks/new"),
        Place::at("not-theirs", format!("/subscriptions/{}", cast.active)),
    ];
    all.map(Place::distributors).into()
}

/// What goes wrong.
fn troubles(cast: &Cast) -> Vec<Place> {
    const OLD_TOKEN: &str = "document.querySelector('main [name=form_token]').value = 'old'";
    const NOBODY_ANSWERS: &str = "document.getElementById('lost').hidden = false";
    let assign = format!("/requests/{}/assign", cast.pending);
    vec![
        Place::at("no-such-page", "/no-such-page"),
        Place::at("no-such-request", "/requests/PR-0000-0000-0000-001"),
        Place::at("form-answered", format!("/forms/?code=guess&request_id={}", cast.pending)),
        Place::at("stale", assign).script(OLD_TOKEN).click("Assign").see("Send it again?"),
        Place::at("lost", "/subscriptions").script(NOBODY_ANSWERS),
        Place::at("login", "/login"),
    ]
}
