//! What people and processors that share a journal tell each other: what is paused, and which
//! vendors are down.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use connect_journal::{Control, ControlName, Journal, JournalError};
use connect_model::ProductId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const PAUSE: &str = "pause";
const PAUSE_VENDOR: &str = "pause.vendor.";
const PAUSE_PRODUCT: &str = "pause.product.";
const DRAIN: &str = "drain";
const BREAKER: &str = "breaker.";

/// The longest name of a vendor, in bytes: it is a part of the names of controls.
const LONGEST_VENDOR: usize = 256;

/// What is paused, or goes on: everything that the processors of a journal do, or a part.
///
/// ```
/// use connect_clock::SystemClock;
/// use connect_journal::{JournalError, MemoryJournal};
/// use connect_processor::{Scope, paused};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), JournalError> {
/// let journal = MemoryJournal::new(SystemClock);
/// let product = Scope::Product("PRD-411-678-887".into());
/// product.pause(&journal, "alice").await?;
/// assert_eq!(paused(&journal).await?[0].scope, product);
///
/// Scope::Everything.resume(&journal, "alice").await?;
/// assert!(paused(&journal).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Everything.
    Everything,
    /// What is done for the products of a [vendor](crate::Vendor), by its name.
    Vendor(String),
    /// What is done for a product.
    Product(ProductId),
}

/// A name that no vendor can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a vendor's name has 1 to {LONGEST_VENDOR} bytes and no control characters")]
pub struct BadVendorName;

/// Something that is paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What is.
    pub scope: Scope,
    /// The one who has paused it.
    pub by: String,
    /// The time at which it was paused.
    pub at: Timestamp,
}

impl Scope {
    /// What is done for the products of a [vendor](crate::Vendor), by its name.
    ///
    /// # Errors
    ///
    /// When no vendor can have that name.
    pub fn vendor(name: impl Into<String>) -> Result<Self, BadVendorName> {
        let name = name.into();
        let is_name = 1..=LONGEST_VENDOR;
        match is_name.contains(&name.len()) && !name.contains(char::is_control) {
            true => Ok(Self::Vendor(name)),
            false => Err(BadVendorName),
        }
    }

    /// Pauses it, for every processor of the journal: within a second none begins a run of it, and
    /// what is under way ends. It holds, across restarts, until it is [resumed](Self::resume).
    ///
    /// # Errors
    ///
    /// When the journal cannot be written.
    pub async fn pause(&self, journal: &dyn Journal, by: &str) -> Result<(), JournalError> {
        set(journal, &self.control(), Some(Bytes::new()), by).await
    }

    /// Lets it go on. [`Everything`](Self::Everything) ends every pause, also those of its parts.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read or written.
    pub async fn resume(&self, journal: &dyn Journal, by: &str) -> Result<(), JournalError> {
        if *self != Self::Everything {
            return set(journal, &self.control(), None, by).await;
        }
        set(journal, DRAIN, None, by).await?;
        for pause in paused(journal).await? {
            set(journal, &pause.scope.control(), None, by).await?;
        }
        Ok(())
    }

    fn control(&self) -> String {
        match self {
            Self::Everything => PAUSE.to_owned(),
            Self::Vendor(name) => format!("{PAUSE_VENDOR}{name}"),
            Self::Product(id) => format!("{PAUSE_PRODUCT}{id}"),
        }
    }

