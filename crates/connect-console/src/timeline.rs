//! What happened in a run, as entries of a timeline.

use std::collections::HashMap;

use connect_journal::{AttemptNote, Fact, Finish, HistoryEntry, StepName, StepResult};
use connect_processor::{Ending, Exchange, StepMeaning};
use connect_timeline::{Entry, Kind, Lane, Tone};
use jiff::{SignedDuration, Timestamp};

use crate::story::RunStory;

/// Returns what happened in a run. Of repeated attempts without a result a journal keeps what was said to the
/// vendor only of the first and the last ones.
#[must_use]
pub fn timeline(story: &RunStory) -> Vec<Entry> {
    let mut teller = Teller::default();
    for entry in &story.history {
        teller.tell(entry);
    }
    let mut entries = teller.entries;
    entries.extend(story.notes.iter().flat_map(calls));
    entries
}

/// Goes through a history, and remembers what has begun and not ended.
#[derive(Default)]
struct Teller {
    entries: Vec<Entry>,
    /// The places of what goes on.
    attempt: Option<usize>,
    wait: Option<usize>,
    steps: HashMap<StepName, usize>,
}

impl Teller {
    fn tell(&mut self, HistoryEntry { at, fact, .. }: &HistoryEntry) {
        let at = *at;
        match fact {
            Fact::Offered { .. } => {
                self.add(Entry::new(Lane::Processor, at, "hears of the request"));
                self.begin_wait(at, "waits for its turn", Tone::Plain);
            }
            Fact::Requeued { urgent: Some(urgent), .. } => {
                self.add(Entry::new(Lane::Connect, at, format!("to be decided by {urgent:.0}")));
            }
            Fact::Requeued { .. } => {}
            Fact::Woken { .. } => {
                self.add(Entry::new(Lane::Connect, at, "there is news of the request"));
                self.begin_wait(at, "waits for its turn", Tone::Plain);
            }
            Fact::Claimed { attempt, took_over, .. } => self.claimed(at, *attempt, *took_over),
            Fact::Intended { step, .. } => self.intended(at, step),
            Fact::Recorded { step, result, .. } => self.recorded(at, step, result),
            Fact::Finished { how, .. } => self.finished(at, how),
            Fact::Moved { due } => {
                let text = format!("the machine’s clock was set; now due at {due:.0}");
                self.add(Entry::new(Lane::Processor, at, text));
            }
            Fact::Revived { by, .. } => {
                let text = format!("brought forward by {by}");
                self.add(Entry::new(Lane::Processor, at, text).kind(Kind::Person));
                self.begin_wait(at, "waits for its turn", Tone::Plain);
            }
            Fact::Erased { by } => {
                let text = format!("{by} erased what it was about");
                self.add(Entry::new(Lane::Processor, at, text).kind(Kind::Person));
            }
        }
    }

    fn add(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    fn change(&mut self, place: Option<usize>, change: impl FnOnce(Entry) -> Entry) {
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
            *entry = change(entry.clone());
        }
    }

    fn begin_wait(&mut self, at: Timestamp, why: impl Into<String>, tone: Tone) {
        self.end_wait(at);
        let wait = Entry::new(Lane::Processor, at, why).kind(Kind::Wait).tone(tone).going_on();
        self.wait = Some(self.add(wait));
    }

    fn end_wait(&mut self, at: Timestamp) {
        let wait = self.wait.take();
        self.change(wait, |entry| entry.until(at));
    }

    fn claimed(&mut self, at: Timestamp, attempt: u32, took_over: bool) {
        self.end_wait(at);
        let before = self.attempt.take();
        self.change(before, |entry| Entry {
            text: format!("{}: its process was gone", entry.text),
            ..entry.tone(Tone::Bad).until(at)
        });
        self.leave_steps(at);
        let how = if took_over { ", takes over" } else { "" };
        let text = format!("attempt {attempt}{how}");
        let entry = Entry::new(Lane::Processor, at, text).kind(Kind::Attempt).going_on();
        self.attempt = Some(self.add(entry));
    }

    fn intended(&mut self, at: Timestamp, step: &StepName) {
        let Some((lane, kind, text)) = begun(step) else { return };
        let entry = Entry::new(lane, at, text).kind(kind).tone(Tone::Open).going_on();
        let place = self.add(entry);
        self.steps.insert(step.clone(), place);
    }

    fn recorded(&mut self, at: Timestamp, step: &StepName, result: &StepResult) {
        let place = match self.steps.remove(step) {
            Some(place) => place,
            None => {
                let Some((lane, kind, text)) = begun(step) else { return };
                self.add(Entry::new(lane, at, text).kind(kind))
            }
        };
        self.change(Some(place), |entry| {
            let entry = entry.until(at);
            match result {
                StepResult::Done(_) => entry.tone(Tone::Good),
                StepResult::GaveUp(why) => {
                    let text = format!("{}: given up: {why}", entry.text);
                    Entry { text, ..entry.tone(Tone::Bad) }
                }
            }
        });
    }

    /// Ends the bars of steps whose attempt is over. Whether such a step has happened, nobody wrote down.
    fn leave_steps(&mut self, at: Timestamp) {
        let steps = std::mem::take(&mut self.steps);
        for (step, place) in steps {
            let is_effect =
                matches!(StepMeaning::of(&step), StepMeaning::Effect(_) | StepMeaning::Undo(_));
            self.change(Some(place), |entry| {
                let entry = entry.until(at);
                match is_effect {
                    true => Entry { text: format!("{}: without a result", entry.text), ..entry },
                    false => entry.tone(Tone::Plain),
                }
            });
        }
    }

