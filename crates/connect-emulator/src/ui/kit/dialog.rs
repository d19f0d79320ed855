//! Dialogs and steps of wizards: a form that ends in a command and leads on, or comes back with the
//! refusal.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::facts::Facts;
use super::html::Html;
use super::steps::Steps;
use crate::ui::page::{show, show_with};
use crate::ui::shell::Shell;

/// A dialog as a page shows it. It can be made with what it is called and where its form goes;
/// everything else may be left as it is.
#[derive(Template)]
#[template(path = "kit/dialog.html")]
pub(in crate::ui) struct Dialog {
    pub(in crate::ui) shell: Shell,
    /// The address that the form is sent to.
    pub(in crate::ui) action: String,
    pub(in crate::ui) title: String,
    pub(in crate::ui) steps: Option<Steps>,
    pub(in crate::ui) facts: Option<Facts>,
    /// The text that says what will happen.
    pub(in crate::ui) overview: String,
    /// The reason why the form cannot be sent now; then the dialog has none.
    pub(in crate::ui) closed: Option<Html>,
    /// The reasons why it was not carried out when it was sent.
    pub(in crate::ui) refused: Vec<String>,
    /// What comes between the refusal and the form.
    pub(in crate::ui) above: Html,
    /// The fields of the form.
    pub(in crate::ui) fields: Html,
    /// Whether one of them brings a file.
    pub(in crate::ui) brings_file: bool,
    /// What comes after the dialog.
    pub(in crate::ui) below: Html,
    /// The ways out, in the order they are shown in: the last one is what Enter in a field does.
    pub(in crate::ui) buttons: Vec<DialogButton>,
}

/// A way out of a dialog.
pub(in crate::ui) struct DialogButton {
    pub(in crate::ui) title: String,
    /// A class of `ui.css`.
    pub(in crate::ui) tone: &'static str,
    pub(in crate::ui) way: Way,
}

/// The way that a button leads.
pub(in crate::ui) enum Way {
    /// To another page; what was typed is left behind.
    To(String),
    /// To where the form is sent.
    Send,
    /// To another step of the wizard, with what was typed, be it complete or not.
    Step { word: &'static str, is_checked: bool },
}

impl DialogButton {
    /// Returns a button that leaves for another page.
    pub(in crate::ui) fn leave(title: &str, href: impl Into<String>) -> Self {
        Self { title: title.to_owned(), tone: "", way: Way::To(href.into()) }
    }

    /// Returns the button that sends the form.
    pub(in crate::ui) fn send(title: impl Into<String>, tone: &'static str) -> Self {
        Self { title: title.into(), tone, way: Way::Send }
    }

    /// Returns the button that goes back to a step.
    pub(in crate::ui) fn back(word: &'static str) -> Self {
        Self { title: "Back".to_owned(), tone: "", way: Way::Step { word, is_checked: false } }
    }

    /// Returns a button that sends the form with a word for what else is meant by it.
    pub(in crate::ui) fn step(title: &str, word: &'static str) -> Self {
        Self { title: title.to_owned(), tone: "", way: Way::Step { word, is_checked: true } }
    }

    /// Returns the button that goes on to a step.
    pub(in crate::ui) fn next(word: &'static str) -> Self {
        Self {
            title: "Next".to_owned(),
            tone: "primary",
            way: Way::Step { word, is_checked: true },
        }
    }
}

impl Dialog {
    /// Returns a dialog of nothing but a title.
    pub(in crate::ui) fn new(shell: Shell, title: &str, action: impl Into<String>) -> Self {
        Self {
            shell,
            action: action.into(),
            title: title.to_owned(),
            steps: None,
            facts: None,
            overview: String::new(),
            closed: None,
            refused: Vec::new(),
            above: Html::default(),
            fields: Html::default(),
            brings_file: false,
            below: Html::default(),
            buttons: Vec::new(),
        }
    }

    /// Shows the dialog.
    pub(in crate::ui) fn show(&self) -> Response {
        show(self)
    }

    /// Shows the dialog again, with the reasons why it was not carried out. When it cannot be
    /// carried out any more, that is the reason. It does not follow the news: what was written
    /// before the refusal would be news to it.
    pub(in crate::ui) fn refuse(mut self, reasons: Vec<String>) -> Response {
        if self.closed.is_none() {
            self.refused = reasons;
            self.shell.live = None;
        }
        show_with(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    /// Returns the buttons that lead somewhere now.
    fn open_buttons(&self) -> impl DoubleEndedIterator<Item = &DialogButton> {
        let is_open = self.closed.is_none();
        self.buttons.iter().filter(move |button| is_open || matches!(button.way, Way::To(_)))
    }

    /// Whether there is a form at all.
    fn has_form(&self) -> bool {
        let sends = |button: &DialogButton| !matches!(button.way, Way::To(_));
        self.closed.is_none() && (!self.fields.is_empty() || self.buttons.iter().any(sends))
    }

    /// Returns the button that Enter in a field stands for, where another one comes before it.
    fn default_button(&self) -> Option<&DialogButton> {
        let mut sending = self.open_buttons().filter(|button| !matches!(button.way, Way::To(_)));
        let last = sending.next_back()?;
        sending.next().map(|_| last)
    }
}