    fn of(control: &str) -> Option<Self> {
        if control == PAUSE {
            return Some(Self::Everything);
        }
        if let Some(name) = control.strip_prefix(PAUSE_VENDOR) {
            return Some(Self::Vendor(name.to_owned()));
        }
        control.strip_prefix(PAUSE_PRODUCT).map(|id| Self::Product(id.into()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("everything"),
            Self::Vendor(name) => write!(f, "vendor {name}"),
            Self::Product(id) => write!(f, "product {id}"),
        }
    }
}

/// Pauses everything, and has each processor of the journal that runs now end once nothing of its own
/// is under way. Those that are started later begin nothing until everything is
/// [resumed](Scope::resume).
///
/// # Errors
///
/// When the journal cannot be written.
pub async fn drain(journal: &dyn Journal, by: &str) -> Result<(), JournalError> {
    Scope::Everything.pause(journal, by).await?;
    set(journal, DRAIN, Some(Bytes::new()), by).await
}

/// That the processors of a journal were told to [drain], and how far they have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drain {
    /// The one who told them.
    pub by: String,
    /// The time at which they were told.
    pub at: Timestamp,
    /// The runs that are claimed and not finished: those that are under way, and those of a process
    /// that has died. Once it is 0, all processors that ran then have ended or are about to.
    pub left: u64,
}

/// Returns whether the processors of a journal were told to [drain], and how far they have come.
///
/// # Errors
///
/// When the journal cannot be read.
pub async fn draining(journal: &dyn Journal) -> Result<Option<Drain>, JournalError> {
    let Some(Told { by, at }) = Controls::read(journal).await?.drain else { return Ok(None) };
    Ok(Some(Drain { by, at, left: journal.counts().await?.running }))
}

/// Returns what is paused, and by whom.
///
/// # Errors
///
/// When the journal cannot be read.
pub async fn paused(journal: &dyn Journal) -> Result<Vec<Pause>, JournalError> {
    Ok(Controls::read(journal).await?.paused)
}

/// A vendor that is left alone, because its system does not answer or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorDown {
    /// The vendor's name.
    pub vendor: String,
    /// The time since which nothing of its is begun.
    pub since: Timestamp,
    /// The time at which one run is begun, to see whether it is back.
    pub until: Timestamp,
}

/// Returns the vendors whose circuit breakers are open.
///
/// # Errors
///
/// When the journal cannot be read.
pub async fn vendors_down(journal: &dyn Journal) -> Result<Vec<VendorDown>, JournalError> {
    let open = Controls::read(journal).await?.open.into_iter();
    let down = |(vendor, OpenBreaker { since, until, .. })| VendorDown { vendor, since, until };
    Ok(open.map(down).collect())
}

/// A vendor's breaker, as the processors of a journal tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenBreaker {
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) times: u32,
}

/// Who has told something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) by: String,
    pub(crate) at: Timestamp,
}

/// All controls of a journal. What cannot be understood, as of a later version, is passed over.
#[derive(Debug, Default)]
pub(crate) struct Controls {
    pub(crate) paused: Vec<Pause>,
    /// The processors that ran then were told to drain.
    pub(crate) drain: Option<Told>,
    /// By the names of their vendors.
    pub(crate) open: BTreeMap<String, OpenBreaker>,
}

impl Controls {
    pub(crate) async fn read(journal: &dyn Journal) -> Result<Self, JournalError> {
        let mut controls = Self::default();
        for Control { name, value, by, at } in journal.controls().await? {
            if let Some(vendor) = name.as_str().strip_prefix(BREAKER) {
                let open = serde_json::from_slice(&value).ok();
                controls.open.extend(open.map(|open| (vendor.to_owned(), open)));
            } else if name.as_str() == DRAIN {
                controls.drain = Some(Told { by, at });
            } else if let Some(scope) = Scope::of(name.as_str()) {
                controls.paused.push(Pause { scope, by, at });
            }
        }
        Ok(controls)
    }
}

/// Tells the other processors of a journal how a vendor's breaker stands.
pub(crate) async fn set_breaker(
    journal: &dyn Journal,
    vendor: &str,
    open: Option<OpenBreaker>,
    by: &str,
) -> Result<(), JournalError> {
    let value = open.map(|open| serde_json::to_vec(&open).unwrap_or_default().into());
    set(journal, &format!("{BREAKER}{vendor}"), value, by).await
}

async fn set(
    journal: &dyn Journal,
    name: &str,
    value: Option<Bytes>,
    by: &str,
) -> Result<(), JournalError> {
    journal.set_control(&ControlName::from(name), value, by).await
}
