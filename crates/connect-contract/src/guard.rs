//! The answers of an emulator in a test, held against the document when the test ends.

use std::collections::BTreeSet;
use std::sync::{Arc, Once};

use connect_emulator::{Activity, LoggedCall};

use crate::contract::{Contract, Exchange};

/// The path below which the emulator answers as Connect; elsewhere are endpoints of its own.
const API: &str = "/public/v1";

/// Holds every answer of an emulator against the document when it is dropped.
///
/// It checks what the activity log still has, so
/// [`Config::activity`](connect_emulator::Config::activity) must be large enough. Left aside are
/// answers that a [fault](connect_emulator::Fault) spoiled, answers longer than the log keeps, and
/// `HEAD`, which the document does not speak of. Without the document it says so on stderr, once.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let emulator = connect_emulator::start(connect_emulator::Config::default()).await?;
/// let _guard = connect_contract::Guard::over(emulator.activity());
/// // Calls come here; the end of the scope panics when the answer to one breaks the contract.
/// # Ok::<(), connect_emulator::StartError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Guard {
    activity: Arc<Activity>,
}

impl Guard {
    /// Guards the emulator that writes this log.
    #[must_use]
    pub fn over(activity: &Arc<Activity>) -> Self {
        Self { activity: activity.clone() }
    }

    fn violations(&self, contract: &Contract) -> BTreeSet<String> {
        let calls = self.activity.since(0);
        let exchanges = calls.iter().filter_map(|call| exchange(call));
        let broken = exchanges.filter_map(|exchange| contract.check(&exchange).err());
        broken.flatten().map(|violation| violation.to_string()).collect()
    }
}

impl Drop for Guard {
    /// # Panics
    ///
    /// When an answer breaks the contract, naming every such place once, or the document cannot be
    /// read; not while the test is failing anyway.
    #[expect(clippy::panic, reason = "it stands at the end of tests, which fail by panicking")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let violations = match Contract::load() {
            Ok(Some(contract)) => self.violations(contract),
            Ok(None) => return say_unchecked(),
            Err(error) => panic!("the contract cannot be checked: {error:#}"),
        };
        if !violations.is_empty() {
            let list: Vec<String> = violations.into_iter().collect();
            panic!("the contract is broken in {} places:\n{}", list.len(), list.join("\n"));
        }
    }
}

/// Returns the exchange, if the platform itself answered and the log has it whole.
fn exchange(call: &LoggedCall) -> Option<Exchange<'_>> {
    let path = call.uri.path().strip_prefix(API)?;
    let status = call.status.filter(|_| call.fault.is_none() && !call.response.truncated)?;
    (call.method != "HEAD").then(|| Exchange {
        method: call.method.as_str(),
        path,
        status: status.as_u16(),
        content_type: call.content_type.as_ref().and_then(|value| value.to_str().ok()),
        content_range: call.content_range.as_ref().and_then(|value| value.to_str().ok()),
        body: &call.response.bytes,
    })
}

/// Says loudly that a contract without its document is worth nothing.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see it")]
pub(crate) fn say_unchecked() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        eprintln!("CONTRACT NOT CHECKED: no OpenAPI document; set CONNECT_OPENAPI to its path");
    });
}
