//! Lines of a log for programs: a JSON object on each.

use std::error::Error;
use std::fmt::Debug;
use std::io::Write;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The longest text of a field, in characters; what is longer is cut.
const LONGEST_TEXT: usize = 16 * 1024;

/// The names that are a line's own. A field of such a name has `field.` before it.
const OWN: [&str; 3] = ["time", "level", "target"];

/// Writes each event as a JSON object on a line of its own: when it was, how grave, where in the code,
/// what it says, and the fields of the event and of everything it is part of, such as a run.
pub(crate) struct JsonLines<W> {
    writer: W,
}

impl<W> JsonLines<W> {
    pub(crate) fn to(writer: W) -> Self {
        Self { writer }
    }
}

impl<S, W> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Fields::default();
        event.record(&mut said);
        let meta = event.metadata();
        let mut line = Map::new();
        line.insert("time".to_owned(), format!("{:.3}", Timestamp::now()).into());
        line.insert("level".to_owned(), meta.level().as_str().into());
        line.insert("target".to_owned(), meta.target().into());
        line.extend(said.0.shift_remove_entry("message"));
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.extend(fields.0.clone());
            }
        }
        line.extend(said.0);
        let Ok(line) = serde_json::to_string(&line) else { return };
        // A log that cannot be written stops nothing.
        let _ = writeln!(self.writer.make_writer_for(meta), "{}", plain::json(&line));
    }
}

/// The fields of an event or a span.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn add(&mut self, field: &Field, value: Value) {
        let name = match field.name() {
            own if OWN.contains(&own) => format!("field.{own}"),
            // Those that records of the crate `log` carry beside their message.
            name if name.starts_with("log.") => return,
            name => name.to_owned(),
        };
        self.0.insert(name, value);
    }

    fn add_text(&mut self, field: &Field, mut text: String) {
        if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
            text.truncate(end);
            text.push('…');
        }
        self.add(field, text.into());
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add_text(field, value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add_text(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

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

    fn logged(say: impl FnOnce()) -> String {
        let log = Log::default();
        let writer = log.clone();
        let lines = JsonLines::to(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), say);
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let Some((_, rest)) = text.split_once(",\"level\"") else { return text };
        format!("{{\"level\"{rest}")
    }

    #[test]
    fn a_line_says_what_it_is_part_of() {
        let line = logged(|| {
            let run = tracing::info_span!("run", request = "PR-1", "type" = tracing::field::Empty);
            let _run = run.clone().entered();
            run.record("type", "resume");
            let _step = tracing::info_span!("step", step = %"enable_tenant").entered();
            tracing::warn!(status = 503, again = true, level = "forged", "the vendor is busy");
        });
        insta::assert_snapshot!(line, @r#"{"level":"WARN","target":"connect_runner::logging::json::tests","message":"the vendor is busy","request":"PR-1","type":"resume","step":"enable_tenant","status":503,"again":true,"field.level":"forged"}"#);
    }

    #[test]
    fn an_event_is_one_line_of_json_and_steers_no_terminal() {
        for harm in ["\n{\"level\":\"ERROR\"}", "\u{1b}[2J", "\u{9b}31m", "\u{202e}a", "\"}{", "\0"]
        {
            let line = logged(|| tracing::info!(word = harm, "message: {harm}"));
            assert_eq!(line.lines().count(), 1, "{line:?}");
            let line = line.strip_suffix('\n').unwrap();
            assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{line:?}");
            let read: Value = serde_json::from_str(line).unwrap();
            assert_eq!(read["word"], harm);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let line = logged(|| tracing::info!("{}", "ö".repeat(10 * LONGEST_TEXT)));
        assert!(line.len() < 2 * LONGEST_TEXT + 200, "{}", line.len());
    }
}
