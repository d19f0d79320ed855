//! One request, by hand.

use connect_model::lifecycle::asset_request::STATUSES;
use connect_model::{AssetRequestType, RequestId, RequestStatus};
use connect_world::Fixture;
use connect_world::command::{ParameterCommand, ProductCommand, RequestCommand};
use reqwest::StatusCode;
use serde_json::json;

use super::stage::{DISTRIBUTOR, Stage};

const SOLD_THROUGH: &str = "CT-6204-1187-3390";

/// A pending purchase that waits for its `subscription_id`.
pub(super) async fn purchase(stage: &Stage) -> String {
    let body = json!({
        "type": "purchase",
        "asset": {
            "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
            "items": [{"mpn": "MPN-A", "quantity": 10}],
            "params": [{"id": "admin_email", "value": "ada@example.com"}],
        },
    });
    let request = stage.vendor(RequestCommand::Create { body }).await;
    request["id"].as_str().unwrap().to_owned()
}

/// A request that a distributor sees, too.
async fn sold(stage: &Stage, kind: AssetRequestType, status: RequestStatus) -> RequestId {
    let fixture = Fixture::new(kind, status).through(&SOLD_THROUGH.into());
    let seeded = stage.emulator.platform().seed(|world, at| world.seed_request(at, &fixture)).await;
    seeded.unwrap().unwrap()
}

async fn as_distributor(stage: &Stage, path: &str) -> String {
    let (name, value) = DISTRIBUTOR;
    stage.get(path).header(name, value).send().await.unwrap().text().await.unwrap()
}

/// A form that is accepted: the page it leads to.
async fn accepted(stage: &Stage, path: &str, fields: &[(&str, &str)]) -> String {
    let response = stage.send(path, fields).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", response.text().await.unwrap());
    let to = response.headers()["location"].to_str().unwrap().to_owned();
    stage.page(to.split('#').next().unwrap()).await
}

/// A form that is refused: the page that says why.
async fn refused(stage: &Stage, path: &str, fields: &[(&str, &str)]) -> String {
    let response = stage.send(path, fields).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = response.text().await.unwrap();
    assert!(page.contains("role=\"alert\""));
    page
}

/// The status in the header of a request's page.
fn status(page: &str) -> &str {
    let (_, rest) = page.split_once("<dd id=\"status\">").unwrap();
    let mark = rest.split_once("</svg>").unwrap().1;
    mark.split('<').next().unwrap()
}

fn offers(page: &str, id: &str, verb: &str) -> bool {
    page.contains(&format!("href=\"/requests/{id}/{verb}\""))
}

#[tokio::test]
async fn a_person_approves_with_a_template_and_what_approval_needs() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/approve");
    let dialog = stage.page(&path).await;
    assert!(dialog.contains(" selected>Default Activation Template</option>"));
    assert!(dialog.contains("name=\"param:subscription_id\"") && dialog.contains("Preview"));

    let page = refused(&stage, &path, &[]).await;
    assert!(page.contains("Required parameters are not filled: subscription_id"));
    let value = ("param:subscription_id", "tenant-7");
    let page = refused(&stage, &path, &[value, ("effective_date", "soon")]).await;
    assert!(page.contains("Datetime has wrong format") && page.contains("value=\"soon\""));
    assert_eq!(status(&stage.page(&format!("/requests/{id}")).await), "Pending");

    let page = accepted(&stage, &path, &[value, ("effective_date", "2026-03-01T12:30")]).await;
    assert_eq!(status(&page), "Approved");
    assert!(page.contains("tenant-7") && page.contains("2026-03-01 12:30:00 UTC"));
    assert!(page.contains("Nothing more can be done") && !offers(&page, &id, "approve"));
}

