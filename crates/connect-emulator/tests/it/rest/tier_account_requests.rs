//! Requests about changed accounts over HTTP: statuses of the answers, shapes and filters.

use connect_emulator::Config;
use serde_json::{Value, json};

use super::stage::{Stage, text};

const REQUESTS: &str = "/tier/account-requests";

/// A stage whose product hears of changed accounts, and a customer who was renamed with a trial.
async fn renamed(times: usize) -> (Stage, Vec<String>) {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let product = format!("/products/{}", stage.emulator.product());
    let on = json!({"capabilities": {"tiers": {"updates": true}}});
    vendor.put(&product, on).await.expect(200);
    let order = stage.purchase().await;
    let request = vendor.get(&format!("/requests/{}", order.id)).await.json();
    let account = text(&request["asset"]["tiers"]["customer"]["id"]).to_owned();
    let mut ids = Vec::new();
    for number in 0..times {
        let body = json!({
            "type": "update", "account": {"id": account, "name": format!("Name {number}")},
        });
        let made = vendor.post(REQUESTS, body).await.expect(201);
        ids.push(text(&made[0]["id"]).to_owned());
    }
    (stage, ids)
}

#[tokio::test]
async fn each_answer_leads_where_it_should_and_nowhere_else() {
    let (stage, ids) = renamed(2).await;
    let vendor = stage.vendor();
    let path = |id: &str, verb: &str| format!("{REQUESTS}/{id}/{verb}");
    let accepted = vendor.post(&path(&ids[0], "accept"), Value::Null).await.expect(200);
    assert_eq!(accepted["status"], "accepted");
    let why = json!({"reason": "unknown here"});
    let ignored = vendor.post(&path(&ids[1], "ignore"), why.clone()).await.expect(200);
    assert_eq!((&ignored["status"], &ignored["reason"]), (&json!("ignored"), &why["reason"]));
    for id in &ids {
        for (verb, participle) in [("accept", "accepted"), ("ignore", "ignored")] {
            let refused = vendor.post(&path(id, verb), why.clone()).await.refusal();
            let only = format!("400 REQ_003 Only pending requests can be {participle}.");
            assert_eq!(refused, only, "{id} {verb}");
        }
    }
    let long = json!({"reason": "x".repeat(256)});
    let (other, ids) = renamed(1).await;
    let refused = other.vendor().post(&path(&ids[0], "ignore"), long).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert_eq!(other.nobody().post(&path(&ids[0], "accept"), Value::Null).await.status, 401);
    let theirs = other.distributor().post(&path(&ids[0], "accept"), Value::Null).await;
    assert_eq!(theirs.status, 404, "a trial is not seen by distributors");
    for verb in ["approve", "fail", "inquire"] {
        assert_eq!(other.vendor().post(&path(&ids[0], verb), json!({})).await.status, 404);
    }
}

#[tokio::test]
async fn every_documented_filter_finds() {
    let (stage, ids) = renamed(2).await;
    let vendor = stage.vendor();
    vendor.post(&format!("{REQUESTS}/{}/accept", ids[0]), Value::Null).await.expect(200);
    let one = vendor.get(&format!("{REQUESTS}/{}", ids[0])).await.expect(200);
    let found = async |query: String| vendor.get(&format!("{REQUESTS}?{query}")).await.column("id");
    let (account, product) = (&one["account"], &one["product"]);
    for (query, count) in [
        (format!("id={}", ids[0]), 1),
        ("eq(status,accepted)".to_owned(), 1),
        ("in(status,(pending,accepted))".to_owned(), 2),
        (format!("eq(product.id,{})", text(&product["id"])), 2),
        ("ilike(product.name,*a*)".to_owned(), 2),
        (format!("eq(account.id,{})", text(&account["id"])), 2),
        ("eq(account.name,Name 0)".replace(' ', "%20"), 1),
        ("ge(account.version,3)".to_owned(), 1),
        ("eq(account.hub.id,null())".to_owned(), 2),
        ("gt(events.created.at,2000-01-01)&ordering(-events.created.at)".to_owned(), 2),
    ] {
        assert_eq!(found(query.clone()).await.len(), count, "{query}");
    }
    for (order, first) in [
        ("id", &ids[0]),
        ("-id", &ids[1]),
        ("status,-account.name", &ids[0]),
        ("-events.created.at,-account.name", &ids[1]),
        ("account.external_id,account.external_uid,account.id,product.id,-status", &ids[1]),
        ("account.hub.id,account.hub.name,product.name,account.name", &ids[0]),
    ] {
        assert_eq!(found(format!("ordering({order})")).await[0], *first, "{order}");
    }
    for field in ["/id", "/account/external_id", "/account/external_uid", "/product/id"] {
        let query = format!("search={}", text(one.pointer(field).unwrap()));
        assert!(found(query).await.contains(&ids[0]), "{field}");
    }
}

#[tokio::test]
async fn what_the_document_has_no_filter_for_is_refused_by_a_strict_emulator() {
    let stage = Stage::set_with(Config { strict: true, ..Config::default() }).await;
    for query in ["eq(type,update)", "eq(account.environment,preview)", "eq(reason,x)"] {
        let refused = stage.vendor().get(&format!("{REQUESTS}?{query}")).await;
        assert_eq!(refused.status, 400, "{query}: {}", refused.body);
    }
    for order in ["account.version", "type"] {
        let refused = stage.vendor().get(&format!("{REQUESTS}?ordering({order})")).await;
        assert_eq!(refused.status, 400, "{order}: {}", refused.body);
    }
}
