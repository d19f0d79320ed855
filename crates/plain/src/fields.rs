//! Log lines of plain text.

use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// Writes the fields of log lines and spans as `tracing-subscriber` does, each of them through
/// [`text`](crate::text()): one event stays one line, and nothing in it steers a terminal.
///
/// ```
/// tracing_subscriber::fmt()
///     .fmt_fields(plain::Fields)
///     // A log that cannot be written must not end the process.
///     .log_internal_errors(false)
///     .finish();
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields;

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut line = Line { writer, is_empty: true, result: Ok(()) };
        fields.record(&mut line);
        line.result
    }
}

struct Line<'writer> {
    writer: Writer<'writer>,
    is_empty: bool,
    result: fmt::Result,
}

impl Line<'_> {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        // Fields that `log` records carry beside their message.
        if self.result.is_ok() && !field.name().starts_with("log.") {
            self.result = self.write(field.name(), &value.to_string());
        }
    }

    fn write(&mut self, name: &str, value: &str) -> fmt::Result {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.writer.write_char(' ')?;
        }
        let value = crate::text(value);
        match (name, self.writer.has_ansi_escapes()) {
            ("message", _) => self.writer.write_str(&value),
            (name, false) => write!(self.writer, "{name}={value}"),
            (name, true) => {
                write!(self.writer, "\u{1b}[3m{name}\u{1b}[0m\u{1b}[2m=\u{1b}[0m{value}")
            }
        }
    }
}

impl Visit for Line<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.add(field, format_args!("{value}")),
            _ => self.add(field, format_args!("{value:?}")),
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(with_colour: bool, say: impl Fn(&str), word: &str) -> String {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(Fields)
            .with_ansi(with_colour)
            .without_time()
            .with_target(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || say(word));
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
    }

    fn in_all_places(word: &str) {
        let error = io::Error::other(word.to_owned());
        let cause: &(dyn std::error::Error + 'static) = &error;
        let _span = tracing::error_span!("call", %word, told = word).entered();
        tracing::error!(%word, told = word, cause, "message: {word}");
    }

    #[test]
    fn one_event_is_one_line_and_nothing_in_it_steers_a_terminal() {
        let controls = ('\0'..'\u{20}').chain('\u{7f}'..='\u{9f}');
        let turns = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for c in controls.chain(turns).chain(['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}']) {
            let line = logged(false, in_all_places, &format!("a{c}ERROR forged"));
            assert_eq!(line.lines().count(), 1, "{line:?}");
            let inner = line.strip_suffix('\n').unwrap();
            assert!(!inner.contains(c), "{c:?}: {line:?}");
        }
    }

    #[test]
    fn lines_read_as_usual() {
        assert_eq!(
            logged(false, in_all_places, "t-1"),
            "ERROR call{word=t-1 told=\"t-1\"}: message: t-1 word=t-1 told=\"t-1\" cause=t-1\n"
        );
    }

    #[test]
    fn the_only_colours_are_ours() {
        let line = logged(true, in_all_places, "\u{1b}[5mblink\u{9b}31m");
        assert!(!line.contains("\u{1b}[5m") && !line.contains('\u{9b}'), "{line:?}");
        assert!(line.contains("\u{1b}[3mword\u{1b}[0m"), "{line:?}");
    }
}