#[tokio::test]
async fn a_preview_shows_the_template_and_approves_nothing() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let fields = [("preview", "yes"), ("param:subscription_id", "tenant-7")];
    let response = stage.send(&format!("/requests/{id}/approve"), &fields).await;
    assert_eq!(response.status(), StatusCode::OK);
    let page = response.text().await.unwrap();
    assert!(page.contains("what the customer will see") && page.contains("value=\"tenant-7\""));
    assert_eq!(status(&stage.page(&format!("/requests/{id}")).await), "Pending");
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_the_page_shows_it() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/fail");
    let page = refused(&stage, &path, &[("reason", "  ")]).await;
    assert!(page.contains("Missed fields: reason."));
    let page = accepted(&stage, &path, &[("reason", "No <b>capacity</b>")]).await;
    assert_eq!(status(&page), "Failed");
    assert!(page.contains("</strong> No &#60;b&#62;capacity"));
}

#[tokio::test]
async fn an_inquiry_marks_parameters_and_comes_back_to_pending() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/inquire");
    let page = refused(&stage, &path, &[("error:admin_email", "Typo?")]).await;
    assert!(page.contains("at least one parameter should be marked as invalid"));
    assert!(page.contains("value=\"Typo?\""));
    let page = refused(&stage, &path, &[("ask:admin_email", "yes")]).await;
    assert!(page.contains("Say what is wrong with Administrator e-mail."));

    let fields = [("ask:admin_email", "yes"), ("error:admin_email", "This mailbox is full")];
    let page = accepted(&stage, &path, &fields).await;
    assert_eq!(status(&page), "Inquiring");
    assert!(page.contains("This mailbox is full"));
    assert!(offers(&page, &id, "pend") && !offers(&page, &id, "fail"));
    assert!(!offers(&page, &id, "approve") && !offers(&page, &id, "inquire"));

    let page = accepted(&stage, &format!("/requests/{id}/pend"), &[]).await;
    assert_eq!(status(&page), "Pending");
    let page = stage.page(&path).await;
    assert!(page.contains("value=\"This mailbox is full\""), "the next inquiry begins with it");
}

#[tokio::test]
async fn a_request_is_given_to_a_person_and_taken_again() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/assign");
    let dialog = stage.page(&path).await;
    let (_, rest) = dialog.split_once("<option value=\"").unwrap();
    let person = rest.split_once('"').unwrap().0;
    assert!(!dialog.contains("Tor Lindqvist"), "people of the other side are not offered");
    let page = accepted(&stage, &path, &[("person", person)]).await;
    assert!(page.contains("<dd id=\"assignee\">Ines Aldana</dd>"));
    let page = accepted(&stage, &format!("/requests/{id}/unassign"), &[]).await;
    assert!(page.contains("<dd id=\"assignee\">–</dd>") && !offers(&page, &id, "unassign"));
}

#[tokio::test]
async fn what_the_other_side_does_or_a_switch_forbids_is_said() {
    let stage = Stage::start().await;
    let id = sold(&stage, AssetRequestType::Resume, RequestStatus::Pending).await;
    let path = format!("/requests/{id}");
    let page = as_distributor(&stage, &path).await;
    assert!(page.contains("Only the vendor can: Approve, Reject, Inquire."), "{page}");
    assert!(!offers(&page, id.as_str(), "approve") && offers(&page, id.as_str(), "assign"));
    let dialog = as_distributor(&stage, &format!("{path}/approve")).await;
    assert!(dialog.contains("You do not have permission") && !dialog.contains("<button class=\"p"));

    let page = stage.page(&path).await;
    assert!(page.contains("Schedule is not offered: Delayed Activation → Resume is off"));
    let dialog = stage.page(&format!("{path}/schedule")).await;
    assert!(dialog.contains("Delayed Activation → Resume is off for this product."), "{dialog}");
    let scheduled = sold(&stage, AssetRequestType::Resume, RequestStatus::Scheduled).await;
    let page = stage.page(&format!("/requests/{scheduled}")).await;
    assert!(page.contains("Only the distributor can: Revoke."));
}

