//! Why a run is where it is, what happens next, and what a person can do.

use connect_journal::{Finish, Group, Note, RunState, RunView, StepState};
use connect_processor::{Ending, Scope, StepMeaning};
use connect_timeline::in_words;
use jiff::Timestamp;
use serde::Serialize;

use crate::answers::Answer;
use crate::story::RunStory;

/// What happens next, by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// What happens.
    pub what: String,
    /// The time at which it does, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Why a run is where it is, what happens next, and what a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The run: the id of its request.
    pub run: String,
    /// The state, in one word: a run that is ready and not due is `waiting`.
    pub state: &'static str,
    /// The state in one sentence.
    pub headline: String,
    /// The reasons for it, the nearest first.
    pub because: Vec<String>,
    /// What happens next, by itself; nothing where a person or news has to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// What a person can do.
    pub answers: Vec<Answer>,
}

impl Explanation {
    /// Explains a run as it is now.
    #[must_use]
    pub fn of(story: &RunStory, now: Timestamp) -> Self {
        let run = &story.run;
        let Told { headline, because, next } = match (run.state, run.due) {
            (RunState::Ready, Some(due)) if due > now => later(story, due, now),
            (RunState::Ready, _) => due(story),
            (RunState::Running, _) => at_work(story, now),
            (RunState::Parked, _) => parked(story),
            (RunState::Idle, _) => idle(run),
            (RunState::Done, _) => over(run),
            (RunState::Dead, _) => Told::new("It has failed for good.").because(reason(run)),
        };
        Self {
            run: run.id.to_string(),
            state: state(run, now),
            headline,
            because,
            next,
            answers: Answer::of(run, now),
        }
    }
}

/// Returns the state of a run in one word: one that is ready and not due is `waiting`.
#[must_use]
pub fn state(run: &RunView, now: Timestamp) -> &'static str {
    match (run.state, run.due) {
        (RunState::Ready, Some(due)) if due > now => "waiting",
        (state, _) => state.as_str(),
    }
}

struct Told {
    headline: String,
    because: Vec<String>,
    next: Option<Next>,
}

impl Told {
    fn new(headline: impl Into<String>) -> Self {
        Self { headline: headline.into(), because: Vec::new(), next: None }
    }

    fn because(mut self, why: impl IntoIterator<Item = String>) -> Self {
        self.because.extend(why);
        self
    }

    fn next(self, what: impl Into<String>, at: Option<Timestamp>) -> Self {
        Self { next: Some(Next { what: what.into(), at }), ..self }
    }
}

fn reason(run: &RunView) -> Option<String> {
    match &run.note {
        Some(Note::Why(why)) => Some(why.clone()),
        Some(Note::Outcome(_)) | None => None,
    }
}

fn later(story: &RunStory, due: Timestamp, now: Timestamp) -> Told {
    let (run, away) = (&story.run, in_words(due.duration_since(now)));
    let told = match story.last_finish() {
        Some(Finish::Retry { .. }) => {
            let times = match run.failures {
                0 | 1 => "It has failed".to_owned(),
                times => format!("It has failed {times} times in a row"),
            };
            Told::new(format!("{times}, and is tried again in {away}."))
        }
        Some(Finish::Wait { .. }) => Told::new(format!("It waits as planned, for {away} more.")),
        _ => Told::new(format!("It is due in {away}.")),
    };
    let told = told.because(reason(run)).because(hindrances(story));
    told.next("the processor works on it again", Some(due))
}

fn due(story: &RunStory) -> Told {
    let hindrances = hindrances(story);
    if hindrances.is_empty() {
        const WHY: &str =
            "it is begun as soon as a processor of this journal runs and has a place free";
        return Told::new("It is due, and no processor has begun it yet.")
            .because(reason(&story.run))
            .next(WHY, None);
    }
    Told::new("It is due, and is not begun.").because(hindrances).because(reason(&story.run))
}

