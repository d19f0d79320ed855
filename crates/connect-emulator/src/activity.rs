//! The activity log: the calls to the emulator, and its answers.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, Uri};
use jiff::Timestamp;
use tokio::sync::broadcast;

use crate::fault::FaultEffect;
use crate::rest::PREFIX;
use connect_world::Actor;

/// The most that is kept of one body, in bytes.
const BODY_KEPT: usize = 64 * 1024;

/// The average size of a call, in bytes, above which the log forgets early.
const AVERAGE_CALL: usize = 16 * 1024;

/// The number of calls a slow subscriber may lag behind.
const BACKLOG: usize = 1024;

/// One call and its answer. The `Authorization` header is never kept.
#[derive(Clone, Debug, Default)]
pub struct LoggedCall {
    /// Counts from 1 without gaps, in the order of the answers. The log has gaps where it forgot.
    pub seq: u64,
    /// The time of arrival, by the emulator's clock.
    pub at: Timestamp,
    /// The time the answer took.
    pub duration: Duration,
    /// The caller; `None` when the call carried no valid token.
    pub actor: Option<Actor>,
    /// The program that called, as it names itself in `User-Agent`: the first 200 characters.
    pub user_agent: String,
    /// The method.
    pub method: Method,
    /// The path and the query.
    pub uri: Uri,
    /// The status the caller was told; `None` when a fault hung up instead, and when the call was
    /// given up because its caller hung up or the emulator stopped.
    pub status: Option<StatusCode>,
    /// The status the platform had answered, when a fault replaced or lost it.
    pub lost: Option<StatusCode>,
    /// The fault that struck the call.
    pub fault: Option<FaultEffect>,
    /// The body the caller sent.
    pub request: LoggedBody,
    /// The body the caller got.
    pub response: LoggedBody,
    /// The content type of the answer.
    pub content_type: Option<HeaderValue>,
    /// The range of a list that the answer holds.
    pub content_range: Option<HeaderValue>,
}

impl LoggedCall {
    /// Returns the id the path speaks of: of several, the innermost.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.uri.path().rsplit('/').find(|segment| looks_like_id(segment))
    }

    /// Whether the call could change something.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }

    /// Whether a processor of the vendor asks what there is to do: the list of pending requests.
    #[must_use]
    pub fn is_poll(&self) -> bool {
        let is_vendor = self.actor.as_ref().is_some_and(|actor| actor.vendor().is_ok());
        let asks = self.uri.query().is_some_and(|query| query.contains("pending"));
        let is_person = self.user_agent.starts_with("cnct/");
        is_vendor && asks && !is_person && !self.is_change() && is_list(self.uri.path())
    }

    /// Returns the platform's own answer, whatever the caller was told; `None` when a fault kept
    /// the call from being carried out, and when it was given up.
    #[must_use]
    pub fn carried_out(&self) -> Option<StatusCode> {
        match self.fault {
            Some(FaultEffect::Answer(_) | FaultEffect::Refuse(_) | FaultEffect::LoseCall) => None,
            _ => self.lost.or(self.status),
        }
    }

    fn size(&self) -> usize {
        self.request.bytes.len() + self.response.bytes.len()
    }
}

/// Whether a path is that of a list of requests, of whatever family.
fn is_list(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|path| path.ends_with("requests"))
}

/// Whether a segment looks like an id: an upper-case prefix, a dash or underscore, and digits.
fn looks_like_id(segment: &str) -> bool {
    segment.split_once(['-', '_']).is_some_and(|(prefix, digits)| {
        !prefix.is_empty()
            && prefix.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.bytes().all(|byte| byte.is_ascii_digit() || b"-_".contains(&byte))
    })
}

/// The part of a body that is kept: the first 64 KiB.
#[derive(Clone, Debug, Default)]
pub struct LoggedBody {
    /// The bytes as they went over the wire.
    pub bytes: Bytes,
    /// Whether there were more.
    pub truncated: bool,
}

impl LoggedBody {
    /// Keeps a body. Short ones are shared; of long ones the head is copied, so that the log does
    /// not hold on to the whole.
    pub(crate) fn of(body: &Bytes) -> Self {
        match body.get(..BODY_KEPT) {
            Some(head) if body.len() > BODY_KEPT => {
                Self { bytes: Bytes::copy_from_slice(head), truncated: true }
            }
            _ => Self { bytes: body.clone(), truncated: false },
        }
    }

