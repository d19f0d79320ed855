//! Tenants and the rules for changing them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::http::StatusCode;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;
use thiserror::Error;

use crate::answer::{Answer, Refusal};
use crate::contact::Contact;
use crate::operation::{Change, Command};

/// The most tenants `GET /tenant` lists.
const PAGE: usize = 1000;

#[derive(Clone, Debug)]
struct Tenant {
    id: Arc<str>,
    external_id: Option<Arc<str>>,
    enabled: bool,
    limit: u64,
    /// The day until which it lasts, when it was given one.
    expires_at: Option<Arc<str>>,
    /// Whose it is, when somebody said so.
    owner: Option<Arc<str>>,
    /// The person who is written to, once somebody said who that is.
    contact: Option<Contact>,
    /// The time at which it is ready, when it is not yet.
    ready_at: Option<u64>,
    deleted: bool,
}

impl Serialize for Tenant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tenant = serializer.serialize_struct("Tenant", 8)?;
        tenant.serialize_field("tenantId", &self.id)?;
        tenant.serialize_field("externalId", &self.external_id)?;
        tenant.serialize_field("status", self.status())?;
        tenant.serialize_field("enabled", &self.enabled)?;
        tenant.serialize_field("licences", &json!({"limit": self.limit}))?;
        for (name, said) in [("expiresAt", &self.expires_at), ("owner", &self.owner)] {
            match said {
                Some(said) => tenant.serialize_field(name, said)?,
                None => tenant.skip_field(name)?,
            }
        }
        match &self.contact {
            Some(contact) => tenant.serialize_field("contact", contact)?,
            None => tenant.skip_field("contact")?,
        }
        tenant.end()
    }
}

impl Tenant {
    fn status(&self) -> &'static str {
        match (self.deleted, self.ready_at) {
            (true, _) => "deleted",
            (false, Some(_)) => "preparing",
            (false, None) => "ready",
        }
    }

    /// Makes the change and says whether anything became different.
    fn change(&mut self, change: &Change) -> bool {
        match change {
            Change::SetLimit(limit) => std::mem::replace(&mut self.limit, *limit) != *limit,
            Change::Adopt(id) => replaced(&mut self.external_id, id),
            Change::Extend(day) => replaced(&mut self.expires_at, day),
            Change::HandOver(owner) => replaced(&mut self.owner, owner),
            Change::SetContact(contact) => {
                self.contact.replace(contact.clone()).as_ref() != Some(contact)
            }
            Change::Enable => !std::mem::replace(&mut self.enabled, true),
            Change::Disable => std::mem::replace(&mut self.enabled, false),
            Change::Delete => {
                self.enabled = false;
                !std::mem::replace(&mut self.deleted, true)
            }
        }
    }
}

fn replaced(place: &mut Option<Arc<str>>, said: &Arc<str>) -> bool {
    place.replace(Arc::clone(said)).as_ref() != Some(said)
}

/// A tenant that exists before anybody called: setting the scene leaves no effect.
///
/// In JSON only `tenantId` is needed: `{"tenantId": "t-7", "externalId": "AS-1", "enabled":
/// false, "limit": 5}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seed {
    /// The id the tenant is known by.
    pub tenant_id: String,
    /// The id that `GET /tenant?externalId=` finds it by.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Whether it starts enabled; it does unless told otherwise.
    #[serde(default = "enabled")]
    pub enabled: bool,
    /// Its licence limit, 0 unless told otherwise.
    #[serde(default)]
    pub limit: u64,
}

fn enabled() -> bool {
    true
}

impl From<Seed> for Tenant {
    fn from(seed: Seed) -> Self {
        Self {
            id: seed.tenant_id.into(),
            external_id: seed.external_id.map(Arc::from),
            enabled: seed.enabled,
            limit: seed.limit,
            expires_at: None,
            owner: None,
            contact: None,
            ready_at: None,
            deleted: false,
        }
    }
}

/// A seed names a tenant that is already there; nothing was seeded.
#[derive(Debug, Error)]
#[error("tenant {0} exists already; seed each tenant once, under an id of its own")]
pub struct TenantExists(pub String);

impl From<TenantExists> for Refusal {
    fn from(exists: TenantExists) -> Self {
        Self::new(StatusCode::CONFLICT, "tenant_exists", exists.to_string())
    }
}

/// An operation that was carried out.
pub(crate) struct Done {
    pub(crate) answer: Answer,
    pub(crate) trace: Option<Trace>,
}

/// The trace an operation left behind, if it is one that leaves any.
pub(crate) struct Trace {
    pub(crate) tenant: Arc<str>,
    pub(crate) changed: bool,
}

/// Every tenant there ever was, in the order of creation.
#[derive(Default)]
pub(crate) struct Tenants {
    all: Vec<Tenant>,
    by_id: HashMap<Arc<str>, usize>,
    by_external_id: HashMap<Arc<str>, Vec<usize>>,
    /// Ids that are not given to new tenants.
    reserved: HashSet<Arc<str>>,
    last_number: u64,
    /// Those that were not ready when they were last looked at.
    preparing: Vec<usize>,
    /// How long new tenants take to be ready, and the time, in microseconds.
    preparation: u64,
    now: u64,
}

impl Tenants {
    /// Carries out one operation, entirely or not at all.
    pub(crate) fn carry_out(&mut self, command: &Command) -> Result<Done, Refusal> {
        match command {
            Command::Create { external_id, .. } => Ok(self.create(external_id.clone())),
            Command::Find { external_id } => Ok(self.find(external_id.as_deref())),
            Command::Read { tenant } => self.read(tenant),
            Command::Change { tenant, change } => self.change(tenant, change),
        }
    }

