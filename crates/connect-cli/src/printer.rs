//! The only place that prints: results on stdout; prose and errors on stderr.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::cli::Global;
use crate::exit::Error;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// A result and its three forms; the JSON form is its serialisation.
pub(crate) trait View: Serialize {
    /// Writes the form for people.
    fn human(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Writes the form for scripts: ids, one per line.
    fn quiet(&self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Human,
    Json,
    Quiet,
}

/// Prints in the form that was asked for.
pub(crate) struct Printer {
    form: Form,
}

impl Printer {
    pub(crate) fn new(global: &Global) -> Self {
        let form = match (global.json, global.quiet) {
            (true, _) => Form::Json,
            (false, true) => Form::Quiet,
            (false, false) => Form::Human,
        };
        Self { form }
    }

    /// Whether it prints ids alone.
    pub(crate) fn is_quiet(&self) -> bool {
        self.form == Form::Quiet
    }

    /// Prints a result.
    pub(crate) fn show(&self, view: &impl View) -> Result<(), Error> {
        print(|out| match self.form {
            Form::Human => view.human(out),
            Form::Json => pretty(out, view),
            Form::Quiet => view.quiet(out),
        })
    }

    /// Prints a part of a result that only people read, as soon as it is there.
    pub(crate) fn tell(
        &self,
        draw: impl Fn(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        match self.form {
            Form::Human => print(draw),
            Form::Json | Form::Quiet => Ok(()),
        }
    }

    /// Prints text as it is, whatever form was asked for.
    pub(crate) fn text(&self, text: &[u8]) -> Result<(), Error> {
        print(|out| out.write_all(text))
    }

    /// Says something beside the result.
    pub(crate) fn say(&self, prose: impl Display) {
        if self.form == Form::Human {
            note(prose);
        }
    }

    /// Warns, in every form.
    pub(crate) fn warn(&self, prose: impl Display) {
        note(format_args!("{WARNING}warning:{WARNING:#} {}", plain::text(&prose.to_string())));
    }

    /// Says what could not be shown, beside what can.
    pub(crate) fn skip(&self, error: &Error) {
        match self.form {
            Form::Json => note(plain::json(&error.to_json().to_string())),
            Form::Human | Form::Quiet => note(in_words(error)),
        }
    }

    /// Says why it did not work. A reader that closed the pipe is no failure.
    pub(crate) fn fail(&self, error: &Error) -> ExitCode {
        let code = error.exit_code();
        if code != 0 {
            self.skip(error);
        }
        ExitCode::from(code)
    }
}

/// Answers arguments that were not understood, and requests for help.
pub(crate) fn not_understood(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    if error.use_stderr() && wants_json {
        let error = Error::usage(first_paragraph(error), "see `cnct help`").to_json();
        note(plain::json(&error.to_string()));
    } else {
        // Help into a closed pipe is read help.
        drop(error.print());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn first_paragraph(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    text.split("\n\n").next().unwrap_or_default().trim_end().to_owned()
}

fn print(draw: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    draw(&mut out).and_then(|()| out.flush()).map_err(Error::Output)
}

/// Writes to stderr; nobody can be told that it is closed.
fn note(prose: impl Display) {
    drop(writeln!(anstream::stderr().lock(), "{prose}"));
}

fn pretty(out: &mut dyn Write, view: &impl View) -> io::Result<()> {
    let json = serde_json::to_string_pretty(view)?;
    writeln!(out, "{}", plain::json(&json))
}

fn in_words(error: &Error) -> String {
    let cause = error.cause().map(|cause| format!("\n  because: {}", plain::text(&cause)));
    let remedy = error.remedy().map(|remedy| format!("\n  {remedy}"));
    let more: String = cause.into_iter().chain(remedy).collect();
    format!("{ERROR}error:{ERROR:#} {}{more}", plain::text(&error.to_string()))
}
