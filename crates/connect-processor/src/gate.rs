//! The gate that runs pass before they are claimed: what is paused, whose vendor is down, of which
//! product enough are under way.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Budget, Clock, Monotonic, saturating_add, saturating_shift};
use connect_journal::{Group, Journal, JournalError};
use connect_model::ProductId;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tracing::{debug, info, warn};

use crate::breaker::{Change, Circuit, Lets, Opening};
use crate::conclusion::Shut;
use crate::controls::{self, Controls, OpenBreaker, Scope};
use crate::health::{Health, Hold};
use crate::settings::Settings;
use crate::vendor::Vendor;

/// The group of runs whose request does not say its product.
const NO_PRODUCT: &str = "no product";

/// The time for which the journal's controls are believed without looking again.
const FRESH: Duration = Duration::from_millis(250);

/// The time ahead that a vendor's budget may be spent before nothing more of it is begun.
const BACKLOG: Duration = Duration::from_secs(2);

/// The longest that a date of the journal's is believed to lie ahead: a clock may have been wrong.
const LONGEST_AHEAD: Duration = Duration::from_secs(3600);

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
    paused: BTreeSet<Scope>,
    is_draining: bool,
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
            Scope::Everything.pause(journal, settings.worker.as_str()).await?;
        }
        Ok(Arc::new(Self::new(settings, health.clone(), Arc::clone(clock))))
    }

    fn new(settings: &Settings, health: Health, clock: Arc<dyn Clock>) -> Self {
        let (of_others, of_rest): (Vec<_>, Vec<_>) =
            settings.vendors.iter().cloned().partition(|vendor| !vendor.products.is_empty());
        let rest = of_rest.into_iter().next_back().unwrap_or_default();
        let vendors: Vec<Vendor> = std::iter::once(rest).chain(of_others).collect();
        let circuits = vendors.iter().map(|vendor| Circuit::new(vendor.breaker)).collect();
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
                circuits,
                unsaved: BTreeSet::new(),
                paused: BTreeSet::new(),
                is_draining: false,
                seen: BTreeSet::new(),
                places: BTreeMap::new(),
                read: None,
            }),
            changed: Notify::new(),
        }
    }

    /// Writes what the journal does not know of the breakers, and reads what others have written.
    pub(crate) async fn refresh(
        &self,
        journal: &dyn Journal,
        by: &str,
    ) -> Result<(), JournalError> {
        let now = self.clock.monotonic();
        for (vendor, open) in self.unsaved() {
            controls::set_breaker(journal, &self.vendors[vendor].name, open, by).await?;
            self.state().unsaved.remove(&vendor);
        }
        if self.state().read.is_some_and(|read| now - read < FRESH) {
            return Ok(());
        }
        let controls = Controls::read(journal).await?;
        self.take(controls, now);
        Ok(())
    }

    fn take(&self, controls: Controls, now: Monotonic) {
        let mut state = self.state();
        state.read = Some(now);
        let paused: BTreeSet<Scope> =
            controls.paused.into_iter().map(|pause| pause.scope).collect();
        if paused != state.paused {
            let scopes: Vec<String> = paused.iter().map(ToString::to_string).collect();
            info!(paused = ?scopes, "what is paused has changed");
            let gone = state.paused.difference(&paused);
            gone.for_each(|scope| self.health.release(Hold::Paused, &scope.to_string()));
            scopes.iter().for_each(|scope| self.health.hold(Hold::Paused, scope));
            state.paused = paused;
        }
        let drain = controls.drain.is_some_and(|at| at >= self.started);
        state.is_draining |= drain;
        for (index, vendor) in self.vendors.iter().enumerate() {
            if !state.unsaved.contains(&index) {
                let open = controls.open.get(&vendor.name).map(|open| self.opening(open, now));
                self.tell_health(&vendor.name, open.is_some());
                state.circuits[index].restore(open);
            }
        }
        if drain {
            self.changed.notify_waiters();
        }
    }

    fn unsaved(&self) -> Vec<(usize, Option<OpenBreaker>)> {
        let (state, wall, now) = (self.state(), self.clock.now(), self.clock.monotonic());
        let open = |open: Opening| OpenBreaker {
            since: saturating_shift(wall, -signed(now - open.since)),
            until: saturating_add(wall, open.until - now),
            times: open.times,
        };
        state.unsaved.iter().map(|of| (*of, state.circuits[*of].opening().map(open))).collect()
    }

    fn opening(&self, open: &OpenBreaker, now: Monotonic) -> Opening {
        let wall = self.clock.now();
        let ahead = Duration::try_from(open.until.duration_since(wall)).unwrap_or_default();
        let ago = Duration::try_from(wall.duration_since(open.since)).unwrap_or_default();
        let since = Monotonic::after_start(now.since_start().saturating_sub(ago));
        Opening { since, until: now + ahead.min(LONGEST_AHEAD), times: open.times }
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
        if state.is_draining || state.paused.contains(&Scope::Everything) {
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
        if state.is_draining || state.paused.contains(&Scope::Everything) {
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

    fn tell_health(&self, vendor: &str, is_down: bool) {
        match is_down {
            true => self.health.hold(Hold::BreakerOpen, vendor),
            false => self.health.release(Hold::BreakerOpen, vendor),
        }
    }

    /// Lets nothing begin any more.
    pub(crate) fn close(&self) {
        self.state().is_draining = true;
        self.changed.notify_waiters();
    }

    /// Returns once somebody has told the processor to drain.
    pub(crate) async fn drained(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.state().is_draining {
                return;
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
        if state.is_draining {
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
        self.gate.tell_health(vendor, !matches!(change, Change::Closed { .. }));
        match change {
            Change::Opened { failures, until } => {
                warn!(vendor, failures, wait = ?(until - now), "the vendor is down: nothing of it is begun until one run shows that it is back");
            }
            Change::StaysOpen { until } => {
                debug!(vendor, wait = ?(until - now), "the vendor is still down");
            }
            Change::Closed { after, probes } => {
                info!(vendor, ?after, probes, "the vendor is back");
                self.gate.changed.notify_one();
            }
        }
    }
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}