/// Whatever a page offers is accepted.
#[tokio::test]
async fn the_buttons_tell_the_truth() {
    let stage = Stage::start().await;
    let fields = [
        ("reason", "Because"),
        ("param:subscription_id", "tenant-7"),
        ("ask:admin_email", "yes"),
        ("error:admin_email", "Wrong"),
    ];
    for state in RequestStatus::ALL.iter().filter(|it| STATUSES.contains(&it.as_str())) {
        let (sample, _) = stage.seed(AssetRequestType::Purchase, state.clone()).await;
        let page = stage.page(&format!("/requests/{sample}")).await;
        let links =
            page.split("<a class=\"button").skip(1).filter_map(|link| link.split('"').nth(2));
        let verbs: Vec<&str> =
            links.filter_map(|link| link.rsplit_once('/')).map(|it| it.1).collect();
        assert_eq!(verbs.is_empty(), state.is_final(), "{state}: {verbs:?}");
        for verb in verbs.into_iter().filter(|verb| *verb != "assign") {
            let (id, _) = stage.seed(AssetRequestType::Purchase, state.clone()).await;
            let answer = stage.send(&format!("/requests/{id}/{verb}"), &fields).await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{verb} when {state}");
        }
    }
}

#[tokio::test]
async fn the_vendor_corrects_parameters_by_hand() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/update");
    assert!(stage.page(&path).await.contains("value=\"ada@example.com\""));
    let page = accepted(&stage, &path, &[("param:subscription_id", "tenant-9")]).await;
    assert!(page.contains("tenant-9") && page.contains("ada@example.com"));
    let long = "x".repeat(3000);
    let page = refused(&stage, &path, &[("param:subscription_id", long.as_str())]).await;
    assert!(page.contains("no more than 2048 characters") && page.contains(&long));
}

#[tokio::test]
async fn notes_are_read_by_whom_they_are_for() {
    let stage = Stage::start().await;
    let id = sold(&stage, AssetRequestType::Resume, RequestStatus::Pending).await;
    let path = format!("/requests/{id}/notes");
    let public = [("text", "Tenant is ready"), ("tab", "/items")];
    let page = accepted(&stage, &path, &public).await;
    assert!(page.contains("Tenant is ready") && page.contains("aria-current=\"page\">Items</a>"));
    let private = [("text", "Margin is thin"), ("private", "yes")];
    assert!(accepted(&stage, &path, &private).await.contains("<span class=\"tag\">Private</span>"));
    let page = as_distributor(&stage, &format!("/requests/{id}")).await;
    assert!(page.contains("Tenant is ready") && !page.contains("Margin is thin"));

    let page = refused(&stage, &path, &[("text", ""), ("tab", "/tiers")]).await;
    assert!(page.contains("This field may not be blank."));
    assert!(page.contains(&format!("hx-get=\"/requests/{id}/tiers\"")));
}