    /// Lets time pass: what takes no longer than until now is ready.
    pub(crate) fn pass(&mut self, now: u64) {
        self.now = now;
        let all = &mut self.all;
        self.preparing.retain(|&place| {
            let Some(tenant) = all.get_mut(place) else { return false };
            tenant.ready_at = tenant.ready_at.filter(|at| *at > now);
            tenant.ready_at.is_some()
        });
    }

    /// Has new tenants take so many microseconds to be ready.
    pub(crate) fn prepare_for(&mut self, micros: u64) {
        self.preparation = micros;
    }

    /// Returns the microseconds that a new tenant takes to be ready, when it takes any.
    pub(crate) fn preparation(&self) -> Option<u64> {
        (self.preparation > 0).then_some(self.preparation)
    }

    /// Adds all seeds, or none when one of their ids is taken.
    pub(crate) fn seed(&mut self, seeds: Vec<Seed>) -> Result<(), TenantExists> {
        let mut fresh = HashSet::new();
        for seed in &seeds {
            let id = seed.tenant_id.as_str();
            if self.by_id.contains_key(id) || !fresh.insert(id) {
                return Err(TenantExists(id.to_owned()));
            }
        }
        for seed in seeds {
            self.add(seed.into());
        }
        Ok(())
    }

    /// Gives none of these ids to a new tenant.
    pub(crate) fn reserve<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        self.reserved.extend(ids.into_iter().map(Arc::from));
    }

    fn create(&mut self, external_id: Option<Arc<str>>) -> Done {
        let id = self.fresh_id();
        let ready_at = self.preparation().map(|micros| self.now.saturating_add(micros));
        let tenant = Tenant {
            id: id.clone(),
            external_id,
            enabled: true,
            limit: 0,
            expires_at: None,
            owner: None,
            contact: None,
            ready_at,
            deleted: false,
        };
        if ready_at.is_some() {
            self.preparing.push(self.all.len());
        }
        let answer = Answer::json(StatusCode::CREATED, &tenant);
        self.add(tenant);
        Done { answer, trace: Some(Trace { tenant: id, changed: true }) }
    }

    fn find(&self, external_id: Option<&str>) -> Done {
        let found: Vec<&Tenant> = match external_id {
            Some(id) => {
                let places = self.by_external_id.get(id).map_or(&[][..], Vec::as_slice);
                live(places.iter().filter_map(|&place| self.all.get(place)))
            }
            None => live(self.all.iter()),
        };
        Done { answer: Answer::json(StatusCode::OK, &found), trace: None }
    }

    fn read(&self, id: &str) -> Result<Done, Refusal> {
        let tenant = self.by_id.get(id).and_then(|&place| self.all.get(place));
        let tenant = tenant.ok_or_else(|| unknown(id))?;
        Ok(Done { answer: Answer::json(StatusCode::OK, tenant), trace: None })
    }

    fn change(&mut self, id: &str, change: &Change) -> Result<Done, Refusal> {
        let place = self.by_id.get(id).copied();
        let tenant = place.and_then(|place| self.all.get_mut(place)).ok_or_else(|| unknown(id))?;
        if tenant.deleted {
            return Err(deleted(id));
        }
        if tenant.ready_at.is_some() && !matches!(change, Change::Delete) {
            return Err(preparing(id));
        }
        let owner = tenant.external_id.as_ref();
        if let Change::Adopt(new) = change
            && owner.is_some_and(|owner| owner != new)
        {
            return Err(taken(id));
        }
        let changed = tenant.change(change);
        if let (Change::Adopt(new), Some(place), true) = (change, place, changed) {
            self.by_external_id.entry(Arc::clone(new)).or_default().push(place);
        }
        let answer = match change {
            Change::Delete => Answer::empty(StatusCode::NO_CONTENT),
            _ => Answer::json(StatusCode::OK, tenant),
        };
        Ok(Done { answer, trace: Some(Trace { tenant: tenant.id.clone(), changed }) })
    }

    fn add(&mut self, tenant: Tenant) {
        let place = self.all.len();
        self.by_id.insert(tenant.id.clone(), place);
        if let Some(external_id) = tenant.external_id.clone() {
            self.by_external_id.entry(external_id).or_default().push(place);
        }
        self.all.push(tenant);
    }

    fn fresh_id(&mut self) -> Arc<str> {
        loop {
            self.last_number += 1;
            let id = format!("t-{:05}", self.last_number);
            if !self.by_id.contains_key(id.as_str()) && !self.reserved.contains(id.as_str()) {
                return id.into();
            }
        }
    }
}

fn live<'a>(tenants: impl Iterator<Item = &'a Tenant>) -> Vec<&'a Tenant> {
    tenants.filter(|tenant| !tenant.deleted).take(PAGE).collect()
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "tenant_not_found", format!("There is no tenant {id}."))
}

fn deleted(id: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, "tenant_deleted", format!("Tenant {id} was deleted."))
}

fn taken(id: &str) -> Refusal {
    let message = format!("Tenant {id} has another external id.");
    Refusal::new(StatusCode::CONFLICT, "tenant_taken", message)
}

fn preparing(id: &str) -> Refusal {
    let message = format!("Tenant {id} is not ready yet.");
    Refusal::new(StatusCode::CONFLICT, "tenant_preparing", message)
}
