//! Actions that make sure, and the template that an approval takes.

use connect_client::{NoTemplate, ReadAfter, SettleError};
use connect_model::asset_request::action::{Approve, Assign, Submit, Unassign};
use connect_model::{Action, Request, TemplateScope, TemplateType, tier_config_request};
use serde_json::{Value, json};

use crate::platform::{Platform, Says, html, no_content, ok, page, refuses};

fn shows(id: &str, status: &str) -> Says {
    ok(&json!({"id": id, "status": status, "asset": {"id": "AS-1"}}))
}

fn no() -> Says {
    refuses(400, "REQ_003", "Only pending and inquiring requests can be approved.")
}

/// Returns the way an action was settled, and the number of calls it took.
async fn settle<R: Request>(
    action: &impl Action<R>,
    read: ReadAfter,
    says: impl IntoIterator<Item = Says>,
) -> (String, usize) {
    let platform = Platform::that(says);
    let client = platform.client();
    let how = match client.settle("PR-1", action, read).await {
        Ok(settled) if settled.doubt.is_none() => "answered".to_owned(),
        Ok(_) => "read".to_owned(),
        Err(SettleError::Failed(_)) => "failed".to_owned(),
        Err(SettleError::NotHappened { status, .. }) => format!("still {status}"),
        Err(SettleError::Unread { .. }) => "unread".to_owned(),
    };
    (how, platform.asked().lines().count())
}

#[tokio::test(start_paused = true)]
async fn an_approval_has_happened_when_the_request_shows_it() {
    let approved = || shows("PR-1", "approved");
    for (says, how) in [
        (vec![approved()], "answered"),
        (vec![shows("PR-1", "pending"), approved()], "read"),
        (vec![shows("PR-2", "approved"), approved()], "read"),
        (vec![no_content(), approved()], "read"),
        (vec![html(200), approved()], "read"),
        (vec![html(502), approved()], "read"),
        (vec![html(502), shows("PR-1", "inquiring")], "still inquiring"),
        (vec![html(502), shows("PR-2", "approved")], "unread"),
        (vec![html(502), refuses(404, "", "Not found.")], "unread"),
        (vec![no()], "failed"),
    ] {
        let calls = says.len();
        let settled = settle(&Approve::default(), ReadAfter::Doubt, says).await;
        assert_eq!(settled, (how.to_owned(), calls));
    }
}

/// Whoever may have told it in an earlier life asks for more.
#[tokio::test(start_paused = true)]
async fn a_refusal_is_settled_by_reading_where_that_is_asked_for() {
    for (status, how) in [("approved", "read"), ("pending", "still pending")] {
        let says = [no(), shows("PR-1", status)];
        let settled = settle(&Approve::default(), ReadAfter::AnyFailure, says).await;
        assert_eq!(settled, (how.to_owned(), 2));
    }
}

#[tokio::test(start_paused = true)]
async fn operations_are_compared_by_where_they_lead() {
    let pending = || shows("PR-1", "pending");
    let (doubt, how) = (ReadAfter::Doubt, |(how, _): (String, usize)| how);
    assert_eq!(how(settle(&Submit {}, doubt, [html(502), pending()]).await), "read");
    let draft = shows("PR-1", "draft");
    assert_eq!(how(settle(&Submit {}, doubt, [html(502), draft]).await), "still draft");
    assert_eq!(how(settle(&Unassign {}, doubt, [html(502), pending()]).await), "read");
    assert_eq!(how(settle(&Assign::default(), doubt, [pending()]).await), "answered");
    let assigned = settle(&Assign::default(), doubt, [html(502), pending()]).await;
    assert_eq!(how(assigned), "still pending");
}

/// Where the platform answers without the request, reading says what its yes was worth.
#[tokio::test(start_paused = true)]
async fn a_yes_that_does_not_show_the_request_is_read_and_is_no_doubt() {
    use tier_config_request::action::{Approve, Assign, Fail};
    let (fail, doubt) = (Fail { reason: "No".to_owned() }, ReadAfter::Doubt);
    for (says, how) in [
        (vec![no_content(), shows("PR-1", "failed")], "answered"),
        (vec![html(200), shows("PR-1", "failed")], "answered"),
        (vec![html(200), shows("PR-1", "pending")], "still pending"),
        (vec![html(502), shows("PR-1", "failed")], "read"),
        (vec![html(502), shows("PR-1", "pending")], "still pending"),
        (vec![no_content(), refuses(404, "", "Not found.")], "unread"),
        (vec![no_content(), shows("PR-2", "failed")], "unread"),
        (vec![no()], "failed"),
    ] {
        let calls = says.len();
        assert_eq!(settle(&fail, doubt, says).await, (how.to_owned(), calls));
    }
    let template = ok(&json!({"template": {"id": "TL-1", "representation": "Hi"}}));
    let approved = settle(&Approve::default(), doubt, [template, shows("PR-1", "approved")]).await;
    assert_eq!(approved, ("answered".to_owned(), 2));
    let user = json!({"id": "UR-1", "name": "Mo Hale"});
    let taken = ok(&json!({"id": "PR-1", "status": "pending", "assignee": user}));
    for (seen, how) in [(taken, "answered"), (shows("PR-1", "pending"), "still pending")] {
        let assigned = settle(&Assign::default(), doubt, [no_content(), seen]).await;
        assert_eq!(assigned, (how.to_owned(), 2));
    }
}

async fn find(wanted: &str, turn: TemplateType, rows: &[Value]) -> Result<String, NoTemplate> {
    let range = format!("items 0-{}/{}", rows.len() - 1, rows.len());
    let platform = Platform::that([page(&range, &json!(rows))]);
    let client = platform.client();
    let found = client.find_template(&"PRD-1".into(), &TemplateScope::Asset, &turn, wanted).await;
    found.map(|id| id.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_template_is_found_by_name_or_id() {
    use TemplateType::{Fulfillment, Inquire};
    let rows = [
        json!({"id": "TL-1", "name": "Thanks", "scope": "tier1"}),
        json!({"id": "TL-2", "name": "Thanks", "scope": "asset", "type": "inquire"}),
        json!({"id": 7}),
        json!({"id": "TL-3", "name": "Thanks", "scope": "asset", "type": "fulfillment"}),
        json!({"id": "TL-4", "name": "Welcome", "scope": "asset"}),
    ];
    assert_eq!(find("Thanks", Fulfillment, &rows).await.unwrap(), "TL-3");
    assert_eq!(find("Thanks", Inquire, &rows).await.unwrap(), "TL-2");
    assert_eq!(find("TL-4", Fulfillment, &rows).await.unwrap(), "TL-4");
    let one_may_be_it = find("Bye", Fulfillment, &rows).await.unwrap_err();
    assert!(matches!(one_may_be_it, NoTemplate::Unreadable(_)), "{one_may_be_it}");
    let none = find("Bye", Fulfillment, &rows[3..]).await.unwrap_err();
    assert_eq!(none.to_string(), "the product has no such template; it has: Thanks, Welcome");
}
