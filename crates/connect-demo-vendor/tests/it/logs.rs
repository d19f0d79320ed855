//! The logs an oracle judges by.

use std::fmt::Write;

use connect_demo_vendor::{Effect, Fault, FaultEffect, LoggedCall, Running, TenantOperation};
use insta::assert_snapshot;
use reqwest::Client;

use crate::talk::{call, heard, talk, vendor};

fn effects(vendor: &Running) -> String {
    vendor.log().iter().fold(String::new(), |mut table, effect| {
        let Effect { seq, tenant, operation, key, changed, .. } = effect;
        let key = key.as_deref().unwrap_or("-");
        let changed = if *changed { "changed" } else { "as before" };
        writeln!(table, "{seq} {tenant} {operation:?} {key} {changed}").unwrap();
        table
    })
}

fn calls(vendor: &Running) -> String {
    vendor.calls().iter().fold(String::new(), |mut table, call| {
        let LoggedCall { seq, operation, subject, key, outcome, status, .. } = call;
        let (subject, key) = (subject.as_deref().unwrap_or("-"), key.as_deref().unwrap_or("-"));
        writeln!(table, "{seq} {operation:?} {subject} {key} {outcome:?} {status}").unwrap();
        table
    })
}

const MIXED: &str = r#"
    key=a POST /tenant {"externalId": "AS-1"}
    key=a POST /tenant {"externalId": "AS-1"}
    key=a POST /tenant {"externalId": "AS-2"}
    PUT /tenant/t-00001/enable
    PUT /tenant/t-00001 {"licences": {"limit": 3}}
    PUT /tenant/t-00001 {"licences": {"limit": 3}}
    GET /tenant/t-00001
    POST /_faults {"on": "disable", "times": 1, "effect": "lose_answer"}
    PUT /tenant/t-00001/disable
    DELETE /tenant/t-00001
    DELETE /tenant/t-00001
    PUT /tenant/t-9/enable
"#;

#[tokio::test]
async fn every_effect_is_logged_once_in_order() {
    let vendor = vendor().await;
    talk(&vendor, MIXED).await;
    assert_snapshot!(effects(&vendor), @r"
    1 t-00001 Create a changed
    2 t-00001 Enable - as before
    3 t-00001 SetLimit - changed
    4 t-00001 SetLimit - as before
    5 t-00001 Disable - changed
    6 t-00001 Delete - changed
    ");
}

#[tokio::test]
async fn every_call_is_logged_with_what_became_of_it() {
    let vendor = vendor().await;
    talk(&vendor, MIXED).await;
    assert_snapshot!(calls(&vendor), @r"
    1 Create AS-1 a Done 201
    2 Create AS-1 a Replayed 201
    3 Create AS-2 a Refused 422
    4 Enable t-00001 - Done 200
    5 SetLimit t-00001 - Done 200
    6 SetLimit t-00001 - Done 200
    7 Read t-00001 - Done 200
    8 Disable t-00001 - Done 200
    9 Delete t-00001 - Done 204
    10 Delete t-00001 - Refused 409
    11 Enable t-9 - Refused 404
    ");
}

#[tokio::test]
async fn the_logs_over_http_are_those_in_process() {
    let vendor = vendor().await;
    talk(&vendor, MIXED).await;
    let get = async |path: &str| reqwest::get(format!("{}{path}", vendor.url())).await.unwrap();

    assert_eq!(get("/_log").await.json::<Vec<Effect>>().await.unwrap(), vendor.log());
    assert_eq!(
        get("/_calls?after=3").await.json::<Vec<LoggedCall>>().await.unwrap(),
        vendor.calls_after(3)
    );
    assert_eq!(get("/_log?after=99").await.text().await.unwrap(), "[]");
    assert_eq!(get("/_log?after=x").await.status(), 400);
    assert_eq!(vendor.log_after(1)[0].seq, 2);
}

#[tokio::test]
async fn effects_that_overlapped_can_be_told_from_those_in_turn() {
    let vendor = vendor().await;
    talk(&vendor, "POST /tenant").await;
    let slow = Fault::new(FaultEffect::Delay { millis: 400 });
    vendor.fault(slow.on_operation(TenantOperation::Disable).times(1));
    let client = Client::new();

    let disable = tokio::spawn(heard(call(&client, &vendor, "PUT /tenant/t-00001/disable")));
    while !vendor.faults().is_empty() {
        tokio::task::yield_now().await;
    }
    heard(call(&client, &vendor, "PUT /tenant/t-00001/enable")).await;
    disable.await.unwrap();

    let log = vendor.log();
    let (create, enable, disable) = (&log[0], &log[1], &log[2]);
    assert_eq!(disable.operation, TenantOperation::Disable);
    assert!(disable.began_at < enable.ended_at && enable.began_at < disable.ended_at);
    assert!(create.ended_at < disable.began_at && create.began_at <= create.ended_at);
    assert!(disable.ended_at - disable.began_at >= 400_000);
}
