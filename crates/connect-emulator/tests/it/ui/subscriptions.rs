//! Subscriptions → Directory, the details, and the wizards that need a yes.

use connect_model::{AssetRequestType, RequestStatus};
use reqwest::StatusCode;

use super::stage::Stage;

#[tokio::test]
async fn an_empty_world_says_what_to_do_next() {
    let stage = Stage::start().await;
    for path in ["/", "/subscriptions"] {
        assert!(stage.page(path).await.contains("Create Subscription"), "{path}");
    }
}

#[tokio::test]
async fn a_filter_narrows_the_directory_and_bad_rql_says_why() {
    let stage = Stage::start().await;
    let (_, active) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let (_, suspended) = stage.seed(AssetRequestType::Resume, RequestStatus::Pending).await;
    let page = stage.page("/subscriptions?status=suspended").await;
    assert!(page.contains(&suspended) && !page.contains(&active));
    let page = stage.page(&format!("/subscriptions?rql=eq(id,{active})")).await;
    assert!(page.contains(&active) && !page.contains(&suspended));

    let wrong = stage.get("/subscriptions?rql=eq(id").send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().await.unwrap().contains("role=\"alert\""));
}

/// The founding use case, as far as it goes without a processor.
#[tokio::test]
async fn a_suspended_preview_subscription_can_be_asked_to_resume() {
    let stage = Stage::start().await;
    let (failed, asset) = stage.seed(AssetRequestType::Resume, RequestStatus::Failed).await;
    let details = stage.page(&format!("/subscriptions/{asset}")).await;
    assert!(details.contains("Preview") && details.contains("Suspended"));
    assert!(details.contains(&format!("href=\"/subscriptions/{asset}/resume\"")));
    assert!(!details.contains(&format!("href=\"/subscriptions/{asset}/suspend\"")));

    let wizard = stage.page(&format!("/subscriptions/{asset}/resume")).await;
    assert!(wizard.contains("Create Resume Request"));
    let created = stage.send(&format!("/subscriptions/{asset}/resume"), &[]).await;
    assert_eq!(created.status(), StatusCode::SEE_OTHER);
    let summary = created.headers()["location"].to_str().unwrap().to_owned();
    let summary = stage.page(&summary).await;
    assert!(summary.contains("Pending") && summary.contains("Go to Details"));
    assert!(!summary.contains(failed.as_str()));

    let again = stage.send(&format!("/subscriptions/{asset}/resume"), &[]).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().await.unwrap().contains("one request at a time"));
}

#[tokio::test]
async fn without_administrative_hold_there_is_no_resume_and_the_page_says_why() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Resume, RequestStatus::Failed).await;
    let product = stage.emulator.product();
    let off = serde_json::json!({"capabilities": {"subscription": {"hold": false}}});
    stage.api().put(&format!("/products/{product}"), &off).await;

    let details = stage.page(&format!("/subscriptions/{asset}")).await;
    assert!(!details.contains("/resume\""));
    assert!(details.contains("Administrative Hold is off for this product."));
    let wizard = stage.page(&format!("/subscriptions/{asset}/resume")).await;
    assert!(!wizard.contains("Create Resume Request"));
}

/// Whatever the menu offers is accepted, and whatever it does not offer is refused.
#[tokio::test]
async fn the_menu_tells_the_truth() {
    let stage = Stage::start().await;
    for kind in [AssetRequestType::Purchase, AssetRequestType::Suspend, AssetRequestType::Cancel] {
        for status in [RequestStatus::Pending, RequestStatus::Approved, RequestStatus::Failed] {
            for verb in ["suspend", "resume", "cancel"] {
                let (_, asset) = stage.seed(kind.clone(), status.clone()).await;
                let path = format!("/subscriptions/{asset}/{verb}");
                let offered = stage
                    .page(&format!("/subscriptions/{asset}"))
                    .await
                    .contains(&format!("href=\"{path}\""));
                let accepted = stage.send(&path, &[]).await.status() == StatusCode::SEE_OTHER;
                assert_eq!(offered, accepted, "{verb} after a {status} {kind}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_beyond_the_end_leads_back() {
    let stage = Stage::start().await;
    stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    for path in ["/subscriptions", "/subscriptions/fulfillment", "/products"] {
        let page = stage.page(&format!("{path}?offset=50")).await;
        assert!(page.contains("Nothing on this page any more; 1 before it"), "{path}");
        assert!(page.contains("rel=\"prev\"") && !page.contains("yet</h2>"), "{path}");
    }
}

/// The page was made by an earlier run of the emulator, which had counted further.
#[tokio::test]
async fn a_page_of_an_earlier_run_is_told_to_look_again() {
    let stage = Stage::start().await;
    let mut told = stage.get("/live?topics=assets&seen=5000").send().await.unwrap();
    let event = told.chunk().await.unwrap().unwrap();
    assert!(event.starts_with(b"event: change"), "{event:?}");
}
