//! The gate that runs pass before they are claimed: what is paused, whose vendor is down, of which
//! product enough are under way.

mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Budget, Clock, Monotonic};
use connect_journal::{Group, Journal, JournalError};
use connect_model::ProductId;
use jiff::Timestamp;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tracing::{debug, info, warn};

use crate::breaker::{Change, Circuit, Lets};
use crate::conclusion::Shut;
use crate::controls::{OpenBreaker, Scope, Told};
use crate::health::{Health, Hold};
use crate::log_fields::millis;
use crate::settings::Settings;
use crate::since::Since;
use crate::vendor::Vendor;

/// The group of runs whose request does not say its product.
const NO_PRODUCT: &str = "no product";

/// The time ahead that a vendor's budget may be spent before nothing more of it is begun.
const BACKLOG: Duration = Duration::from_secs(2);

/// The time after which a run that was let through by mistake is claimed again.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Returns the group of the runs of a product.
pub(crate) fn group(product: Option<&ProductId>) -> Group {
    Group::from(product.map_or(NO_PRODUCT, |product| product.as_str()))
}

/// The vendors of one processor, and what may be begun of each.
pub(crate) struct Gate {
    vendors: Vec<GatedVendor>,
    at_once: Option<usize>,
    /// Told of everything that is shut.
    health: Health,
    clock: Arc<dyn Clock>,
    started: Timestamp,
    state: Mutex<State>,
    /// Told when something may have been let through.
    pub(crate) changed: Notify,
}

/// A vendor; the first is the one of all products that no other has.
struct GatedVendor {
    name: String,
    products: Vec<ProductId>,
    budget: Option<Budget>,
}

struct State {
    circuits: Vec<Circuit>,
    /// The vendors whose breakers the journal does not know as they are.
    unsaved: BTreeSet<usize>,
    /// The breakers as the journal has them. What has not changed there is not taken over again.
    saved: Vec<Option<OpenBreaker>>,
    paused: BTreeSet<Scope>,
    /// The one who has told the processor to drain.
    drain: Option<Told>,
    /// Whether nothing begins any more, for whatever reason.
    is_closed: bool,
    /// The groups of products that were met.
    seen: BTreeSet<Group>,
    places: BTreeMap<Group, Arc<Semaphore>>,
    read: Option<Monotonic>,
}

/// What may be claimed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Claimable {
    Nothing,
    /// Everything but these groups.
    Except(Vec<Group>),
}

/// The one run that shows whether a vendor is back; until it is dropped, there is no other.
pub(crate) struct Probe {
    gate: Arc<Gate>,
    vendor: usize,
}

impl Drop for Probe {
    fn drop(&mut self) {
        let now = self.gate.clock.monotonic();
        let mut state = self.gate.state();
        state.circuits[self.vendor].probed(now);
        state.unsaved.insert(self.vendor);
        drop(state);
        self.gate.changed.notify_one();
    }
}

