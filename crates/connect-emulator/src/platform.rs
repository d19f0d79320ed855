//! The world behind a lock, with its store: what doors talk to.

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use connect_clock::Clock;
use connect_model::{ProductId, TemplateId, WebhookId};
use jiff::Timestamp;
use tokio::sync::{Notify, broadcast};

use crate::store::{self, Batch, Store, StoreError};
use crate::webhooks::receivers::Receivers;
use crate::webhooks::validators::Validators;
use connect_world::scenario::Scenario;
use connect_world::{
    ActionLink, ActionSubject, Actor, Collection, Command, CommandResult, Denial, DueCalls, Event,
    Keys, ListPage, Person, Setting, ValidatorCall, WebhookAnswer, WebhookCall, World, WorldId,
    Writes,
};

/// Events a slow subscriber may lag behind before it misses some.
const BACKLOG: usize = 4096;

/// The most objects for which something that is due is done at once, while others wait.
const MOST_DUE: usize = 500;

/// The emulated platform. Clones are the same platform.
///
/// With a data directory nothing is said before it is in the file: a command is answered once what
/// it changed is there, and so is a question or a refusal once all it could have seen is there.
/// When the file cannot be written, memory is ahead of it; from then on every call is refused with
/// `EMU_002` until the emulator is started again, which reads what the file has.
#[derive(Clone)]
pub struct Platform {
    inner: Arc<Inner>,
}

struct Inner {
    world: RwLock<World>,
    /// The world's own id, which never changes.
    id: WorldId,
    clock: Arc<dyn Clock>,
    store: Option<Store>,
    events: broadcast::Sender<Arc<Event>>,
    /// The number of events so far, also of those that nobody heard.
    changes: AtomicU64,
    /// Told when calls of webhooks may have become due.
    webhooks: Notify,
    /// Told when the platform does something by itself at another time than was planned.
    due: Notify,
    validators: Validators,
}

