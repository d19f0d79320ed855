//! Every answer an emulator gave in a test, held against the published document.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use connect_contract::{Contract, Exchange};
use connect_emulator::Call;

use crate::Stage;

/// Fails when one of the stage's answers breaks the contract. Without the document it says so
/// loudly and lets the test go on.
///
/// # Errors
///
/// Names every place where an answer and the document disagree, once.
pub fn held_to_contract(stage: &Stage, contract: Option<&'static Contract>) -> Result<()> {
    let Some(contract) = contract else {
        tracing::warn!("contract NOT CHECKED: the OpenAPI document was not found");
        return Ok(());
    };
    let mut violations = BTreeSet::new();
    for call in stage.emulator.activity().since(0) {
        if let Some(exchange) = exchange(&call)
            && let Err(broken) = contract.check(&exchange)
        {
            violations.extend(broken.iter().map(ToString::to_string));
        }
    }
    let list: Vec<String> = violations.into_iter().collect();
    ensure!(
        list.is_empty(),
        "the contract is broken in {} places:\n{}",
        list.len(),
        list.join("\n")
    );
    Ok(())
}

/// What the platform itself answered; rehearsed faults and our own endpoints are left aside.
fn exchange(call: &Call) -> Option<Exchange<'_>> {
    let path = call.uri.path().strip_prefix("/public/v1")?;
    let status = call.status.filter(|_| call.fault.is_none())?;
    Some(Exchange {
        method: call.method.as_str(),
        path,
        status: status.as_u16(),
        content_type: call.content_type.as_ref().and_then(|value| value.to_str().ok()),
        content_range: call.content_range.as_ref().and_then(|value| value.to_str().ok()),
        body: &call.response.bytes,
    })
}
