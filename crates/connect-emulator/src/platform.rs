//! The world behind a lock, with its store: what doors talk to.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use connect_model::{ProductId, RequestId, TemplateId};
use tokio::sync::{broadcast, oneshot};

use crate::scenario::{Keys, Scenario};
use crate::store::{self, Batch, Store, StoreError};
use crate::world::{
    Actor, Applied, Collection, Command, Denied, Event, Listed, Setting, World, Writes,
};

/// Events a slow subscriber may lag behind before it misses some.
const BACKLOG: usize = 4096;

/// The emulated platform. Clones are the same platform.
///
/// With a data directory, a command is answered once what it changed is in the file. When the file
/// cannot be written, memory is ahead of it; from then on every call is refused with `EMU_002`
/// until the emulator is started again, which reads what the file has.
#[derive(Clone)]
pub struct Platform {
    inner: Arc<Inner>,
}

struct Inner {
    world: RwLock<World>,
    store: Option<Store>,
    events: broadcast::Sender<Arc<Event>>,
    broken: OnceLock<Denied>,
}

impl Platform {
    /// The platform of a scenario; with a directory, the one kept there, founded from the scenario
    /// when there is none yet.
    ///
    /// # Errors
    ///
    /// When the directory cannot be used; see [`StoreError`].
    pub fn open(
        scenario: Scenario,
        setting: Setting,
        data: Option<&Path>,
    ) -> Result<Self, StoreError> {
        let (events, _) = broadcast::channel(BACKLOG);
        let (world, store) = match data {
            None => (World::found(scenario, setting), None),
            Some(directory) => {
                let (world, store) = load(scenario, setting, directory, events.clone())?;
                (world, Some(store))
            }
        };
        let inner = Inner { world: RwLock::new(world), store, events, broken: OnceLock::new() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Carries out a command; what it changed is kept when this returns. Dropped half-way, the
    /// command is carried out all the same.
    ///
    /// # Errors
    ///
    /// How the world refuses, or `EMU_002` when the change cannot be kept.
    pub async fn apply(&self, who: Actor, command: Command) -> Result<Applied, Denied> {
        let apply = |world: &mut World| {
            let applied = world.apply(&who, command)?;
            let events = applied.events.clone();
            Ok((applied, events))
        };
        let (applied, kept) = self.change(apply, World::writes_of)?;
        self.settle(kept).await?;
        Ok(applied)
    }

    /// Changes the world past its rules, as [fixtures](crate::world::Fixture) do, and keeps all of
    /// it. For tests and scenarios.
    ///
    /// # Errors
    ///
    /// `EMU_002` when the change cannot be kept.
    pub async fn seed<T>(&self, change: impl FnOnce(&mut World) -> T) -> Result<T, Denied> {
        let whole = |world: &World, _: &[Event]| world.all_writes();
        let (value, kept) = self.change(|world| Ok((change(world), Vec::new())), whole)?;
        self.settle(kept).await?;
        Ok(value)
    }

    /// Changes the world and hands the changes to the store before anybody else may change it, so
    /// that the file sees changes in the order of memory.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut World) -> Result<(T, Vec<Event>), Denied>,
        writes: impl FnOnce(&World, &[Event]) -> Writes,
    ) -> Result<(T, Option<oneshot::Receiver<store::Kept>>), Denied> {
        self.must_be_sound()?;
        let mut world = self.inner.world.write().map_err(|_| half_changed())?;
        let (value, events) = change(&mut world)?;
        let Some(store) = &self.inner.store else {
            self.tell(events);
            return Ok((value, None));
        };
        let writes = writes(&world, &events);
        Ok((value, Some(store.keep(Batch { writes, events }))))
    }

    async fn settle(&self, kept: Option<oneshot::Receiver<store::Kept>>) -> Result<(), Denied> {
        let Some(kept) = kept else { return Ok(()) };
        let cause = match kept.await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(cause)) => cause,
            Err(_) => "the writing thread is gone: restart the emulator".into(),
        };
        Err(self.inner.broken.get_or_init(|| Denied::unavailable(&*cause)).clone())
    }

    fn tell(&self, events: Vec<Event>) {
        for event in events {
            // Nobody may be listening.
            let _ = self.inner.events.send(Arc::new(event));
        }
    }

    /// Whether calls are answered at all.
    ///
    /// # Errors
    ///
    /// `EMU_002` with its cause, once a change could not be kept.
    pub fn health(&self) -> Result<(), Denied> {
        self.sound().map(drop)
    }

    fn must_be_sound(&self) -> Result<(), Denied> {
        self.inner.broken.get().map_or(Ok(()), |denied| Err(denied.clone()))
    }

    fn sound(&self) -> Result<RwLockReadGuard<'_, World>, Denied> {
        self.must_be_sound()?;
        self.inner.world.read().map_err(|_| half_changed())
    }

    /// One page of a collection; see [`World::list`].
    ///
    /// # Errors
    ///
    /// As [`World::list`].
    pub fn list(
        &self,
        who: &Actor,
        collection: &Collection,
        raw_query: &str,
    ) -> Result<Listed, Denied> {
        self.sound()?.list(who, collection, raw_query)
    }

    /// One object of a collection; see [`World::read`].
    ///
    /// # Errors
    ///
    /// As [`World::read`].
    pub fn read(
        &self,
        who: &Actor,
        collection: &Collection,
        id: &str,
        raw_query: &str,
    ) -> Result<Bytes, Denied> {
        self.sound()?.read(who, collection, id, raw_query)
    }

    /// The text an object shows to people; see [`World::render`].
    ///
    /// # Errors
    ///
    /// As [`World::render`].
    pub fn render(&self, who: &Actor, what: &Collection, id: &str) -> Result<String, Denied> {
        self.sound()?.render(who, what, id)
    }

    /// A template with the values of a request; see [`World::render_template`].
    ///
    /// # Errors
    ///
    /// As [`World::render_template`].
    pub fn render_template(
        &self,
        who: &Actor,
        template: &TemplateId,
        request: &RequestId,
    ) -> Result<String, Denied> {
        self.sound()?.render_template(who, template, request)
    }

    /// Who the value of an `Authorization` header belongs to.
    #[must_use]
    pub fn authenticate(&self, authorization: &str) -> Option<Actor> {
        self.with_world(|world| world.authenticate(authorization))
    }

    /// The keys of both sides.
    #[must_use]
    pub fn keys(&self) -> Keys {
        self.with_world(World::keys)
    }

    /// The product the world is about.
    #[must_use]
    pub fn product(&self) -> ProductId {
        self.with_world(|world| world.product().clone())
    }

    /// Everything that changes from now on, once it is kept.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.inner.events.subscribe()
    }

    /// Looks at the world while nothing changes it.
    pub fn with_world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.inner.world.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A panic left the world between two states: a defect, after which nothing is sure.
fn half_changed() -> Denied {
    Denied::unavailable("a command broke off half-way: restart the emulator and report the defect")
}

fn load(
    scenario: Scenario,
    setting: Setting,
    directory: &Path,
    events: broadcast::Sender<Arc<Event>>,
) -> Result<(World, Store), StoreError> {
    let mut opened = store::open(directory)?;
    let kept = std::mem::take(&mut opened.kept);
    if kept.is_empty() {
        let world = World::found(scenario, setting);
        opened.found(&world.all_writes())?;
        return Ok((world, Store::start(opened, events)));
    }
    let world = World::restore(setting, kept)
        .map_err(|source| StoreError::Record { path: opened.path.clone(), source })?;
    Ok((world, Store::start(opened, events)))
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform")
            .field("kept", &self.inner.store.is_some())
            .finish_non_exhaustive()
    }
}
