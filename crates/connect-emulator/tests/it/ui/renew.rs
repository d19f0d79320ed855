//! The wizards of renewals and transfers.

use connect_model::{AssetRequestType, RequestStatus};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::Stage;

async fn switch(stage: &Stage, subscription: Value) {
    let path = format!("/products/{}", stage.emulator.product());
    let body = json!({"capabilities": {"subscription": subscription}});
    stage.api().put(&path, &body).await;
}

async fn active(stage: &Stage) -> String {
    stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await.1
}

#[tokio::test]
async fn the_menu_says_what_can_be_renewed() {
    let stage = Stage::start().await;
    let asset = active(&stage).await;
    let (page, renew) =
        (format!("/subscriptions/{asset}"), format!("/subscriptions/{asset}/renew"));
    assert!(!stage.page(&page).await.contains(&renew));
    assert!(stage.page(&renew).await.contains("settings have it switched off"));

    switch(&stage, json!({"renew": {"enable_renew": true}})).await;
    let menu = stage.page(&page).await;
    assert!(menu.contains("It never expires") && !menu.contains(&renew));
    assert!(stage.page(&renew).await.contains("It never expires"));

    let (request, asset) = stage.seed(AssetRequestType::Renew, RequestStatus::Failed).await;
    let page = stage.page(&format!("/subscriptions/{asset}")).await;
    assert!(page.contains("Expires") && page.contains(&format!("/subscriptions/{asset}/renew")));
    assert!(stage.page(&format!("/requests/{request}")).await.contains("Subscription expires"));
}

#[tokio::test]
async fn a_renewal_shows_for_how_long_it_is() {
    let stage = Stage::start().await;
    switch(&stage, json!({"renew": {"enable_renew": true}})).await;
    let (_, asset) = stage.seed(AssetRequestType::Renew, RequestStatus::Failed).await;
    let made = stage.send(&format!("/subscriptions/{asset}/renew"), &[]).await;
    assert_eq!(made.status(), StatusCode::SEE_OTHER);
    let requests = stage.api().get(&format!("/requests?asset.id={asset}&status=pending")).await;
    let id = requests[0]["id"].as_str().unwrap();
    let items = stage.page(&format!("/requests/{id}/items")).await;
    assert!(items.contains("Renewed for 1 month, until "), "{items}");
}

#[tokio::test]
async fn a_transfer_names_somebody_else() {
    let stage = Stage::start().await;
    switch(&stage, json!({"transfer": {"enable_transfer": true}})).await;
    let asset = active(&stage).await;
    let path = format!("/subscriptions/{asset}/transfer");
    assert!(stage.page(&path).await.contains("Create Transfer Request"));
    let nobody = stage.send(&path, &[("customer", ""), ("tier1", "")]).await;
    assert_eq!(nobody.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text().await.unwrap().contains("Accounts are not changed."));
}

#[tokio::test]
async fn the_renewal_schema_is_chosen_in_the_settings() {
    let stage = Stage::start().await;
    let path = format!("/products/{}/settings", stage.emulator.product());
    let chosen = stage.send(&path, &[("schema", "explicit")]).await;
    assert_eq!(chosen.status(), StatusCode::SEE_OTHER);
    let page = stage.page(&path).await;
    assert!(page.contains("value=\"explicit\" aria-pressed=\"true\""), "{page}");
    let refused = stage.send(&path, &[("schema", "sometimes")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("not a valid choice"));
}