impl Gate {
    /// Opens the gate of a processor; shut, where that is wanted.
    pub(crate) async fn open(
        settings: &Settings,
        journal: &dyn Journal,
        health: &Health,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<Self>, JournalError> {
        if settings.starts_paused {
            shared::pause_at_start(journal).await?;
        }
        Ok(Arc::new(Self::new(settings, health.clone(), Arc::clone(clock))))
    }

    fn new(settings: &Settings, health: Health, clock: Arc<dyn Clock>) -> Self {
        let (of_others, of_rest): (Vec<_>, Vec<_>) =
            settings.vendors.iter().cloned().partition(|vendor| !vendor.products.is_empty());
        let rest = of_rest.into_iter().next_back().unwrap_or_default();
        let vendors: Vec<Vendor> = std::iter::once(rest).chain(of_others).collect();
        let circuits: Vec<Circuit> =
            vendors.iter().map(|vendor| Circuit::new(vendor.breaker)).collect();
        let budget = |vendor: &Vendor, rate| match &settings.account {
            Some(account) => account.among.budget(&vendor.name, rate, &clock),
            None => Budget::new(rate, Arc::clone(&clock)),
        };
        let gated = |vendor: Vendor| GatedVendor {
            budget: vendor.rate.map(|rate| budget(&vendor, rate)),
            name: vendor.name,
            products: vendor.products,
        };
        Self {
            vendors: vendors.into_iter().map(gated).collect(),
            at_once: settings.product_concurrency.map(NonZeroUsize::get),
            health,
            started: clock.now(),
            clock,
            state: Mutex::new(State {
                saved: vec![None; circuits.len()],
                circuits,
                unsaved: BTreeSet::new(),
                paused: BTreeSet::new(),
                drain: None,
                is_closed: false,
                seen: BTreeSet::new(),
                places: BTreeMap::new(),
                read: None,
            }),
            changed: Notify::new(),
        }
    }

    /// Takes down that there are runs of a product.
    pub(crate) fn meet(&self, product: Option<&ProductId>) -> Group {
        let group = group(product);
        let mut state = self.state();
        if !state.seen.contains(&group) {
            state.seen.insert(group.clone());
        }
        group
    }

    /// Returns what may be claimed now, the probes of vendors apart.
    pub(crate) fn claimable(&self) -> Claimable {
        let (state, now) = (self.state(), self.clock.monotonic());
        if state.is_closed || state.paused.contains(&Scope::Everything) {
            return Claimable::Nothing;
        }
        let mut except = state.full();
        for (index, vendor) in self.vendors.iter().enumerate() {
            let spent = vendor.budget.as_ref().is_some_and(|it| it.backlog() > BACKLOG);
            let is_open = state.circuits[index].lets(now) != Lets::Everything;
            if spent || is_open || state.pauses(&vendor.name) {
                if self.vendors.len() == 1 {
                    return Claimable::Nothing;
                }
                except.extend(self.groups(index, &state));
            }
        }
        Claimable::Except(except)
    }

    /// Returns the vendors of which one run may show whether they are back, each with the groups of
    /// all others.
    pub(crate) fn probes(&self) -> Vec<(usize, Vec<Group>)> {
        let (state, now) = (self.state(), self.clock.monotonic());
        if state.is_closed || state.paused.contains(&Scope::Everything) {
            return Vec::new();
        }
        let ready = |index: &usize| {
            state.circuits[*index].lets(now) == Lets::OneProbe
                && !state.pauses(&self.vendors[*index].name)
        };
        let others = |index| {
            let others = (0..self.vendors.len()).filter(move |other| *other != index);
            let mut except = state.full();
            except.extend(others.flat_map(|other| self.groups(other, &state)));
            (index, except)
        };
        (0..self.vendors.len()).filter(ready).map(others).collect()
    }

    /// Begins the probe of a vendor.
    pub(crate) fn probe(self: &Arc<Self>, vendor: usize) -> Probe {
        let mut state = self.state();
        state.circuits[vendor].probe(self.clock.monotonic());
        state.unsaved.insert(vendor);
        Probe { gate: Arc::clone(self), vendor }
    }

    /// The known groups of a vendor's products.
    fn groups(&self, index: usize, state: &State) -> Vec<Group> {
        if index != 0 {
            return self.vendors[index].products.iter().map(|it| group(Some(it))).collect();
        }
        let is_rest = |group: &&Group| self.vendor_of_group(group) == 0;
        state.seen.iter().filter(is_rest).cloned().collect()
    }

    fn vendor_of_group(&self, group: &Group) -> usize {
        let has = |vendor: &GatedVendor| {
            vendor.products.iter().any(|product| product.as_str() == group.as_str())
        };
        self.vendors.iter().position(has).unwrap_or_default()
    }

    /// Lets a claimed run in, under the eyes of its vendor's breaker. What a claim could not know,
    /// as of a product that was never met, is looked at here.
    pub(crate) fn enter(
        self: &Arc<Self>,
        product: Option<&ProductId>,
        probe: Option<&Probe>,
    ) -> Result<VendorWatch, Shut> {
        let group = self.meet(product);
        let vendor = self.vendor_of_group(&group);
        let is_probe = probe.is_some_and(|probe| probe.vendor == vendor);
        let began = self.clock.monotonic();
        let watch = VendorWatch { gate: Arc::clone(self), vendor, group, began, is_probe };
        watch.shut().map_or(Ok(watch), Err)
    }

    fn tell_health(&self, vendor: &str, down: Option<Since>) {
        match down {
            Some(since) => self.health.hold_since(Hold::BreakerOpen, vendor, since),
            None => self.health.release(Hold::BreakerOpen, vendor),
        }
    }

    /// Lets nothing begin any more.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_waiters();
    }