impl Platform {
    /// Opens the platform of a scenario; with a directory, the one kept there, founded from the
    /// scenario when there is none yet. Its validators are asked by way of `receivers`.
    ///
    /// # Errors
    ///
    /// When the directory cannot be used; see [`StoreError`].
    pub fn open(
        scenario: Scenario,
        setting: Setting,
        clock: Arc<dyn Clock>,
        data: Option<&Path>,
        receivers: Arc<dyn Receivers>,
    ) -> Result<Self, StoreError> {
        let (events, _) = broadcast::channel(BACKLOG);
        let (world, store) = match data {
            None => (World::found(scenario, setting), None),
            Some(directory) => {
                let (world, store) = load(scenario, &setting, directory, events.clone())?;
                (world, Some(store))
            }
        };
        let id = world.id().clone();
        let validators = Validators::new(receivers, Arc::clone(&clock));
        let (world, webhooks, due) = (RwLock::new(world), Notify::new(), Notify::new());
        let changes = AtomicU64::new(0);
        let inner = Inner { world, id, clock, store, events, changes, webhooks, due, validators };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Carries out a command; what it changed is kept when this returns. Dropped half-way, the
    /// command is carried out all the same, unless a vendor's validator was being asked: that is asked
    /// first, and the command is refused when the validator fails or what it was asked about changed
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// The world's refusal, or `EMU_002` when the change cannot be kept.
    pub async fn apply(
        &self,
        who: Actor,
        command: impl Into<Command> + Send,
    ) -> Result<CommandResult, Denial> {
        let command = command.into();
        if command.may_ask_validator() {
            let now = self.inner.clock.now();
            let call = self.look(|world| world.validator_call(now, &who, &command)).await?;
            if let Some(call) = call {
                return self.apply_validated(&who, call).await;
            }
        }
        let apply = |world: &mut World| {
            let result = world.apply(self.inner.clock.now(), &who, command)?;
            self.keep(&result.events, || world.writes_of(&result.events));
            Ok(result)
        };
        self.change(apply).await
    }

    /// Asks a validator and carries out its command with the answer. Nothing of the world is locked
    /// while it is asked.
    async fn apply_validated(
        &self,
        who: &Actor,
        call: ValidatorCall,
    ) -> Result<CommandResult, Denial> {
        let (answer, said) = self.inner.validators.ask(&call.call).await;
        let apply = |world: &mut World| {
            let now = self.inner.clock.now();
            let (events, result) = world.apply_validated(now, who, call, answer, said);
            self.keep(&events, || world.writes_of(&events));
            result
        };
        self.change(apply).await
    }

    /// Changes the world past its rules, as [fixtures](connect_world::Fixture) do at the present
    /// moment, and keeps all of it. For tests and scenarios.
    ///
    /// # Errors
    ///
    /// `EMU_002` when the change cannot be kept.
    pub async fn seed<T>(
        &self,
        change: impl FnOnce(&mut World, Timestamp) -> T,
    ) -> Result<T, Denial> {
        let seed = |world: &mut World| {
            let value = change(world, self.inner.clock.now());
            self.keep(&[], || world.all_writes());
            Ok(value)
        };
        self.change(seed).await
    }

    /// Hands a change to the store before anybody else may change the world, so that the file sees
    /// changes in the order of memory. Nothing is written out that nobody keeps or hears.
    fn keep(&self, events: &[Event], writes: impl FnOnce() -> Writes) {
        if events.iter().any(|event| event.object.kind == WebhookCall::KIND) {
            self.inner.webhooks.notify_one();
        }
        let count = u64::try_from(events.len()).unwrap_or(u64::MAX);
        self.inner.changes.fetch_add(count, Ordering::SeqCst);
        let is_heard = self.inner.events.receiver_count() > 0;
        let events = if is_heard { events.to_vec() } else { Vec::new() };
        match &self.inner.store {
            Some(store) => store.keep(Batch { writes: writes(), events }),
            None => self.tell(events),
        }
    }

    fn tell(&self, events: Vec<Event>) {
        for event in events {
            // Nobody may be listening any more.
            let _ = self.inner.events.send(Arc::new(event));
        }
    }

    /// Changes the world. What is due is done before, so nobody comes too late or too early for it.
    async fn change<T>(
        &self,
        change: impl FnOnce(&mut World) -> Result<T, Denial>,
    ) -> Result<T, Denial> {
        let (answer, seen) = {
            self.health()?;
            let mut world = self.inner.world.write().map_err(|_| half_changed())?;
            let planned = world.next_due();
            let events = world.do_due(self.inner.clock.now(), MOST_DUE);
            if !events.is_empty() {
                self.keep(&events, || world.writes_of(&events));
            }
            let answer = change(&mut world);
            if world.next_due() != planned {
                self.inner.due.notify_one();
            }
            (answer, self.handed_over())
        };
        self.committed(seen).await?;
        answer
    }

    async fn look<T>(&self, look: impl FnOnce(&World) -> Result<T, Denial>) -> Result<T, Denial> {
        let (answer, seen) = {
            self.health()?;
            let world = self.inner.world.read().map_err(|_| half_changed())?;
            (look(&world), self.handed_over())
        };
        self.committed(seen).await?;
        answer
    }

    /// Counts the changes until now. Asked under the lock, it is what can be seen of the world.
    fn handed_over(&self) -> u64 {
        self.inner.store.as_ref().map_or(0, Store::handed_over)
    }

    async fn committed(&self, count: u64) -> Result<(), Denial> {
        match &self.inner.store {
            Some(store) => store.committed(count).await,
            None => Ok(()),
        }
    }

    /// Says whether calls are answered at all.
    ///
    /// # Errors
    ///
    /// `EMU_002` with its cause, once a change could not be kept.
    pub fn health(&self) -> Result<(), Denial> {
        if self.inner.world.is_poisoned() {
            return Err(half_changed());
        }
        self.inner.store.as_ref().map_or(Ok(()), Store::must_write)
    }

    /// Gives the data directory back, once all changes are in it. From then on every call is
    /// refused with `EMU_002`. In memory, the world stays as it is.
    pub async fn close(&self) {
        if let Some(store) = &self.inner.store {
            store.close().await;
        }
    }

    /// Returns one page of a collection; see [`World::list`].
    ///
    /// # Errors
    ///
    /// As [`World::list`].
    pub async fn list(
        &self,
        who: &Actor,
        collection: &Collection,
        raw_query: &str,
    ) -> Result<ListPage, Denial> {
        let now = self.inner.clock.now();
        self.look(|world| world.list(now, who, collection, raw_query)).await
    }

    /// Returns one object of a collection; see [`World::read`].
    ///
    /// # Errors
    ///
    /// As [`World::read`].
    pub async fn read(
        &self,
        who: &Actor,
        collection: &Collection,
        id: &str,
        raw_query: &str,
    ) -> Result<Bytes, Denial> {
        let now = self.inner.clock.now();
        self.look(|world| world.read(now, who, collection, id, raw_query)).await
    }

    /// Returns the text an object shows to people; see [`World::render`].
    ///
    /// # Errors
    ///
    /// As [`World::render`].
    pub async fn render(&self, who: &Actor, what: &Collection, id: &str) -> Result<String, Denial> {
        self.look(|world| world.render(who, what, id)).await
    }

    /// Returns a template with the values of a request; see [`World::render_template`].
    ///
    /// # Errors
    ///
    /// As [`World::render_template`].
    pub async fn render_template(
        &self,
        who: &Actor,
        template: &TemplateId,
        request: &str,
        typed: &[(String, String)],
    ) -> Result<String, Denial> {
        self.look(|world| world.render_template(who, template, request, typed)).await
    }

    /// Returns the link of a product's action, not yet signed; see [`World::action_link`].
    pub(crate) async fn action_link(
        &self,
        who: &Actor,
        product: &ProductId,
        action: &str,
        of: ActionSubject<'_>,
    ) -> Result<ActionLink, Denial> {
        let now = self.inner.clock.now();
        self.look(|world| world.action_link(now, who, product, action, of)).await
    }

    /// Returns what the form of an inquiry is about; see [`World::form`].
    pub(crate) async fn form(&self, request: &str, code: &str) -> Result<Bytes, Denial> {
        self.look(|world| world.form(request, code)).await
    }

    /// Returns the actor that the value of an `Authorization` header belongs to.
    #[must_use]
    pub fn authenticate(&self, authorization: &str) -> Option<Actor> {
        self.with_world(|world| world.authenticate(authorization))
    }

    /// Returns the people of the caller's account: those it can assign requests to.
    pub(crate) fn people(&self, who: &Actor) -> Vec<Person> {
        self.with_world(|world| world.people_of(who))
    }

    /// Returns the person that pages act as for a side; see [`World::person_of`].
    pub(crate) fn person_of(&self, who: &Actor) -> Option<Actor> {
        self.with_world(|world| world.person_of(who))
    }

    /// Returns the keys of both sides.
    #[must_use]
    pub fn keys(&self) -> Keys {
        self.with_world(World::keys)
    }

    /// Returns the id of the world.
    #[must_use]
    pub fn world_id(&self) -> &WorldId {
        &self.inner.id
    }

    /// Returns the product the world is about.
    #[must_use]
    pub fn product(&self) -> ProductId {
        self.with_world(|world| world.product().clone())
    }

    /// Returns calls of webhooks that are due; see [`World::due_webhook_calls`].
    pub(crate) async fn due_webhook_calls(
        &self,
        is_called: impl Fn(&WebhookId) -> bool,
        most: usize,
    ) -> Result<DueCalls, Denial> {
        let now = self.inner.clock.now();
        self.look(|world| Ok(world.due_webhook_calls(now, is_called, most))).await
    }

    /// Notes how a call of a webhook ended.
    pub(crate) async fn note_webhook_answer(
        &self,
        call: &WebhookCall,
        answer: WebhookAnswer,
    ) -> Result<(), Denial> {
        let note = |world: &mut World| {
            let events = world.note_webhook_answer(self.inner.clock.now(), call, answer);
            self.keep(&events, || world.writes_of(&events));
            Ok(())
        };
        self.change(note).await
    }

    /// Does what is due now, for many objects at once but not for all. Returns when something is due
    /// next.
    pub(crate) async fn do_due(&self) -> Result<Option<Timestamp>, Denial> {
        self.change(|world| Ok(world.next_due())).await
    }

    /// Removes a draft at once, which the platform otherwise does in time; see
    /// [`World::remove_draft`].
    pub(crate) async fn remove_draft(&self, id: &str) -> Result<(), Denial> {
        let remove = |world: &mut World| {
            let events = world.remove_draft(self.inner.clock.now(), id)?;
            self.keep(&events, || world.writes_of(&events));
            Ok(())
        };
        self.change(remove).await
    }

    /// Waits until something is due at another time than when this was last awaited. For one who
    /// waits.
    pub(crate) async fn due_changed(&self) {
        self.inner.due.notified().await;
    }

    /// Waits until calls of webhooks may have become due since this was last awaited. For one who
    /// waits.
    pub(crate) async fn webhooks_changed(&self) {
        self.inner.webhooks.notified().await;
    }

    /// Counts what changed since the platform was opened.
    pub(crate) fn changes(&self) -> u64 {
        self.inner.changes.load(Ordering::SeqCst)
    }

    /// Subscribes to everything that changes from now on, once it is kept.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.inner.events.subscribe()
    }

    /// Looks at the world as it is in memory, while nothing changes it.
    pub fn with_world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.inner.world.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Refuses because a panic left the world between two states: a defect, after which nothing is
/// sure.
fn half_changed() -> Denial {
    Denial::unavailable("a command broke off half-way: restart the emulator and report the defect")
}

fn load(
    scenario: Scenario,
    setting: &Setting,
    directory: &Path,
    events: broadcast::Sender<Arc<Event>>,
) -> Result<(World, Store), StoreError> {
    let first = || World::found(scenario, setting.clone()).all_writes();
    let mut opened = store::open(directory, first)?;
    let kept = std::mem::take(&mut opened.kept);
    let world = World::restore(setting.clone(), kept)
        .map_err(|source| StoreError::Record { path: opened.path.clone(), source })?;
    // A file of a version that gave worlds no id keeps the one it was given now.
    let mut writes = world.migration();
    writes.push(world.facts());
    opened.bring_up_to_date(&writes)?;
    Ok((world, Store::start(opened, events)?))
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform")
            .field("kept", &self.inner.store.is_some())
            .finish_non_exhaustive()
    }
}
