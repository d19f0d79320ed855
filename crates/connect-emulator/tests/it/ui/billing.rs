//! Billing: the list, one request, the dialogs, and the tab of a subscription.

use connect_model::{AssetRequestType, RequestStatus};
use reqwest::{Response, StatusCode};

use super::stage::{DISTRIBUTOR, Stage};

const ITEM: &str = "item_PRD-411-678-887-0001";

/// An emulator with a subscription in use.
struct Sold {
    stage: Stage,
    asset: String,
}

impl Sold {
    async fn start() -> Self {
        let stage = Stage::start().await;
        let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
        Self { stage, asset }
    }

    fn path(&self, page: &str) -> String {
        format!("/subscriptions/{}/{page}", self.asset)
    }

    async fn bill(&self, changes: &[(&str, &str)]) -> Response {
        let usual = [
            (ITEM, "3"),
            ("from", "2024-06-01"),
            ("to", "2024-07-01"),
            ("delta", "1"),
            ("uom", "monthly"),
            ("attributes", "{\"invoice\": \"N-17\"}"),
        ];
        let changed = |name: &str| changes.iter().find(|(its, _)| *its == name);
        let fields: Vec<_> = usual.iter().map(|field| *changed(field.0).unwrap_or(field)).collect();
        self.stage.send(&self.path("bill"), &fields).await
    }

    /// Bills it at its page; the page of the bill.
    async fn billed(&self) -> String {
        let answer = self.bill(&[]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_subscription_is_billed_at_its_pages() {
    let sold = Sold::start().await;
    assert!(sold.stage.page("/subscriptions/billing").await.contains("Nothing was billed yet"));
    let tab = sold.stage.page(&sold.path("billing")).await;
    for shown in ["Monthly", "of the month", "Nothing was billed for this subscription yet."] {
        assert!(tab.contains(shown), "{shown}: {tab}");
    }
    let form = sold.stage.page(&sold.path("bill")).await;
    assert!(form.contains(&format!("name=\"{ITEM}\"")) && form.contains("value=\"10\""), "{form}");

    let page = sold.billed().await;
    let shown = sold.stage.page(&page).await;
    for text in ["2024-06-01 – 2024-07-01, 1 × Monthly", "Protected device", "invoice", "N-17"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let id = page.rsplit('/').next().unwrap();
    for list in ["/subscriptions/billing?type=vendor", &sold.path("billing")] {
        assert!(sold.stage.page(list).await.contains(id), "{list}");
    }
    let tab = sold.stage.page(&sold.path("billing")).await;
    assert!(tab.contains("Billed by the vendor") && tab.contains("once"), "{tab}");
    let details = sold.stage.page(&format!("{page}/details")).await;
    assert!(details.contains("Created"), "{details}");
}

#[tokio::test]
async fn attributes_are_written_as_json() {
    let sold = Sold::start().await;
    let page = sold.billed().await;
    let dialog = format!("{page}/attributes");
    assert!(sold.stage.page(&dialog).await.contains("&#34;invoice&#34;: &#34;N-17&#34;"));
    let refused = sold.stage.send(&dialog, &[("attributes", "invoice N-18")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await.unwrap();
    assert!(refused.contains("Write them as JSON") && refused.contains("invoice N-18"));
    sold.stage.send(&dialog, &[("attributes", "{\"invoice\": \"N-18\"}")]).await;
    let shown = sold.stage.page(&page).await;
    assert!(shown.contains("N-18") && !shown.contains("N-17"), "{shown}");
}

#[tokio::test]
async fn a_refused_bill_says_why_and_keeps_what_was_typed() {
    let sold = Sold::start().await;
    for (change, why) in [
        (("to", "2024-05-01"), "period.to: The period ends before it begins."),
        (("from", ""), "period.from: This field may not be blank."),
        (("delta", "-1"), "period.delta: Ensure this value is greater than or equal to 1."),
        (("uom", "hourly"), "period.uom: "),
        ((ITEM, ""), "items: This list may not be empty."),
        ((ITEM, "some"), "items.quantity: A valid number is required."),
        (("attributes", "[]"), "attributes: Write them as JSON"),
    ] {
        let answer = sold.bill(&[change]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(why) && page.contains("Nobody approves it"), "{why}: {page}");
    }
    let none = sold.stage.api().get("/subscriptions/requests").await;
    assert_eq!(none, serde_json::json!([]));
}

#[tokio::test]
async fn what_is_not_in_use_is_not_billed() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Pending).await;
    let why = "Only subscriptions that are active or suspended are billed.";
    for page in ["", "/billing", "/bill"] {
        let shown = stage.page(&format!("/subscriptions/{asset}{page}")).await;
        assert!(shown.contains(why), "{page}: {shown}");
    }
    let form = stage.page(&format!("/subscriptions/{asset}/bill")).await;
    assert!(!form.contains("<form method=\"post\" action"), "{form}");
}

#[tokio::test]
async fn the_vendors_previews_are_billed_by_the_vendor_alone() {
    let sold = Sold::start().await;
    let page = sold.billed().await;
    let (name, value) = DISTRIBUTOR;
    for path in [page.as_str(), &sold.path("bill"), &format!("{page}/attributes")] {
        let answer = sold.stage.get(path).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
