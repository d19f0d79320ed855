//! Dated events, in the order of time.

use askama::Template;
use askama::filters::HtmlSafe;
use connect_model::{At, Events};

use crate::ui::mark::title;
use crate::ui::shell::Shell;
use crate::ui::when::When;

/// Events with their dates, the oldest first.
#[derive(Template)]
#[template(path = "kit/timeline.html")]
pub(in crate::ui) struct Timeline(Vec<TimelineEvent>);

/// One of them.
pub(in crate::ui) struct TimelineEvent {
    pub(in crate::ui) title: String,
    pub(in crate::ui) when: When,
    /// The name of who did it; empty when nobody knows.
    pub(in crate::ui) by: String,
}

impl HtmlSafe for Timeline {}

impl Timeline {
    /// Returns the events that an object tells of itself.
    pub(in crate::ui) fn of(events: &Events, shell: &Shell) -> Self {
        let mut events: Vec<_> = events.iter().collect();
        events.sort_by_key(|(_, event)| event.at);
        let told = events.into_iter();
        Self(told.filter_map(|(word, event)| TimelineEvent::new(word, event, shell)).collect())
    }
}

impl TimelineEvent {
    fn new(word: &str, event: &At, shell: &Shell) -> Option<Self> {
        Some(Self { title: title(word), when: shell.when(event.at)?, by: who(event) })
    }
}

/// Names who did something; empty when nobody knows.
pub(in crate::ui) fn who(event: &At) -> String {
    let by = event.by.as_ref();
    by.map(|by| by.name.clone().unwrap_or_else(|| by.id.to_string())).unwrap_or_default()
}
