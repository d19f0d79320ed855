//! Lists: pages, totals, filters of both dialects, ordering and select.

use connect_emulator::Config;
use serde_json::Value;

use super::stage::{Order, Stage, text};

async fn three_purchases(stage: &Stage) -> Vec<Order> {
    vec![stage.purchase().await, stage.purchase().await, stage.purchase().await]
}

/// Tools take the first row for the account their key belongs to.
#[tokio::test]
async fn the_first_account_is_the_callers_own() {
    let stage = Stage::set().await;
    for caller in [stage.vendor(), stage.distributor()] {
        let own = caller.get("/auth/context").await.expect(200)["account"]["id"].clone();
        for query in ["", "?limit=1&offset=0", "?limit=1"] {
            let accounts = caller.get(&format!("/accounts{query}")).await.expect(200);
            assert_eq!(accounts[0]["id"], own, "{query}");
        }
        let by_id = caller.get("/accounts?ordering(id)").await.column("id");
        assert!(by_id.is_sorted(), "an order that is asked for goes before: {by_id:?}");
    }
}

#[tokio::test]
async fn pages_say_where_they_lie() {
    let stage = Stage::set().await;
    three_purchases(&stage).await;
    let mut table = String::new();
    for query in [
        "",
        "?limit=2",
        "?limit=2&offset=2",
        "?limit=0",
        "?offset=9",
        "?offset=99999999999",
        "?limit=x",
        "?eq(status,failed)",
    ] {
        let said = stage.vendor().get(&format!("/requests{query}")).await;
        let rows = said.json().as_array().map_or(0, Vec::len);
        table += &format!("{query:>18}: {rows} rows, {}\n", said.header("content-range"));
    }
    insta::assert_snapshot!(table, @r"
                      : 3 rows, items 0-2/3
              ?limit=2: 2 rows, items 0-1/3
     ?limit=2&offset=2: 1 rows, items 2-2/3
              ?limit=0: 0 rows, items 0-0/3
             ?offset=9: 0 rows, items 9-9/3
    ?offset=99999999999: 0 rows, items 99999999999-99999999999/3
              ?limit=x: 3 rows, items 0-2/3
    ?eq(status,failed): 0 rows, items 0-0/0
    ");
}

#[tokio::test]
async fn every_spelling_of_a_filter_finds_the_same() {
    let stage = Stage::set().await;
    let orders = three_purchases(&stage).await;
    stage.fill(&orders[1]).await;
    stage.approve(&orders[1]).await;
    let product = stage.emulator.product();
    for query in [
        "status=approved".to_owned(),
        "eq(status,approved)".to_owned(),
        format!("and(eq(status,approved),in(asset.product.id,({product})))"),
        format!("in(asset.product.id,({product}))&eq(status,approved)&limit=1000"),
        "status__in=approved,failed".to_owned(),
        "ilike(status,APPRO*)".to_owned(),
        "eq%28status%2Capproved%29".to_owned(),
        format!("id__exact={}", orders[1].id),
        format!("eq(asset.id,{})", orders[1].asset),
        "not(eq(status,pending))".to_owned(),
    ] {
        let said = stage.vendor().get(&format!("/requests?{query}")).await;
        assert_eq!(said.status, 200, "{query}: {}", said.body);
        assert_eq!(said.column("id"), [orders[1].id.as_str()], "{query}");
    }
}

#[tokio::test]
async fn rows_come_in_the_order_that_was_asked_for() {
    let stage = Stage::set().await;
    let ids: Vec<String> = three_purchases(&stage).await.into_iter().map(|it| it.id).collect();
    let newest_first: Vec<String> = ids.iter().rev().cloned().collect();
    for (query, expected) in [
        ("", &newest_first),
        ("?ordering(-created)", &newest_first),
        ("?ordering(created)", &ids),
        ("?order_by=created", &ids),
        ("?ordering(-events.created.at)", &newest_first),
        ("?ordering(events.created.at)", &ids),
    ] {
        let said = stage.vendor().get(&format!("/requests{query}")).await;
        assert_eq!(&said.column("id"), expected, "{query}");
    }
}

#[tokio::test]
async fn select_leaves_fields_out() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    for path in ["/requests".to_owned(), format!("/requests/{}", order.id)] {
        let said = stage.vendor().get(&format!("{path}?select(-asset.items,-asset.params)")).await;
        let json = said.expect(200);
        let request = if json.is_array() { &json[0] } else { &json };
        assert_eq!(request["asset"]["items"], Value::Null, "{path}");
        assert_eq!(request["asset"]["params"], Value::Null, "{path}");
        assert_eq!(request["asset"]["id"], order.asset.as_str(), "{path}");
    }
}

#[tokio::test]
async fn products_are_searched_by_their_name_and_their_owners() {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let product = vendor.get(&format!("/products/{}", stage.emulator.product())).await.expect(200);
    for (term, expected) in [
        (text(&product["name"]), "items 0-0/1"),
        (text(&product["owner"]["name"]), "items 0-0/1"),
        ("nowhere", "items 0-0/0"),
    ] {
        let path = format!("/products?search={}", term.replace(' ', "%20"));
        assert_eq!(vendor.get(&path).await.header("content-range"), expected, "{term}");
    }
}

#[tokio::test]
async fn a_strict_emulator_refuses_filters_it_does_not_know() {
    let lenient = Stage::set().await;
    let strict = Stage::set_with(Config { strict: true, ..Config::default() }).await;
    for path in ["/requests", "/hubs", "/tier/accounts"] {
        let path = format!("{path}?eq(colour,red)");
        assert_eq!(lenient.vendor().get(&path).await.status, 200, "{path}");
        let refused = strict.vendor().get(&path).await.refusal();
        assert_eq!(refused, "400 VAL_001 colour: there is no such filter.", "{path}");
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_refused() {
    let stage = Stage::set().await;
    for query in ["eq(status", "and(eq(a,b),", "limit=1&limit=2", "ordering(nothing)"] {
        let said = stage.vendor().get(&format!("/requests?{query}")).await;
        assert_eq!(said.status, 400, "{query}: {}", said.body);
        assert!(said.refusal().starts_with("400 VAL_001"), "{query}: {}", said.body);
    }
}

#[tokio::test]
async fn every_collection_can_be_listed_and_its_rows_read() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    let product = format!("/products/{}", stage.emulator.product());
    let paths = [
        "/requests".to_owned(),
        "/assets".to_owned(),
        "/products".to_owned(),
        format!("{product}/items"),
        format!("{product}/parameters"),
        format!("{product}/templates"),
        format!("{product}/connections"),
        "/hubs".to_owned(),
        "/marketplaces".to_owned(),
        "/accounts".to_owned(),
        "/contracts".to_owned(),
        "/listings".to_owned(),
        "/conversations".to_owned(),
    ];
    for path in paths {
        let listed = stage.vendor().get(&path).await;
        assert_eq!(listed.status, 200, "{path}: {}", listed.body);
        let ids = listed.column("id");
        assert!(!ids.is_empty(), "{path} is empty");
        assert!(listed.header("content-range").starts_with("items 0-"), "{path}");
        let read = stage.vendor().get(&format!("{path}/{}", ids[0])).await.expect(200);
        assert_eq!(read["id"], ids[0].as_str(), "{path}");
    }
    let history = stage.vendor().get(&format!("/assets/{}/requests", order.asset)).await;
    assert_eq!(history.column("id"), [order.id]);
}
