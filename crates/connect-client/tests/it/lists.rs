//! Lists, pages and what happens when they change or are malformed.

use connect_client::Error;
use connect_model::rql::field;
use connect_model::{AssetRequest, Product};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::platform::{Platform, html, no_content, ok, page, refuses, request};

/// Returns the items of a stream, one line each.
async fn walk(platform: &Platform, page_size: u32) -> String {
    let client = platform.client();
    let rows = client.list::<AssetRequest>().order_by("created").page_size(page_size).stream();
    rows.map(|row| row.map_or_else(|error| format!("! {error}\n"), |row| format!("{}\n", row.id)))
        .collect()
        .await
}

fn rows(ids: &[&str]) -> Value {
    ids.iter().map(|id| request(id)).collect()
}

#[tokio::test(start_paused = true)]
async fn the_query_is_what_the_python_client_sends() {
    let platform = Platform::that([(); 3].map(|()| ok(&json!([]))));
    let client = platform.client();

    let products = ["PRD-111-222-333", "PRD-111-222-444"];
    let pending = client
        .list::<AssetRequest>()
        .without("asset.items")
        .without("asset.params")
        .select("activation_key")
        .filter(field("status").eq("pending") & field("asset.product.id").in_(products))
        .order_by("-created")
        .order_by("id");
    pending.page(0).await.unwrap();
    let named = client.list::<Product>().filter(field("name").eq("Acme Corp")).search("a&b");
    named.page(20).await.unwrap();
    let since = field("created").ge("2024-01-31T10:00:00");
    client.list::<AssetRequest>().filter(since).first().await.unwrap();

    insta::assert_snapshot!(platform.asked(), @"
    GET /requests?select(-asset.items,-asset.params,activation_key)&and(eq(status,pending),in(asset.product.id,(PRD-111-222-333,PRD-111-222-444)))&ordering(-created,id)&limit=100&offset=0
    GET /products?eq(name,Acme%20Corp)&limit=100&offset=20&search=%22a%26b%22
    GET /requests?ge(created,2024-01-31T10:00:00)&limit=1&offset=0
    ");
}

#[tokio::test(start_paused = true)]
async fn several_filters_must_all_hold() {
    let platform = Platform::that([page("items 0-0/0", &json!([]))]);
    let client = platform.client();
    let list = client.list::<AssetRequest>().filter(field("status").eq("pending"));
    let list = list.filter(field("type").ne("adjustment"));
    assert_eq!(list.count().await.unwrap(), 0);
    assert_eq!(
        platform.asked(),
        "GET /requests?and(eq(status,pending),ne(type,adjustment))&limit=0&offset=0\n"
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_that_rql_cannot_say_is_not_sent() {
    let platform = Platform::that([]);
    let client = platform.client();
    let list = client.list::<Product>().filter(field("name").eq("6'2\""));
    let error = list.count().await.unwrap_err();
    assert_eq!(error.code(), "CLT_QUERY");
    assert_eq!(platform.asked(), "");
}

#[tokio::test(start_paused = true)]
async fn a_stream_walks_all_pages() {
    let platform = Platform::that([
        page("items 0-1/5", &rows(&["PR-1", "PR-2"])),
        page("items 2-3/5", &rows(&["PR-3", "PR-4"])),
        page("items 4-4/5", &rows(&["PR-5"])),
    ]);
    insta::assert_snapshot!(walk(&platform, 2).await, @"
    PR-1
    PR-2
    PR-3
    PR-4
    PR-5
    ");
    insta::assert_snapshot!(platform.asked(), @"
    GET /requests?ordering(created)&limit=2&offset=0
    GET /requests?ordering(created)&limit=2&offset=2
    GET /requests?ordering(created)&limit=2&offset=4
    ");
}

#[tokio::test(start_paused = true)]
async fn pages_are_fetched_only_when_needed() {
    let platform = Platform::that([page("items 0-1/5", &rows(&["PR-1", "PR-2"]))]);
    let client = platform.client();
    let mut stream = client.list::<AssetRequest>().page_size(2).stream();
    assert_eq!(platform.asked(), "");
    assert!(stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.unwrap().is_ok());
    assert_eq!(platform.asked().lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_cuts_pages_shorter_loses_no_rows() {
    let platform = Platform::that([
        page("items 0-1/3", &rows(&["PR-1", "PR-2"])),
        page("items 2-2/3", &rows(&["PR-3"])),
    ]);
    assert_eq!(walk(&platform, 1000).await, "PR-1\nPR-2\nPR-3\n");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_shrinks_on_the_way_ends() {
    let platform = Platform::that([
        page("items 0-1/4", &rows(&["PR-1", "PR-2"])),
        page("items 2-2/2", &json!([])),
    ]);
    assert_eq!(walk(&platform, 2).await, "PR-1\nPR-2\n");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_grows_on_the_way_is_walked_to_its_new_end() {
    let platform = Platform::that([
        page("items 0-0/2", &rows(&["PR-1"])),
        page("items 1-1/3", &rows(&["PR-2"])),
        page("items 2-2/3", &rows(&["PR-3"])),
    ]);
    assert_eq!(walk(&platform, 1).await, "PR-1\nPR-2\nPR-3\n");
}

/// Whoever decides by what is not in a list has to know that it was all of it.
#[tokio::test(start_paused = true)]
async fn a_page_that_does_not_say_or_show_what_there_is_ends_the_walk_with_an_error() {
    for (answer, what) in [
        (
            ok(&rows(&["PR-1", "PR-2"])),
            "no Content-Range, so nobody knows whether these are all rows",
        ),
        (ok(&rows(&[])), "no Content-Range, so nobody knows whether these are all rows"),
        (page("items 0-0/2", &rows(&[])), "no rows from 0 on, of 2"),
        (page("items 0-1/2", &rows(&["PR-1"])), "1 rows where the Content-Range has 2"),
        (page("items 0-0/1", &rows(&["PR-1", "PR-2"])), "2 rows where the Content-Range has 1"),
    ] {
        let platform = Platform::that([answer]);
        let walked = walk(&platform, 2).await;
        assert!(walked.starts_with("! ") && walked.contains(what), "{walked}");
    }
    let nothing = Platform::that([page("items 0-0/0", &rows(&[]))]);
    assert_eq!(walk(&nothing, 2).await, "");
}

#[tokio::test(start_paused = true)]
async fn a_malformed_row_does_not_take_the_others_with_it() {
    let mut bad = request("PR-2");
    bad["asset"]["items"] = json!([{"id": "a", "quantity": "1"}, {"id": "b", "quantity": "many"}]);
    let mut nameless = request("PR-3");
    nameless["id"] = json!(null);
    let all = json!([request("PR-1"), bad, nameless, 7, request("PR-4")]);
    let platform = Platform::that([page("items 0-4/5", &all)]);
    insta::assert_snapshot!(walk(&platform, 100).await, @r##"
    PR-1
    ! requests PR-2: asset.items[1].quantity: `many` is not a quantity: expected a number or `unlimited` at line 1 column 165 (answer to GET requests)
    ! requests[2]: id: invalid type: null, expected a string at line 1 column 10 (answer to GET requests)
    ! requests[3]: invalid type: integer `7`, expected struct AssetRequest at line 1 column 1 (answer to GET requests)
    PR-4
    "##);
}

#[tokio::test(start_paused = true)]
async fn a_failed_page_ends_the_stream() {
    let platform = Platform::that([
        page("items 0-1/4", &rows(&["PR-1", "PR-2"])),
        refuses(400, "VAL_001", "Bad filter query."),
    ]);
    insta::assert_snapshot!(walk(&platform, 2).await, @"
    PR-1
    PR-2
    ! GET requests was refused: 400 Bad Request: VAL_001 - Bad filter query.
    ");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_list_is_an_error() {
    let platform = Platform::that([ok(&json!({"id": "PR-1"})), html(200), no_content()]);
    insta::assert_snapshot!(
        [walk(&platform, 2).await, walk(&platform, 2).await, walk(&platform, 2).await].concat(),
        @"
    ! requests: invalid type: map, expected a sequence at line 1 column 0 (answer to GET requests)
    ! GET requests was answered (200 OK) with text/html, not JSON; check that the endpoint is Connect's API
    ! GET requests was answered (204 No Content) with an empty body, not JSON; check that the endpoint is Connect's API
    "
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ignores_the_offset_is_not_walked_forever() {
    let first = || page("items 0-0/2", &rows(&["PR-1"]));
    let platform = Platform::that([first(), first(), first()]);
    insta::assert_snapshot!(walk(&platform, 1).await, @"
    PR-1
    ! GET requests was answered (200 OK) with rows from 0, not from 1; check that the endpoint is Connect's API
    ");
}

#[tokio::test(start_paused = true)]
async fn a_range_that_cannot_be_read_is_an_error_and_not_an_end() {
    let platform = Platform::that([page("items 0-1/*", &rows(&["PR-1", "PR-2"]))]);
    insta::assert_snapshot!(walk(&platform, 2).await, @"! GET requests was answered (200 OK) with the Content-Range `items 0-1/*`; check that the endpoint is Connect's API");
}

#[tokio::test(start_paused = true)]
async fn counting_reads_the_total_and_no_rows() {
    let platform = Platform::that([page("items 0-0/250", &json!([])), ok(&json!([]))]);
    let client = platform.client();
    let list = client.list::<AssetRequest>();
    assert_eq!(list.count().await.unwrap(), 250);
    let error = list.count().await.unwrap_err();
    assert!(matches!(error, Error::Unexpected { .. }), "{error}");
    assert_eq!(platform.asked(), "GET /requests?limit=0&offset=0\n".repeat(2));
}

#[tokio::test(start_paused = true)]
async fn the_first_row_is_asked_for_alone() {
    let platform =
        Platform::that([page("items 0-0/250", &rows(&["PR-1"])), page("items 0-0/0", &json!([]))]);
    let client = platform.client();
    let list = client.list::<AssetRequest>();
    assert_eq!(list.first().await.unwrap().unwrap().id.as_str(), "PR-1");
    assert_eq!(list.first().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn page_sizes_stay_within_what_connect_gives() {
    let platform = Platform::that([(); 2].map(|()| ok(&json!([]))));
    let client = platform.client();
    for size in [0, 5000] {
        client.list::<AssetRequest>().page_size(size).page(0).await.unwrap();
    }
    insta::assert_snapshot!(platform.asked(), @"
    GET /requests?limit=1&offset=0
    GET /requests?limit=1000&offset=0
    ");
}