    /// Returns the body as text; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// The last calls, oldest first.
///
/// It keeps as many as [`Config::activity`](crate::Config::activity) says, and fewer when their
/// bodies take more than 16 KiB on average. A call that changes nothing never drives out one that
/// does; one that does drives out the others, down to half of what is kept.
#[derive(Debug)]
pub struct Activity {
    ring: Mutex<Ring>,
    capacity: usize,
    subscribers: broadcast::Sender<Arc<LoggedCall>>,
}

#[derive(Debug, Default)]
struct Ring {
    calls: BTreeMap<u64, Arc<LoggedCall>>,
    /// The numbers of the calls that changed nothing, and of the others.
    reads: VecDeque<u64>,
    changes: VecDeque<u64>,
    last: u64,
    size: usize,
    last_poll: Option<Timestamp>,
}

impl Ring {
    fn keep(&mut self, call: Arc<LoggedCall>) {
        let order = if call.is_change() { &mut self.changes } else { &mut self.reads };
        order.push_back(call.seq);
        self.size += call.size();
        if call.is_poll() {
            self.last_poll = Some(call.at);
        }
        self.calls.insert(call.seq, call);
    }

    /// Takes out the oldest call of a kind: reads first, unless a change makes room for itself and
    /// reads are no more than half.
    fn forget_one(&mut self, for_change: bool) -> Option<Arc<LoggedCall>> {
        let half = self.calls.len() / 2;
        let spares_reads = for_change && self.reads.len() <= half;
        let (first, second) = match spares_reads {
            true => (&mut self.changes, &mut self.reads),
            false => (&mut self.reads, &mut self.changes),
        };
        let oldest = first.pop_front().or_else(|| second.pop_front())?;
        let call = self.calls.remove(&oldest)?;
        self.size -= call.size();
        Some(call)
    }
}

impl Activity {
    pub(crate) fn new(capacity: usize) -> Self {
        let subscribers = broadcast::Sender::new(BACKLOG);
        Self { ring: Mutex::default(), capacity: capacity.max(1), subscribers }
    }

    /// Returns the calls that are still kept and came after the one numbered `seq`; 0 asks for all.
    #[must_use]
    pub fn since(&self, seq: u64) -> Vec<Arc<LoggedCall>> {
        self.page(seq, usize::MAX)
    }

    /// Returns at most `limit` of the calls that [`since`](Self::since) gives, the oldest of them.
    #[must_use]
    pub fn page(&self, seq: u64, limit: usize) -> Vec<Arc<LoggedCall>> {
        let later = (Bound::Excluded(seq), Bound::Unbounded);
        self.ring().calls.range(later).take(limit).map(|(_, call)| Arc::clone(call)).collect()
    }

    /// Returns the number of the last call; 0 when there was none.
    pub(crate) fn last(&self) -> u64 {
        self.ring().last
    }

    /// Returns when a processor has asked last for what there is to do.
    #[must_use]
    pub fn last_poll(&self) -> Option<Timestamp> {
        self.ring().last_poll
    }

    /// Subscribes to every call from now on. A receiver that lags 1024 calls behind loses the
    /// oldest.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<LoggedCall>> {
        self.subscribers.subscribe()
    }

    /// Adds the call made for the next number.
    pub(crate) fn add(&self, call: impl FnOnce(u64) -> LoggedCall) {
        let mut ring = self.ring();
        ring.last += 1;
        let call = Arc::new(call(ring.last));
        ring.keep(Arc::clone(&call));
        let forgotten = self.forget(&mut ring, call.is_change());
        // Sent under the lock, so that subscribers see calls in their order.
        let _ = self.subscribers.send(call);
        drop(ring);
        drop(forgotten);
    }

    /// Takes out what no longer fits; whoever holds the lock frees it later.
    fn forget(&self, ring: &mut Ring, for_change: bool) -> Vec<Arc<LoggedCall>> {
        let mut forgotten = Vec::new();
        while ring.calls.len() > self.capacity || ring.size > self.budget() {
            let Some(oldest) = ring.forget_one(for_change) else { break };
            forgotten.push(oldest);
        }
        forgotten
    }

    fn budget(&self) -> usize {
        self.capacity.saturating_mul(AVERAGE_CALL).max(2 * BODY_KEPT)
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