/// Returns what keeps a run that is due from being begun.
fn hindrances(story: &RunStory) -> Vec<String> {
    let group = story.run.group.as_ref().map(Group::as_str);
    let mut found = Vec::new();
    for pause in &story.paused {
        let (by, at) = (&pause.by, pause.at);
        match &pause.scope {
            Scope::Everything if story.drain.is_some() => {
                found.push(format!("{by} has told the processors to end, at {at:.0}"));
            }
            Scope::Everything => found.push(format!("{by} has paused everything, at {at:.0}")),
            Scope::Product(product) if group == Some(product.as_str()) => {
                found.push(format!("{by} has paused product {product}, at {at:.0}"));
            }
            Scope::Product(_) => {}
            Scope::Vendor(vendor) => {
                found.push(format!("{by} has paused what is done for vendor {vendor}, at {at:.0}"));
            }
        }
    }
    found.extend(story.down.iter().map(|down| {
        let (vendor, since, until) = (&down.vendor, down.since, down.until);
        format!(
            "vendor {vendor} does not answer or fails since {since:.0}, so nothing of its is begun; one \
             request is tried at {until:.0}"
        )
    }));
    found.extend(story.before.as_ref().map(|before| {
        let state = before.state;
        format!("another request of the same subscription comes first: {} is {state}", before.id)
    }));
    found
}

fn at_work(story: &RunStory, now: Timestamp) -> Told {
    let run = &story.run;
    let open = run
        .steps
        .iter()
        .filter(|step| matches!(step.state, StepState::Intended) && step.fence == run.fence);
    let effects: Vec<&str> = open
        .filter_map(|step| match StepMeaning::of(&step.step) {
            StepMeaning::Effect(name) => Some(name),
            _ => None,
        })
        .collect();
    let since = story
        .history
        .iter()
        .rev()
        .find(|entry| matches!(entry.fact, connect_journal::Fact::Claimed { .. }));
    let since = since
        .map_or(String::new(), |entry| format!(", for {}", in_words(now.duration_since(entry.at))));
    let worker = run.worker.as_ref().map(ToString::to_string).unwrap_or_default();
    Told::new(format!("Attempt {} is at work{since}.", run.attempt))
        .because((!effects.is_empty()).then(|| format!("it is in step {}", effects.join(", "))))
        .because((!worker.is_empty()).then(|| format!("{worker} has it")))
        .next("if that process has died, another one takes it over once its lease has ended", None)
}

fn parked(story: &RunStory) -> Told {
    let told = Told::new("A person has to look at it.").because(reason(&story.run));
    match story.asked_about() {
        Some(step) => told.because([format!(
            "step {step} may have happened: ask the vendor; once it is revived, that step acts again \
             unless its handler finds out by itself"
        )]),
        None => told,
    }
}

fn idle(run: &RunView) -> Told {
    let ending = Ending::of(run);
    let (headline, next) = match &ending {
        Some(Ending::Inquired) => (
            "The customer was asked, and has not answered yet.",
            "the processor goes on once the request is pending again",
        ),
        Some(Ending::Scheduled) => (
            "It was accepted for a later day.",
            "the processor goes on once Connect shows it pending again",
        ),
        Some(Ending::Skipped) => (
            "The handler left it alone.",
            "the processor looks again when the request changes, or from time to time while it is pending",
        ),
        Some(Ending::NoHandler | Ending::Migration(_)) => {
            ("No handler takes it.", "a processor that has a handler for it takes it up by itself")
        }
        Some(Ending::NotOurs) => (
            "It is of another product or environment than those that are worked for.",
            "a processor that works for that takes it up by itself",
        ),
        Some(Ending::Gone) => (
            "Connect does not show it to this key.",
            "the processor takes it up once it is listed again",
        ),
        _ => ("It has nothing to do.", "the processor goes on when the request changes"),
    };
    let because = ending.map(|ending| format!("the last attempt ended: {ending}"));
    Told::new(headline).because(because).next(next, None)
}

fn over(run: &RunView) -> Told {
    match Ending::of(run) {
        Some(Ending::SettledElsewhere) => {
            Told::new("It is over: somebody else, or an earlier life, brought it to its end.")
        }
        Some(ending) => Told::new(format!("It is over: {ending}.")),
        None => Told::new("It is over."),
    }
}
