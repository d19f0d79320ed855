//! The door to the world: all that others can ask of it or have done to it.

use std::collections::HashSet;
use std::fmt;

use bytes::Bytes;
use connect_model::lifecycle::validation::of_asset_request;
use connect_model::{
    AssetRequestType, ProductId, RequestId, RequestStatus, TemplateId, UsageRecordId, WebhookId,
};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    due, dump, field_kinds, form, formerly, render, request, restore, secret_values,
    tier_config_request, validation,
};

use crate::actor::{Actor, Keys};
use crate::carry_out::{CarryOut, CommandResult, attempt};
use crate::collections::{self, Collection};
use crate::command::Command;
use crate::denial::Denial;
use crate::drafts::must_be_draft;
use crate::event::Event;
use crate::identity::WorldId;
use crate::listed::ListPage;
use crate::number::Numbers;
use crate::party::record::Person;
use crate::product::action_link::{self, ActionLink, ActionSubject};
use crate::records::{BadRecord, Records};
use crate::scenario::Scenario;
use crate::seed::{self, Fixture};
use crate::setting::Setting;
use crate::state::State;
use crate::usage_chunk::commands as chunk;
use crate::usage_file::download::{self, Download};
use crate::usage_reconciliation::sheet as reconciliation;
use crate::usage_record::sheet_row::{self, SheetRow};
use crate::validation::call::ValidatorCall;
use crate::webhook::call::{self, DueCalls, WebhookAnswer, WebhookCall};
use crate::write::{Write, Writes};

/// The emulated platform.
pub struct World(State);

impl World {
    /// Returns a new world with the parties and products of a scenario.
    #[must_use]
    pub fn found(scenario: Scenario, setting: Setting) -> Self {
        let numbers = Numbers::new(setting.seed);
        let mut state = State::new(setting, numbers);
        scenario.fill(&mut state);
        Self(state)
    }

    /// Returns the world that was kept as these records.
    ///
    /// # Errors
    ///
    /// [`BadRecord`] when one cannot be understood.
    pub fn restore(setting: Setting, kept: Records) -> Result<Self, BadRecord> {
        restore::restore(setting, kept).map(Self)
    }

    /// Carries out a command at a moment: the only way to change anything. A refused command
    /// changes nothing. Time never goes back: an earlier moment counts as the latest one.
    ///
    /// # Errors
    ///
    /// The platform's refusal of the command.
    pub fn apply(
        &mut self,
        at: Timestamp,
        who: &Actor,
        command: impl Into<Command>,
    ) -> Result<CommandResult, Denial> {
        let state = &mut self.0;
        let before = state.now;
        state.advance_to(at);
        let command = command.into();
        let carried_out = command.body().map_or(Ok(()), field_kinds::must_hold);
        let carried_out =
            carried_out.and_then(|()| attempt(state, |state| command.carry_out(state, who)));
        carried_out.inspect_err(|_| state.now = before)
    }

    /// Returns the call of the vendor's validator that is to be asked before a command is carried out;
    /// `None` when there is none, and the command is to be applied as it is.
    ///
    /// # Errors
    ///
    /// The platform's refusal of the command.
    pub fn validator_call(
        &self,
        at: Timestamp,
        who: &Actor,
        command: &Command,
    ) -> Result<Option<ValidatorCall>, Denial> {
        command.body().map_or(Ok(()), field_kinds::must_hold)?;
        validation::call::validator_call(&self.0, at, who, command)
    }

    /// Whether a vendor's validator is asked about requests of a type in a status.
    #[must_use]
    pub fn has_validator(
        &self,
        product: &ProductId,
        kind: &AssetRequestType,
        status: &RequestStatus,
    ) -> bool {
        let product = self.0.shared.product(product.as_str());
        let asked = |product| {
            let validator = of_asset_request(kind, status);
            validation::question::webhook(&self.0, product, validator).is_some()
        };
        product.is_some_and(|product| asked(product))
    }

    /// Notes how the call of a validator ended, and carries the command out with what it said. Returns
    /// the events of both, also when the command is refused; then it has changed nothing but the
    /// webhook's log. `said` is the JSON of the answer, or why there is none.
    pub fn apply_validated(
        &mut self,
        at: Timestamp,
        who: &Actor,
        call: ValidatorCall,
        answer: WebhookAnswer,
        said: Result<Value, String>,
    ) -> (Vec<Event>, Result<CommandResult, Denial>) {
        let state = &mut self.0;
        state.advance_to(at);
        let params = validation::call::judge(state, &call, answer, said);
        let noted = std::mem::take(&mut state.events);
        let result = params.and_then(|params| {
            attempt(state, |state| validation::call::carry_out(state, who, call, params))
        });
        let events = result.iter().flat_map(|result| result.events.iter().cloned());
        (noted.into_iter().chain(events).collect(), result)
    }