#[tokio::test]
async fn every_tab_is_there_and_the_chain_shows_all_requests() {
    let stage = Stage::start().await;
    let (id, asset) = stage.seed(AssetRequestType::Change, RequestStatus::Pending).await;
    let page = stage.page(&format!("/requests/{id}/items")).await;
    assert!(page.contains("<del>10</del> → 20"));
    let chain = stage.page(&format!("/requests/{id}/chain")).await;
    assert!(chain.contains(&format!("href=\"/requests/{id}\"")) && chain.contains(&asset));
    let details = stage.page(&format!("/requests/{id}/details")).await;
    assert!(details.contains("What happened") && details.contains("<strong>Created</strong>"));
    let tiers = stage.page(&format!("/requests/{id}/tiers")).await;
    assert!(tiers.contains("Nobody is behind this subscription"));
    for wrong in [format!("/requests/{id}/nothing"), "/requests/PR-0".to_owned()] {
        assert_eq!(stage.get(&wrong).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_customer_answers_an_inquiry_in_a_form() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let fields = [("ask:admin_email", "yes"), ("error:admin_email", "This mailbox is full")];
    accepted(&stage, &format!("/requests/{id}/inquire"), &fields).await;
    let request = stage.api().get(&format!("/requests/{id}")).await;
    let url = request["params_form_url"].as_str().unwrap();
    let path = url.strip_prefix(&stage.emulator.url()).unwrap();
    assert!(stage.page(&format!("/requests/{id}")).await.contains("Customer’s form</a>"));

    let form = stage.page(path).await;
    assert!(form.contains("This mailbox is full") && form.contains("name=\"param:admin_email\""));
    assert!(!form.contains("param:subscription_id"), "what the vendor fills in is not asked for");
    let guessed = stage.get("/forms/?code=AAAA-AAAA&request_id=").send().await.unwrap();
    assert_eq!(guessed.status(), StatusCode::NOT_FOUND);
    let guessed = stage.get(&format!("/forms/?code=AAAA-AAAA&request_id={id}"));
    assert_eq!(guessed.send().await.unwrap().status(), StatusCode::FORBIDDEN);

    let page = accepted(&stage, path, &[("param:admin_email", "grace@example.com")]).await;
    assert_eq!(status(&page), "Pending");
    assert!(page.contains("grace@example.com") && !page.contains("This mailbox is full"));
    let again = stage.get(path).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::FORBIDDEN, "an answered form is closed");
    assert!(again.text().await.unwrap().contains("This form is closed: it was answered"));
}

/// The platform lets an inquiry mark any parameter, and its form asks for those of the customer.
#[tokio::test]
async fn a_form_that_can_ask_for_nothing_says_what_the_vendor_says() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}");
    let marked = json!({"asset": {"params": [
        {"id": "subscription_id", "value_error": "Which of your tenants is it for?"},
    ]}});
    stage.api().put(&path, &marked).await;
    stage.api().send_to("POST", &format!("{path}/inquire"), &json!({})).await;
    let request = stage.api().get(&path).await;
    let url = request["params_form_url"].as_str().unwrap();
    let form = url.strip_prefix(&stage.emulator.url()).unwrap();
    let page = stage.page(form).await;
    assert!(page.contains("nothing to fill in here") && !page.contains("name=\"param:"), "{page}");
    assert!(page.contains("Which of your tenants is it for?"), "{page}");
    let page = accepted(&stage, form, &[]).await;
    assert_eq!(status(&page), "Pending");
}

#[tokio::test]
async fn a_field_is_of_the_kind_of_its_parameter() {
    let stage = Stage::start().await;
    let product = stage.emulator.product();
    let choices = json!([{"value": "V-1", "label": "First"}, {"value": "V-2", "label": "Second"}]);
    for kind in ["url", "dropdown"] {
        let body = json!({"name": kind, "title": kind, "type": kind, "phase": "ordering",
            "scope": "asset", "constraints": {"choices": choices}});
        stage.vendor(ParameterCommand::Create { product: product.clone(), body }).await;
    }
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/update");
    let page = stage.page(&path).await;
    for (name, kind) in [("admin_email", "email"), ("url", "url"), ("subscription_id", "text")] {
        assert!(page.contains(&format!("<input type=\"{kind}\" name=\"param:{name}\"")), "{page}");
    }
    assert!(page.contains("<select name=\"param:dropdown\">"), "{page}");
    assert!(page.contains("<option value=\"V-2\">Second</option>"), "{page}");

    let page = refused(&stage, &path, &[("param:admin_email", "not-an-email")]).await;
    assert!(page.contains("asset.params.admin_email.value: Enter a valid email address."));
    assert!(page.contains("value=\"not-an-email\""), "what was typed is still there");
    accepted(&stage, &path, &[("param:dropdown", "V-2")]).await;
    let page = stage.page(&path).await;
    assert!(page.contains("<option value=\"V-2\" selected>Second</option>"), "{page}");
}

#[tokio::test]
async fn the_customers_form_refuses_what_is_not_of_its_kind() {
    let stage = Stage::start().await;
    let id = purchase(&stage).await;
    let fields = [("ask:admin_email", "yes"), ("error:admin_email", "This mailbox is full")];
    accepted(&stage, &format!("/requests/{id}/inquire"), &fields).await;
    let request = stage.api().get(&format!("/requests/{id}")).await;
    let url = request["params_form_url"].as_str().unwrap();
    let form = url.strip_prefix(&stage.emulator.url()).unwrap();
    assert!(stage.page(form).await.contains("<input type=\"email\" name=\"param:admin_email\""));
    let page = refused(&stage, form, &[("param:admin_email", "foo")]).await;
    assert!(page.contains("Enter a valid email address."), "{page}");
}

