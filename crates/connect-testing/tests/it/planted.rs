//! Bugs that are planted in running programs, and how the explorer names them.

use connect_client::BoxError;
use connect_clock::VirtualClock;
use connect_model::AssetRequestType;
use connect_processor::Processor;
use connect_testing::{CrashExplorer, Life, PendingRequest, TestVendor, pending};
use connect_vendor::Api;

use crate::harness::{keyed, keyless};
use crate::planted_parts::*;

fn a_resume() -> PendingRequest {
    pending(AssetRequestType::Resume).parameter("subscription_id", "t-1")
}

/// How many promises were found broken, and the first of them.
async fn found<P>(
    bug: &str,
    vendor: fn(&VirtualClock) -> TestVendor,
    request: PendingRequest,
    processor: P,
) -> String
where
    P: Fn(&Life) -> Result<Processor<Api>, BoxError> + Send + 'static,
{
    let explorer = CrashExplorer::new(vendor, processor).requests([request]);
    let certificate = explorer.explore().await.unwrap();
    let first = certificate.findings.first().map(ToString::to_string);
    format!("{bug}\n  {}", first.as_deref().unwrap_or("NOT FOUND"))
}

/// A life that works on and on is ended, and named.
#[tokio::test]
async fn a_life_that_does_not_end_is_named() {
    let found = found("it reads for ever", keyed, a_resume(), reads_for_ever).await;
    insta::assert_snapshot!(found, @"
        it reads for ever
          resume, without an accident: ended otherwise: the processor of PR-2455-1775-7825-003: it does not end in 20000 calls
        ");
}

#[tokio::test]
async fn every_planted_bug_is_found_and_named() {
    let resume = a_resume;
    let purchase = || pending(AssetRequestType::Purchase);
    assert!(found("none", keyed, resume(), sound_handler).await.ends_with("NOT FOUND"));
    let found = [
        found("a step is repeated at a vendor without keys", keyless, resume(), sound_handler)
            .await,
        found("a refusal is approved", keyed, resume(), approves_although_refused).await,
        found("the vendor is called outside of a step", keyed, resume(), calls_outside_of_a_step)
            .await,
        found("a request is skipped", keyed, resume(), skips).await,
        found("another request's key is used", keyed, resume(), uses_another_requests_key).await,
        found("two effects overlap", keyed, resume(), overlaps).await,
        found("a crash turns the decision", keyed, resume(), changes_its_mind_after_a_crash).await,
        found("the approval is before its step", keyed, resume(), approves_before_its_step).await,
        found("memory is a life's own", keyed, resume(), remembers_outside_of_the_journal()).await,
        found("a rejected purchase leaves its tenant", keyed, purchase(), leaves_its_tenant).await,
        found("the journal records nothing", keyed, resume(), with_journal(Breach::RecordsNothing))
            .await,
        found("the journal loses claims", keyed, resume(), with_journal(Breach::LosesClaims)).await,
        found("the journal forgets steps", keyless, resume(), with_journal(Breach::ForgetsSteps))
            .await,
    ];
    insta::assert_snapshot!(found.join("\n"), @r#"
        a step is repeated at a vendor without keys
          resume, a life ended after vendor PUT tenants/*/enable #1: doubled: PR-2455-1775-7825-003:enable 2 times
        a refusal is approved
          resume, the way to vendor PUT /tenants/*/enable is lost (call 1): approved without proof: PR-2455-1775-7825-003 lacks the record of step `enable`
        the vendor is called outside of a step
          resume, without an accident: approved without proof: PR-2455-1775-7825-003 lacks PUT /tenants/*/enable
        a request is skipped
          resume, without an accident: lost: PR-2455-1775-7825-003 is pending, its run idle
        another request's key is used
          resume, without an accident: an effect nobody asked for: PUT /tenants/*/enable of AS-2455-1775-7825 by PR-0000-0000-0009-001:enable
        two effects overlap
          resume, without an accident: overlapping effects: Some("PR-2455-1775-7825-003:enable") and Some("PR-2455-1775-7825-003:greet") of AS-2455-1775-7825
        a crash turns the decision
          resume, a life ended after journal record #1: rejected, with its effect left: PR-2455-1775-7825-003 PUT /tenants/*/enable
        the approval is before its step
          resume, without an accident: approved without proof: PR-2455-1775-7825-003 lacks the record of step `enable`
        memory is a life's own
          resume, a life ended before platform GET products #1: approved without proof: PR-2455-1775-7825-003 lacks the record of step `enable`
        a rejected purchase leaves its tenant
          purchase, the vendor refuses PUT /tenants/*/limit: rejected, with its effect left: PR-8635-5174-6576-001 POST /tenants
        the journal records nothing
          resume, without an accident: approved without proof: PR-2455-1775-7825-003 lacks PUT /tenants/*/enable
        the journal loses claims
          resume, without an accident: lost: PR-2455-1775-7825-003 is pending, its run running
        the journal forgets steps
          resume, a life ended after vendor PUT tenants/*/enable #1: doubled: PR-2455-1775-7825-003:enable 2 times
        "#);
}
