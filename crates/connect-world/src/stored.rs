//! The records kept on disk and told to those who watch, and the only way to change them: each
//! change keeps the indexes true and raises an event.

use std::borrow::Borrow;
use std::sync::Arc;

use connect_model::DateTime;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::event::{EventKind, ObjectRef};
use crate::setting::Setting;
use crate::shared::Shared;
use crate::state::State;
use crate::table::{Place, Record, Table};

/// A kind of records.
pub(crate) trait Stored:
    Record + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The word for the kind: on disk, in events, and in what pages watch.
    const KIND: &'static str;

    /// The part of a record that the indexes depend on; `()` where there are none.
    type Filed: PartialEq;

    /// Returns the table of the records.
    fn table(state: &State) -> &Table<Self>;

    /// Returns the same, to be changed.
    fn table_mut(state: &mut State) -> &mut Table<Self>;

    /// Returns the part that the indexes depend on, as it is now.
    fn filed(&self) -> Self::Filed;

    /// Files the record at a place in the indexes: a new one, or one that was filed otherwise.
    fn file(_state: &mut State, _place: Place, _before: Option<Self::Filed>) {}

    /// Takes a record at a place out of the indexes, before it is removed.
    fn unfile(_state: &mut State, _place: Place) {}

    /// Returns when the platform does something with the record by itself; `None` where it does not.
    fn due(&self, _setting: &Setting) -> Option<DateTime> {
        None
    }

    /// Does what is due of a record, once for each date.
    fn come_due(_state: &mut State, _id: &Self::Id) {}

    /// Notes when the record was written to.
    fn touch(&mut self, _now: DateTime) {}

    /// Shares with other records what is equal, as records did before they went to disk.
    fn share(&mut self, _state: &State) {}
}

impl State {
    pub(crate) fn add<R: Stored>(&mut self, record: R) {
        self.raise(EventKind::Created, object::<R>(&record.id()));
        self.insert(record);
    }

    /// Adds a record that was there before this process, or that nobody is to be told of.
    pub(crate) fn insert<R: Stored>(&mut self, record: R) {
        let due = record.due(&self.setting);
        let place = R::table_mut(self).push(record);
        R::file(self, place, None);
        self.due.refile(R::KIND, place, None, due);
    }

    /// Writes to a record and notes when.
    pub(crate) fn change<R: Stored>(&mut self, id: &R::Id, change: impl FnOnce(&mut R)) {
        let Some(place) = R::table(self).place(id.borrow()) else { return };
        let (now, was_due) = (self.now, self.due_at::<R>(place));
        let Some(record) = R::table_mut(self).at_mut(place) else { return };
        let before = record.filed();
        change(record);
        record.touch(now);
        if record.filed() != before {
            R::file(self, place, Some(before));
        }
        self.due.refile(R::KIND, place, was_due, self.due_at::<R>(place));
        self.raise(EventKind::Changed, object::<R>(id));
    }

    /// Replaces a record by another with the same id, or adds it.
    pub(crate) fn put<R: Stored>(&mut self, record: R) {
        let id = record.id();
        let Some(place) = R::table(self).place(id.borrow()) else { return self.add(record) };
        let before = R::table(self).at(place).map(|held| held.filed());
        let is_filed_otherwise = before.as_ref() != Some(&record.filed());
        let was_due = self.due_at::<R>(place);
        R::table_mut(self).set(place, record);
        if is_filed_otherwise {
            R::file(self, place, before);
        }
        self.due.refile(R::KIND, place, was_due, self.due_at::<R>(place));
        self.raise(EventKind::Changed, object::<R>(&id));
    }

    /// Removes a record, from the indexes too.
    pub(crate) fn remove<R: Stored>(&mut self, id: &R::Id) {
        let Some(place) = R::table(self).place(id.borrow()) else { return };
        self.due.refile(R::KIND, place, self.due_at::<R>(place), None);
        R::unfile(self, place);
        R::table_mut(self).remove(id.borrow());
        self.raise(EventKind::Deleted, object::<R>(id));
    }

    /// Returns when something is due of the record at a place.
    fn due_at<R: Stored>(&self, place: Place) -> Option<DateTime> {
        R::table(self).at(place)?.due(&self.setting)
    }

    /// Returns what many objects share, to be changed. A list that is being read keeps what it saw.
    pub(crate) fn shared_mut(&mut self) -> &mut Shared {
        Arc::make_mut(&mut self.shared)
    }
}

fn object<R: Stored>(id: &R::Id) -> ObjectRef {
    ObjectRef::new(R::KIND, id.borrow())
}