#[tokio::test]
async fn a_day_that_is_over_is_neither_offered_nor_taken() {
    let stage = Stage::start().await;
    let on = json!({"capabilities": {"subscription": {"purchase": {"scheduling": true}}}});
    stage.api().put(&format!("/products/{}", stage.emulator.product()), &on).await;
    let id = purchase(&stage).await;
    let path = format!("/requests/{id}/schedule");
    let page = stage.page(&path).await;
    let (_, min) = page.split_once(" min=\"").unwrap();
    let min = min.split('"').next().unwrap();
    assert_eq!(min.len(), "2024-07-01T00:00".len(), "{min}");
    assert!(min > "2024", "{min}");
    let page = refused(&stage, &path, &[("planned_date", "2020-01-01T00:00")]).await;
    assert!(page.contains("planned_date: The date must be in the future."), "{page}");
    accepted(&stage, &path, &[("planned_date", "2990-01-01T00:00")]).await;
}

/// A draft of a trial, whose product takes drafts and lets purchases be scheduled.
async fn draft(stage: &Stage) -> String {
    let switches = json!({"capabilities": {
        "cart": {"validation": true}, "subscription": {"purchase": {"scheduling": true}},
    }});
    let (id, body) = (stage.emulator.product(), switches);
    stage.vendor(ProductCommand::Update { id, body }).await;
    let body = json!({"type": "purchase", "status": "draft", "asset": {
        "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
        "items": [{"mpn": "MPN-A", "quantity": 10}],
    }});
    let request = stage.vendor(RequestCommand::Create { body }).await;
    request["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_draft_is_deleted_at_its_page_and_nothing_else_is() {
    let stage = Stage::start().await;
    let id = draft(&stage).await;
    let path = format!("/requests/{id}");
    let page = stage.page(&path).await;
    assert!(page.contains(&format!("href=\"{path}/delete\">Delete Draft</a>")), "{page}");
    assert!(page.contains("Zone 1, 0 days"), "{page}");
    assert!(stage.page(&format!("{path}/delete")).await.contains("with its subscription"));
    let list = accepted(&stage, &format!("{path}/delete"), &[]).await;
    assert!(!list.contains(&id), "{list}");
    assert_eq!(stage.get(&path).send().await.unwrap().status(), StatusCode::NOT_FOUND);

    let order = purchase(&stage).await;
    let path = format!("/requests/{order}");
    assert!(!stage.page(&path).await.contains("Delete Draft"));
    let dialog = stage.page(&format!("{path}/delete")).await;
    assert!(dialog.contains("Only drafts can be deleted"), "{dialog}");
    let page = refused(&stage, &format!("{path}/delete"), &[]).await;
    assert!(page.contains("Only drafts can be deleted"), "{page}");
}

#[tokio::test]
async fn a_scheduled_request_is_revoked_and_confirmed_at_its_page() {
    let stage = Stage::start().await;
    draft(&stage).await;
    let path = format!("/requests/{}", purchase(&stage).await);
    let day = [("planned_date", "2990-01-01T00:00")];
    let page = accepted(&stage, &format!("{path}/schedule"), &day).await;
    assert_eq!(status(&page), "Scheduled");
    assert!(!page.contains("Zone "), "{page}");
    let page = refused(&stage, &format!("{path}/revoke"), &[("reason", "")]).await;
    assert!(page.contains("Missed fields: reason."), "{page}");
    let reason = [("reason", "Changed our mind.")];
    let page = accepted(&stage, &format!("{path}/revoke"), &reason).await;
    assert_eq!(status(&page), "Revoking");
    assert!(page.contains("Changed our mind."), "{page}");
    let page = accepted(&stage, &format!("{path}/confirm"), &[]).await;
    assert_eq!(status(&page), "Revoked");
}
