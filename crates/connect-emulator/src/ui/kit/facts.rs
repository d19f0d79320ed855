//! Lists of keys and values.

use std::fmt::Display;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::ui::mark::Mark;
use crate::ui::when::When;

/// What is known of something, a name and a value each.
#[derive(Clone, Debug, Template)]
#[template(path = "kit/facts.html")]
pub(in crate::ui) struct Facts {
    list: Vec<Fact>,
    /// Whether each has a line of its own.
    is_tall: bool,
}

#[derive(Clone, Debug)]
struct Fact {
    name: &'static str,
    /// The element's id, for script and tests; empty when it has none.
    anchor: &'static str,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    /// Text for machines; the page offers to copy it.
    Code(String),
    Mark(Mark),
    When(When),
    /// An instant that matters to the minute.
    Exactly(When),
    /// Another object: what it is called, its address, and its tag when it has one.
    Link {
        text: String,
        href: String,
        is_id: bool,
        tag: Option<String>,
    },
    /// An object that has no page.
    Named {
        name: String,
        id: String,
    },
}

impl HtmlSafe for Facts {}

impl Facts {
    /// Returns an empty list, to be shown side by side.
    pub(in crate::ui) fn beside() -> Self {
        Self { list: Vec::new(), is_tall: false }
    }

    /// Returns an empty list, to be shown one below the other.
    pub(in crate::ui) fn below() -> Self {
        Self { list: Vec::new(), is_tall: true }
    }

    /// Adds a text; an empty one is shown as a dash.
    pub(in crate::ui) fn text(self, name: &'static str, text: impl Display) -> Self {
        self.with(name, Value::Text(text.to_string()))
    }

    /// Adds a text that can be copied.
    pub(in crate::ui) fn code(self, name: &'static str, text: impl Display) -> Self {
        self.with(name, Value::Code(text.to_string()))
    }

    /// Adds a status.
    pub(in crate::ui) fn mark(self, name: &'static str, mark: Mark) -> Self {
        self.with(name, Value::Mark(mark))
    }

    /// Adds an instant; a dash where there is none.
    pub(in crate::ui) fn when(self, name: &'static str, when: Option<When>) -> Self {
        self.with(name, when.map_or_else(|| Value::Text(String::new()), Value::When))
    }

    /// Adds an instant in full; nothing where there is none.
    pub(in crate::ui) fn exactly(self, name: &'static str, when: Option<When>) -> Self {
        match when {
            Some(when) => self.with(name, Value::Exactly(when)),
            None => self,
        }
    }

    /// Adds an object with a page, by its id.
    pub(in crate::ui) fn id(
        self,
        name: &'static str,
        id: impl Display,
        href: String,
        tag: Option<String>,
    ) -> Self {
        self.with(name, Value::Link { text: id.to_string(), href, is_id: true, tag })
    }

    /// Adds an object with a page, by its name.
    pub(in crate::ui) fn link(self, name: &'static str, text: impl Display, href: String) -> Self {
        self.with(name, Value::Link { text: text.to_string(), href, is_id: false, tag: None })
    }

    /// Adds an object without a page: its name and its id, or a dash where there is none.
    pub(in crate::ui) fn named(
        self,
        name: &'static str,
        object: Option<(Option<&str>, &str)>,
    ) -> Self {
        self.with(
            name,
            match object {
                Some((called, id)) => {
                    Value::Named { name: called.unwrap_or_default().to_owned(), id: id.to_owned() }
                }
                None => Value::Text(String::new()),
            },
        )
    }

    /// Gives the element of the last fact an id.
    pub(in crate::ui) fn at(mut self, anchor: &'static str) -> Self {
        if let Some(last) = self.list.last_mut() {
            last.anchor = anchor;
        }
        self
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.list.push(Fact { name, anchor: "", value });
        self
    }
}