    /// Returns once somebody has told the processor to drain, and who.
    pub(crate) async fn told_to_drain(&self) -> Told {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(drain) = &self.state().drain {
                return drain.clone();
            }
            changed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn pauses(&self, vendor: &str) -> bool {
        self.paused.contains(&Scope::Everything)
            || self.paused.contains(&Scope::Vendor(vendor.to_owned()))
    }

    fn pauses_product(&self, group: &Group) -> bool {
        self.paused.contains(&Scope::Product(group.as_str().into()))
    }

    /// The groups of products that are paused, or of which enough are under way.
    fn full(&self) -> Vec<Group> {
        let paused = self.paused.iter().filter_map(|scope| match scope {
            Scope::Product(product) => Some(group(Some(product))),
            Scope::Everything | Scope::Vendor(_) => None,
        });
        let full = self.places.iter().filter(|(_, places)| places.available_permits() == 0);
        paused.chain(full.map(|(group, _)| group.clone())).collect()
    }
}

/// An attempt, under the eyes of its vendor's breaker.
pub(crate) struct VendorWatch {
    gate: Arc<Gate>,
    vendor: usize,
    group: Group,
    began: Monotonic,
    is_probe: bool,
}

impl VendorWatch {
    /// Returns why the run is not to be worked on now, if it is not: since it was claimed, somebody
    /// may have paused it, its vendor may be down, or the processor may be about to end.
    pub(crate) fn shut(&self) -> Option<Shut> {
        let (state, now) = (self.gate.state(), self.gate.clock.monotonic());
        let name = &self.gate.vendors[self.vendor].name;
        if state.is_closed {
            return Some(Shut { after: Duration::ZERO, why: "its processor ends".to_owned() });
        }
        if state.pauses(name) || state.pauses_product(&self.group) {
            return Some(Shut { after: LOOK_AGAIN, why: "it is paused".to_owned() });
        }
        let open = state.circuits[self.vendor].opening().filter(|_| !self.is_probe)?;
        Some(Shut { after: (open.until - now) + LOOK_AGAIN, why: format!("{name} is down") })
    }

    /// Waits for a place among the runs of its product. Meanwhile another run may be claimed: the
    /// permit is given back.
    pub(crate) async fn place(
        &self,
        permit: &mut Option<OwnedSemaphorePermit>,
    ) -> Option<OwnedSemaphorePermit> {
        let at_once = self.gate.at_once?;
        let places = {
            let mut state = self.gate.state();
            let places = state.places.entry(self.group.clone());
            Arc::clone(places.or_insert_with(|| Arc::new(Semaphore::new(at_once))))
        };
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Some(place);
        }
        drop(permit.take());
        // It is never closed.
        places.acquire_owned().await.ok()
    }

    /// Waits until the vendor may be called once more.
    pub(crate) async fn turn(&self) {
        if let Some(budget) = &self.gate.vendors[self.vendor].budget {
            budget.turn().await;
        }
    }

    /// Takes down that the vendor has answered.
    pub(crate) fn answered(&self) {
        let now = self.gate.clock.monotonic();
        let mut state = self.gate.state();
        let change = state.circuits[self.vendor].answered(self.is_probe, now);
        self.tell(&mut state, change);
    }

    /// Takes down that the attempt has ended in an outage; says whether the vendor is down for
    /// everybody, and then for how long nothing more of it is begun.
    pub(crate) fn failed(&self) -> Option<Duration> {
        let now = self.gate.clock.monotonic();
        let mut state = self.gate.state();
        let change = state.circuits[self.vendor].failed(self.began, self.is_probe, now);
        self.tell(&mut state, change);
        let circuit = &state.circuits[self.vendor];
        circuit.opening().filter(|_| circuit.is_outage(now)).map(|open| open.until - now)
    }

    fn tell(&self, state: &mut State, change: Option<Change>) {
        let Some(change) = change else { return };
        state.unsaved.insert(self.vendor);
        let (vendor, now) = (&self.gate.vendors[self.vendor].name, self.gate.clock.monotonic());
        self.gate.tell_health(vendor, state.circuits[self.vendor].opening().map(|it| it.since));
        match change {
            Change::Opened { failures, until } => {
                warn!(
                    vendor,
                    failures,
                    wait_ms = millis(until - now),
                    "the vendor is down: nothing of it is begun until one run shows that it is back"
                );
            }
            Change::StaysOpen { until } => {
                debug!(vendor, wait_ms = millis(until - now), "the vendor is still down");
            }
            Change::Closed { after, probes } => {
                info!(vendor, after_ms = millis(after), probes, "the vendor is back");
                self.gate.changed.notify_one();
            }
        }
    }
}
