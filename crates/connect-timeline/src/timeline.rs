//! A timeline and its entries.

use jiff::Timestamp;
use serde::Serialize;

/// Where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// Who asked, and whoever answers for them.
    Customer,
    /// The platform.
    Connect,
    /// The processor, and whoever operates it.
    Processor,
    /// The vendor's system.
    Vendor,
}

impl Lane {
    /// All lanes, from the one who asks to the one who delivers.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Connect, Self::Processor, Self::Vendor];

    /// Returns the lane's name, as it is shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Connect => "Connect",
            Self::Processor => "Processor",
            Self::Vendor => "Vendor",
        }
    }
}

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something changed.
    Event,
    /// A processor was at work.
    Attempt,
    /// A step was taken.
    Step,
    /// Somebody was called.
    Call,
    /// Nothing was done, for a reason.
    Wait,
    /// The request was decided.
    Decision,
    /// A person stepped in.
    Person,
}

impl Kind {
    /// Returns the word for it in data, and in the classes of pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Attempt => "attempt",
            Self::Step => "step",
            Self::Call => "call",
            Self::Wait => "wait",
            Self::Decision => "decision",
            Self::Person => "person",
        }
    }
}

/// How something went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Neither well nor badly.
    #[default]
    Plain,
    /// Well.
    Good,
    /// Badly.
    Bad,
    /// Nobody knows yet.
    Open,
}

impl Tone {
    /// Returns the word for it in data, and in the classes of pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Open => "open",
        }
    }
}

/// The end of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// It did not last.
    Moment,
    /// It ended then.
    At(Timestamp),
    /// It goes on.
    Open,
}

/// Something that is known about an entry, such as a body that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The name of what is known.
    pub name: String,
    /// What is known, without secrets.
    pub text: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The time at which it happened, or began.
    pub at: Timestamp,
    /// Its end.
    pub end: End,
    /// Where it happened.
    pub lane: Lane,
    /// What sort of thing it is.
    pub kind: Kind,
    /// How it went.
    pub tone: Tone,
    /// What happened, in words. They may be others'.
    pub text: String,
    /// What else is known about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

impl Entry {
    /// Returns an event of a moment.
    pub fn new(lane: Lane, at: Timestamp, text: impl Into<String>) -> Self {
        Self {
            at,
            end: End::Moment,
            lane,
            kind: Kind::Event,
            tone: Tone::Plain,
            text: text.into(),
            details: Vec::new(),
        }
    }

    /// Returns the same, of this kind.
    #[must_use]
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Returns the same, that went like this.
    #[must_use]
    pub fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }

    /// Returns the same, which lasted until then. What ended before it began was a moment.
    #[must_use]
    pub fn until(self, end: Timestamp) -> Self {
        let end = if end > self.at { End::At(end) } else { End::Moment };
        Self { end, ..self }
    }

    /// Returns the same, which goes on.
    #[must_use]
    pub fn going_on(self) -> Self {
        Self { end: End::Open, ..self }
    }

    /// Returns the same, and one thing more that is known about it; nothing more if the text is empty.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.details.push(Detail { name: name.into(), text });
        }
        self
    }
}

/// What happened to one subject, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// The id of what it is about.
    pub subject: String,
    /// The time at which it was drawn up: what goes on has lasted until then.
    pub now: Timestamp,
    entries: Vec<Entry>,
}

impl Timeline {
    /// Returns a timeline on which nothing has happened yet.
    pub fn new(subject: impl Into<String>, now: Timestamp) -> Self {
        Self { subject: subject.into(), now, entries: Vec::new() }
    }

    /// Adds what somebody knows, wherever in time it belongs. Of what happened at the same time, what was
    /// added first comes first.
    pub fn add(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.entries.extend(entries);
        self.entries.sort_by_key(|entry| entry.at);
    }

    /// Returns what happened, in the order of time.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the time that an entry has lasted until now; none of a moment.
    pub(crate) fn lasting(&self, entry: &Entry) -> Option<Timestamp> {
        match entry.end {
            End::Moment => None,
            End::At(end) => Some(end),
            End::Open => Some(self.now.max(entry.at)),
        }
    }
}
