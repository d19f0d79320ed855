//! Subscriptions → Fulfillment.

use connect_model::{AssetRequestType, RequestStatus};
use reqwest::StatusCode;

use super::stage::Stage;

const PATH: &str = "/subscriptions/fulfillment";

#[tokio::test]
async fn without_requests_the_list_says_where_they_come_from() {
    let stage = Stage::start().await;
    let page = stage.page(PATH).await;
    assert!(page.contains("No requests yet") && page.contains("href=\"/subscriptions/new\""));
}

#[tokio::test]
async fn requests_are_found_by_type_status_and_what_people_know_of_them() {
    let stage = Stage::start().await;
    let (resume, asset) = stage.seed(AssetRequestType::Resume, RequestStatus::Pending).await;
    let (purchase, _) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let narrow = [
        "type=resume".to_owned(),
        "status=pending".to_owned(),
        format!("q={asset}"),
        format!("q={}", asset.to_lowercase()),
        format!("rql=eq(asset.id,{asset})"),
        "type=resume&environment=preview&status=pending".to_owned(),
    ];
    for query in narrow {
        let page = stage.page(&format!("{PATH}?{query}")).await;
        assert!(page.contains(resume.as_str()), "{query}");
        assert!(!page.contains(purchase.as_str()), "{query}");
    }
    for query in ["q=*", "q=nobody", "environment=production", "product=PRD-000-000-000"] {
        let page = stage.page(&format!("{PATH}?{query}")).await;
        assert!(page.contains("No request like this"), "{query}");
    }
}

#[tokio::test]
async fn the_newest_request_comes_first_unless_another_order_is_chosen() {
    let stage = Stage::start().await;
    let (first, _) = stage.seed(AssetRequestType::Purchase, RequestStatus::Pending).await;
    let (second, _) = stage.seed(AssetRequestType::Purchase, RequestStatus::Pending).await;
    let place = |page: &str, id: &str| page.find(id).unwrap();
    let page = stage.page(PATH).await;
    assert!(place(&page, second.as_str()) < place(&page, first.as_str()));
    assert!(page.contains("aria-sort=\"descending\""));
    let page = stage.page(&format!("{PATH}?sort=created")).await;
    assert!(place(&page, first.as_str()) < place(&page, second.as_str()));
}

#[tokio::test]
async fn bad_rql_says_why_and_keeps_what_was_typed() {
    let stage = Stage::start().await;
    let wrong = stage.get(&format!("{PATH}?rql=eq(id")).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = wrong.text().await.unwrap();
    assert!(page.contains("role=\"alert\"") && page.contains("value=\"eq(id\""));
}