    fn finished(&mut self, at: Timestamp, how: &Finish) {
        self.leave_steps(at);
        let attempt = self.attempt.take();
        let tone = match how {
            Finish::Done { .. } | Finish::Idle { .. } => Tone::Good,
            Finish::Wait { .. } => Tone::Plain,
            Finish::Retry { .. } | Finish::Park { .. } | Finish::Dead { .. } => Tone::Bad,
        };
        self.change(attempt, |entry| entry.until(at).tone(tone));
        match how {
            Finish::Done { outcome } => self.ended(at, &Ending::from_outcome(outcome)),
            Finish::Idle { outcome } => {
                self.ended(at, &Ending::from_outcome(outcome));
                self.begin_wait(at, "waits for news of the request", Tone::Plain);
            }
            Finish::Retry { due, why, .. } => {
                let entry = Entry::new(Lane::Processor, at, format!("fails: {why}"));
                self.add(entry.tone(Tone::Bad));
                self.begin_wait(at, format!("waits for its next try, due at {due:.0}"), Tone::Open);
            }
            Finish::Wait { due, why, .. } => {
                self.begin_wait(at, format!("waits until {due:.0}: {why}"), Tone::Plain);
            }
            Finish::Park { why, .. } => {
                self.begin_wait(at, format!("parked for a person: {why}"), Tone::Bad);
            }
            Finish::Dead { why } => {
                let entry = Entry::new(Lane::Processor, at, format!("gives up: {why}"));
                self.add(entry.tone(Tone::Bad));
            }
        }
    }

    fn ended(&mut self, at: Timestamp, ending: &Ending) {
        let (lane, kind, tone) = match ending {
            Ending::Approved | Ending::Submitted => (Lane::Connect, Kind::Decision, Tone::Good),
            Ending::Failed => (Lane::Connect, Kind::Decision, Tone::Bad),
            Ending::Inquired | Ending::Scheduled | Ending::Revoked => {
                (Lane::Connect, Kind::Decision, Tone::Plain)
            }
            _ => (Lane::Processor, Kind::Event, Tone::Plain),
        };
        self.add(Entry::new(lane, at, ending.to_string()).kind(kind).tone(tone));
    }
}

/// Returns where a step happens, what it is and what it is called; nothing of notes that only the processor
/// needs.
fn begun(step: &StepName) -> Option<(Lane, Kind, String)> {
    let (lane, kind) = (Lane::Processor, Kind::Step);
    Some(match StepMeaning::of(step) {
        StepMeaning::Effect(name) => (lane, kind, format!("step {name}")),
        StepMeaning::Undo(name) => (lane, kind, format!("undoes {name}")),
        StepMeaning::Message => (Lane::Connect, Kind::Event, "writes a message".to_owned()),
        StepMeaning::Rejection => {
            (lane, kind, "decides to reject, and undoes its steps first".to_owned())
        }
        StepMeaning::Failing => (Lane::Connect, Kind::Event, "tells Connect to fail it".to_owned()),
        StepMeaning::Confirming => {
            (Lane::Connect, Kind::Event, "confirms that it was taken back".to_owned())
        }
        StepMeaning::Telling(verb) => {
            (Lane::Connect, Kind::Event, format!("tells Connect to {verb} it"))
        }
        StepMeaning::Callback => (lane, Kind::Event, "expects the vendor to call back".to_owned()),
        _ => return None,
    })
}

/// Returns the calls to the vendor that were noted about a step. A note is written when they are over.
fn calls(note: &AttemptNote) -> impl Iterator<Item = Entry> {
    let exchanges = Exchange::of(note);
    let took: u64 = exchanges.iter().map(|exchange| exchange.took_ms).sum();
    let mut at = before(note.at, took);
    exchanges.into_iter().map(move |exchange| {
        let (begin, took) = (at, exchange.took_ms);
        at = after(begin, took);
        call(note, exchange, begin).until(after(begin, took))
    })
}

fn call(note: &AttemptNote, exchange: Exchange, at: Timestamp) -> Entry {
    let Exchange { method, address, status, body, answer, headers, answer_headers, .. } = exchange;
    let (answered, tone) = match status {
        Some(status) if (200..300).contains(&status) => (status.to_string(), Tone::Good),
        Some(status) => (status.to_string(), Tone::Bad),
        None => ("no answer".to_owned(), Tone::Open),
    };
    let listed = |headers: std::collections::BTreeMap<String, String>| {
        let lines: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        lines.join("\n")
    };
    Entry::new(Lane::Vendor, at, format!("{method} {address} → {answered}"))
        .kind(Kind::Call)
        .tone(tone)
        .detail("step", note.step.as_str())
        .detail("attempt", note.attempt.to_string())
        .detail("headers sent", listed(headers))
        .detail("sent", body)
        .detail("headers answered", listed(answer_headers))
        .detail("answered", answer)
}

fn before(at: Timestamp, ms: u64) -> Timestamp {
    at.checked_sub(length(ms)).unwrap_or(at)
}

fn after(at: Timestamp, ms: u64) -> Timestamp {
    at.checked_add(length(ms)).unwrap_or(at)
}

fn length(ms: u64) -> SignedDuration {
    SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}
