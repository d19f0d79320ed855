//! Pages that are cut short, and pages that one row spoils.

use connect_processor::{Ending, Report};

use crate::scripted::{RequestQuery, ScriptedPlatform, fails, id, list, pending};

const REQUESTS: usize = 250;

fn skipped(report: &Report) -> u64 {
    report.ended.get(&Ending::Skipped).copied().unwrap_or_default()
}

#[tokio::test]
async fn pages_that_are_cut_short_hide_no_request() {
    let all: Vec<_> = (0..REQUESTS).map(pending).collect();
    let platform = ScriptedPlatform::that(move |asked| {
        let rows = asked.rows.start..asked.rows.end.min(asked.rows.start + 10);
        list(&all, &RequestQuery { ids: asked.ids.clone(), rows })
    })
    .await;
    let report = platform.skipping().page_size(1000).drain().await.unwrap();
    assert_eq!(skipped(&report), REQUESTS as u64);
}

/// Rows at the ends, in the middle, side by side, and so many that each page has some.
#[tokio::test]
async fn a_row_that_spoils_its_page_hides_no_other() {
    let huge = "x".repeat(2 * 1024 * 1024);
    for bad in [
        vec![0],
        vec![REQUESTS - 1],
        vec![125],
        vec![99, 100],
        vec![10, 11, 12, 13],
        (0..REQUESTS).step_by(20).collect(),
    ] {
        for says in ["500", "too long", "not JSON", "no answer in time"] {
            let (spoiled, huge) = (bad.clone(), huge.clone());
            let all: Vec<_> = (0..REQUESTS).map(pending).collect();
            let platform = ScriptedPlatform::that(move |asked| {
                let has = |number: &usize| match &asked.ids {
                    Some(ids) => ids.contains(&id(*number)),
                    None => asked.rows.contains(number),
                };
                match says {
                    _ if !spoiled.iter().any(has) => list(&all, asked),
                    "500" => fails(500),
                    "too long" => axum::response::IntoResponse::into_response(huge.clone()),
                    "not JSON" => axum::response::IntoResponse::into_response("<h1>Sorry</h1>"),
                    _ => fails(504),
                }
            })
            .await;
            let report = platform.skipping().drain().await.unwrap();
            let healthy = (REQUESTS - bad.len()) as u64;
            assert_eq!(skipped(&report), healthy, "{says} at {bad:?}: {:?}", report.unreadable);
            assert_eq!(report.unreadable.len(), bad.len(), "{says}: {:?}", report.unreadable);
            assert!(!report.is_complete());
        }
    }
}

/// The list is fine; reading one of the requests fails, alone and together with others.
#[tokio::test]
async fn a_request_that_cannot_be_read_spoils_no_reading_of_others() {
    let all: Vec<_> = (0..REQUESTS).map(pending).collect();
    let platform = ScriptedPlatform::that(move |asked| match &asked.ids {
        Some(ids) if ids.contains(&id(7)) => fails(500),
        _ => list(&all, asked),
    })
    .await;
    let report = platform.skipping().drain().await.unwrap();
    assert_eq!(skipped(&report), REQUESTS as u64 - 1);
    assert_eq!(report.open.len(), 1, "{:?}", report.open);
    assert_eq!(report.open[0].request, id(7));
}

#[tokio::test]
async fn a_platform_that_fails_altogether_is_not_asked_for_each_row() {
    let platform = ScriptedPlatform::that(|asked| match asked.rows.is_empty() {
        true => list(&(0..REQUESTS).map(pending).collect::<Vec<_>>(), asked),
        false => fails(500),
    })
    .await;
    platform.skipping().drain().await.unwrap_err();
    assert!(platform.calls() < 30, "{}", platform.calls());
}
