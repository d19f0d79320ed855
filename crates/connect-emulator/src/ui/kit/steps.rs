//! The steps of a wizard.

use askama::Template;
use askama::filters::HtmlSafe;

/// The steps of a wizard, and where the visitor is.
#[derive(Template)]
#[template(path = "kit/steps.html")]
pub(in crate::ui) struct Steps(Vec<StepLink>);

/// A step.
pub(in crate::ui) struct StepLink {
    pub(in crate::ui) title: &'static str,
    pub(in crate::ui) is_current: bool,
    pub(in crate::ui) is_done: bool,
    /// The way back to a step that is done and can be changed.
    pub(in crate::ui) href: Option<String>,
}

impl HtmlSafe for Steps {}

impl Steps {
    /// Returns steps with ways back.
    pub(in crate::ui) fn new(steps: Vec<StepLink>) -> Self {
        Self(steps)
    }

    /// Returns steps of which the one in this place, the first is 0, is being taken.
    pub(in crate::ui) fn at(place: usize, titles: &[&'static str]) -> Self {
        let step = |(its, title): (usize, &&'static str)| StepLink {
            title,
            is_current: its == place,
            is_done: its < place,
            href: None,
        };
        Self(titles.iter().enumerate().map(step).collect())
    }

    /// Returns the same with a way back to the first step.
    pub(in crate::ui) fn back_to_first(mut self, href: String) -> Self {
        if let Some(first) = self.0.first_mut() {
            first.href = Some(href);
        }
        self
    }
}