    /// Returns one page of a collection at a moment, as the query string asks for it; only what the
    /// caller may see.
    ///
    /// # Errors
    ///
    /// `VAL_001` for queries the platform refuses, `NOT_FOUND` when the object that owns the
    /// collection is not there.
    pub fn list(
        &self,
        at: Timestamp,
        who: &Actor,
        collection: &Collection,
        raw_query: &str,
    ) -> Result<ListPage, Denial> {
        collections::list((&self.0, at), who, collection, raw_query)
    }

    /// Returns the filters of a query string that a collection does not have: the platform ignores
    /// them, and lists as if they had not been asked for.
    #[must_use]
    pub fn ignored_filters(&self, collection: &Collection, raw_query: &str) -> Vec<String> {
        collections::ignored(collection, raw_query)
    }

    /// Returns one object of a collection at a moment. Of the query only `select(…)` counts.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such object; `VAL_001` for a bad `select`.
    pub fn read(
        &self,
        at: Timestamp,
        who: &Actor,
        collection: &Collection,
        id: &str,
        raw_query: &str,
    ) -> Result<Bytes, Denial> {
        collections::read((&self.0, at), who, collection, id, raw_query)
    }

    /// Returns the text an object shows to people, as Markdown: of a request its template with its
    /// values, of an asset the template or tile approved last, of a template its body without
    /// values.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such object, or objects of the collection show no text.
    pub fn render(&self, who: &Actor, what: &Collection, id: &str) -> Result<String, Denial> {
        render::render(&self.0, who, what, id)
    }

    /// Returns a template of the request's product with the request's values, whatever its family:
    /// what old clients ask for with `GET /templates/{id}/render?request_id=…`. Values of parameters
    /// that were typed and not yet written take the place of those the request has.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such request, or its product has no such template.
    pub fn render_template(
        &self,
        who: &Actor,
        template: &TemplateId,
        request: &str,
        typed: &[(String, String)],
    ) -> Result<String, Denial> {
        render::render_template(&self.0, who, template, request, typed)
    }

    /// Returns the link of a product's action to what it is taken of.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such action, `VAL_001` when it is not of what is named, or
    /// the product lacks an address or a key.
    pub fn action_link(
        &self,
        at: Timestamp,
        who: &Actor,
        product: &ProductId,
        action: &str,
        of: ActionSubject<'_>,
    ) -> Result<ActionLink, Denial> {
        action_link::action_link(&self.0, at, who, product, action, of)
    }

    /// Returns a request of whatever family as the form of its inquiry shows it to whoever knows the
    /// form's code: the customer, or the reseller.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when there is no such request, `AUTH_004` when the code is not its own.
    pub fn form(&self, request: &str, code: &str) -> Result<Bytes, Denial> {
        form::form(&self.0, request, code)
    }

    /// Returns the link to the empty sheet of usage that a product offers.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such product, `VAL_001` when it reports no usage.
    pub fn usage_template(&self, who: &Actor, product: &ProductId) -> Result<String, Denial> {
        download::template_link(&self.0, who, product)
    }

    /// Returns the sheet of a chunk.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such chunk.
    pub fn usage_chunk_sheet(&self, who: &Actor, id: &str) -> Result<Download, Denial> {
        chunk::download(&self.0, who, id)
    }

    /// Returns the rows of a reconciliation.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such reconciliation.
    pub fn usage_reconciliation_sheet(&self, who: &Actor, id: &str) -> Result<Download, Denial> {
        reconciliation::download(&self.0, who, id)
    }

    /// Returns the sheet behind a link of a usage file or a product, for whoever has the link: its
    /// path below [`DOWNLOAD_PATH`](crate::DOWNLOAD_PATH), and its code.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when there is no such sheet, or the code is not its own.
    pub fn download(&self, path: &str, code: Option<&str>) -> Result<Download, Denial> {
        download::download(&self.0, path, code)
    }

    /// Returns the row of the sheet behind a record, with what is wrong in it.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when the caller sees no such record.
    pub fn sheet_row(&self, who: &Actor, record: &UsageRecordId) -> Result<SheetRow, Denial> {
        sheet_row::sheet_row(&self.0, who, record)
    }

    /// Returns the actor that the value of an `Authorization` header belongs to. Takes the same
    /// time for every wrong key of the same length.
    #[must_use]
    pub fn authenticate(&self, authorization: &str) -> Option<Actor> {
        self.0.shared.parties.authenticate(authorization)
    }

    /// Returns the people of the caller's account: those it can assign requests to.
    #[must_use]
    pub fn people_of(&self, who: &Actor) -> Vec<Person> {
        self.0.shared.parties.people_of(who)
    }

