//! HTML that was made already.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// HTML that a template shows as it is; empty when there is nothing to show.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Html(String);

#[derive(Template)]
#[template(source = "{{ text }}", ext = "html")]
struct Text<'a> {
    text: &'a str,
}

impl Html {
    /// Returns what a template shows.
    pub(in crate::ui) fn of(template: &impl Template) -> Self {
        // Writing to a string does not fail; a template that says so is a defect, and says it.
        Self(template.render().unwrap_or_else(|error| error.to_string()))
    }

    /// Returns a text.
    pub(in crate::ui) fn text(text: &str) -> Self {
        Self::of(&Text { text })
    }

    /// Returns a text that stands out.
    pub(in crate::ui) fn note(text: &str) -> Self {
        Self(format!("<p class=\"note\">{}</p>", Self::text(text)))
    }

    /// Returns this and what follows it.
    pub(in crate::ui) fn and(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }

    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl HtmlSafe for Html {}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