    /// Returns the first person of the caller's account as a caller of its own: what a person does at
    /// a page is signed with a name, not with a token's. `None` for an account without people.
    #[must_use]
    pub fn person_of(&self, who: &Actor) -> Option<Actor> {
        self.0.shared.parties.person_of(who)
    }

    /// Returns the keys of the world's first vendor and distributor.
    #[must_use]
    pub fn keys(&self) -> Keys {
        self.0.shared.parties.keys()
    }

    /// Returns the id of this world.
    #[must_use]
    pub fn id(&self) -> &WorldId {
        &self.0.id
    }

    /// Returns the product the scenario is about.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.0.featured
    }

    /// Whether an object shows an icon at this address.
    #[must_use]
    pub fn has_icon(&self, address: &str) -> bool {
        self.0.shared.has_icon(address)
    }

    /// Returns the password parameters of all products, by key and by id: what bodies may call
    /// them.
    #[must_use]
    pub fn secret_parameters(&self) -> HashSet<String> {
        self.0.shared.secret_parameters()
    }

    /// Returns the values that the password parameters of a request, an asset or a tier
    /// configuration have, also those of deleted ones.
    #[must_use]
    pub fn secret_values(&self, id: &str) -> Vec<String> {
        secret_values::secret_values(&self.0, id)
    }

    /// Adds many requests as if they had been lived through until a moment, each with an asset of
    /// its own. Nothing of them passes the rules, and no event tells of them. A million take a few
    /// seconds.
    pub fn seed_requests(&mut self, at: Timestamp, fixture: &Fixture, count: usize) {
        self.0.advance_to(at);
        seed::seed_requests(&mut self.0, fixture, count);
    }

    /// Adds one request like [`seed_requests`](Self::seed_requests) and says its id; none when the
    /// world has no such product.
    pub fn seed_request(&mut self, at: Timestamp, fixture: &Fixture) -> Option<RequestId> {
        self.0.advance_to(at);
        seed::seed_request(&mut self.0, fixture)
    }

    /// Does what is due by a moment without a command, for so many objects at most. Returns what changed.
    pub fn do_due(&mut self, at: Timestamp, most: usize) -> Vec<Event> {
        if self.next_due().is_none_or(|next| next > at.max(self.0.now.timestamp())) {
            return Vec::new();
        }
        self.0.advance_to(at);
        due::do_due(&mut self.0, most)
    }

    /// Removes a draft of whatever family at a moment, before it is due. Returns what that changed.
    ///
    /// # Errors
    ///
    /// `NOT_FOUND` when there is no such request, `REQ_003` when it is no draft.
    pub fn remove_draft(&mut self, at: Timestamp, id: &str) -> Result<Vec<Event>, Denial> {
        must_be_draft(&self.0, id)?;
        self.0.advance_to(at);
        match self.0.requests.get(id).cloned() {
            Some(draft) => request::abandon::remove_draft(&mut self.0, &draft),
            None => tier_config_request::abandon::remove_draft(&mut self.0, &id.into()),
        }
        Ok(std::mem::take(&mut self.0.events))
    }

    /// Returns when the platform does something by itself next; `None` when nothing is planned.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.0.due.next()
    }

    /// Returns at most so many calls of webhooks that are due at a moment, leaving out webhooks that
    /// are called already.
    #[must_use]
    pub fn due_webhook_calls(
        &self,
        at: Timestamp,
        is_called: impl Fn(&WebhookId) -> bool,
        most: usize,
    ) -> DueCalls {
        call::due_calls(&self.0, at, is_called, most)
    }

    /// Notes how a call of a webhook ended, and returns what that changed.
    pub fn note_webhook_answer(
        &mut self,
        at: Timestamp,
        call: &WebhookCall,
        answer: WebhookAnswer,
    ) -> Vec<Event> {
        self.0.advance_to(at);
        call::note_answer(&mut self.0, call, answer);
        std::mem::take(&mut self.0.events)
    }

    /// Returns the records that make the world what it is after these events.
    #[must_use]
    pub fn writes_of(&self, events: &[Event]) -> Writes {
        dump::writes_of(&self.0, events)
    }

    /// Returns every record there is.
    #[must_use]
    pub fn all_writes(&self) -> Writes {
        dump::all_writes(&self.0)
    }

    /// Returns what has to be written to a file that an earlier version wrote.
    #[must_use]
    pub fn migration(&self) -> Writes {
        formerly::writes(&self.0)
    }

    /// Returns the record of the world itself.
    #[must_use]
    pub fn facts(&self) -> Write {
        dump::facts(&self.0)
    }

    /// Returns the whole world as JSON, by kind and id: two worlds are the same when their dumps
    /// are.
    #[must_use]
    pub fn dump(&self) -> Value {
        dump::dump(&self.0)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("requests", &self.0.requests.len())
            .field("assets", &self.0.assets.len())
            .finish_non_exhaustive()
    }
}
