//! All cases.

mod about;
mod attempts;
mod calls;
mod hello;
mod kinds;
mod outcomes;
mod process;
mod steps;
mod undo;
mod validations;

use futures::future::{BoxFuture, FutureExt};
use serde_json::{Value, json};

use super::dialogue::Reply;
use super::fault::Fault;
use super::program::Program;
use super::scene::{self, Scene};
use about::{About, REPORT, REVOCATION, TIER_CONFIG, VALIDATION};

/// Something that a worker has to show.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) shows: &'static str,
    /// The handler that it is about, where not every program has one.
    pub(super) about: Option<About>,
    pub(super) play: Play,
}

type Play = for<'a> fn(&'a Program) -> Played<'a>;
type Played<'a> = BoxFuture<'a, Result<(), Fault>>;

const fn case(name: &'static str, shows: &'static str, play: Play) -> Case {
    Case { name, shows, about: None, play }
}

const fn of(about: About, name: &'static str, shows: &'static str, play: Play) -> Case {
    Case { name, shows, about: Some(about), play }
}

/// The name of the first case.
pub(super) const HELLO: &str = "hello";

/// In the order of the protocol's page.
pub(super) const CASES: &[Case] = &[
    case(HELLO, "says what it handles", |it| hello::hello(it).boxed()),
    case("same-hello", "all workers say the same", |it| hello::same_hello(it).boxed()),
    case("other-protocol", "refuses a protocol that it does not know", |it| {
        hello::other_protocol(it).boxed()
    }),
    case("unknown", "passes over what it does not know", |it| hello::unknown(it).boxed()),
    case("failures", "hears how often it went wrong", |it| scenes(it, hello::failures())),
    case("migration", "hears what another system wrote", |it| scenes(it, hello::migration())),
    case("visit", "hears which visit it is after an inquiry", |it| scenes(it, kinds::visit())),
    of(REVOCATION, "revocation", "confirms that a request is taken back", |it| {
        scenes(it, kinds::revocation())
    }),
    of(TIER_CONFIG, "tier-config", "handles requests of tiers", |it| {
        scenes(it, kinds::tier_config())
    }),
    of(REPORT, "report", "reports a month, and makes usage files", |it| {
        scenes(it, kinds::report())
    }),
    of(VALIDATION, "validation", "says what is wrong with a draft", |it| {
        validations::findings(it).boxed()
    }),
    of(VALIDATION, "validation-reads", "reads from Connect for a draft", |it| {
        validations::reads(it).boxed()
    }),
    of(VALIDATION, "validation-fails", "tells a refusal of a draft from what went wrong", |it| {
        validations::fails(it).boxed()
    }),
    case("keyed", "takes a keyed step", |it| scenes(it, steps::keyed())),
    case("probed", "takes a probed step", |it| scenes(it, steps::probed())),
    case("once", "takes a step that is never repeated", |it| scenes(it, steps::once())),
    case("found", "looks, and tells what it found", |it| scenes(it, steps::found())),
    case("not-found", "looks, and acts where it found nothing", |it| {
        scenes(it, steps::not_found())
    }),
    case("look-fails", "tells that looking went wrong", |it| scenes(it, steps::look_fails())),
    case("done", "does nothing for a step that has happened", |it| scenes(it, steps::happened())),
    case("was-refused", "does nothing for a step that was refused", |it| {
        scenes(it, steps::was_refused())
    }),
    case("refused", "tells that the vendor refuses", |it| scenes(it, steps::refused())),
    case("failed", "tells how a step went wrong", |it| scenes(it, steps::failed())),
    case("swallowed", "gives no outcome after a step went wrong", |it| {
        scenes(it, steps::swallowed())
    }),
    case("recorded-first", "goes on once a step is recorded, not before", |it| {
        steps::recorded_first(it).boxed()
    }),
    case("values", "says values and reads them as they are", |it| scenes(it, steps::values())),
    case("large-value", "says and reads a value of 5 MiB", |it| scenes(it, steps::large_value())),
    case("calls", "says what was said to the vendor", |it| scenes(it, steps::calls())),
    case("wrong", "has no effect after its call was wrong", |it| scenes(it, steps::wrong())),
    case("stopped", "stops when the attempt must not go on", |it| scenes(it, attempts::stopped())),
    case("stopped-while-acting", "stops when a result comes too late", |it| {
        scenes(it, attempts::stopped_while_acting())
    }),
    case("not-its-own", "stops when the attempt is none of its own", |it| {
        scenes(it, attempts::not_its_own())
    }),
    case("stopped-unheard", "stops although the handler catches errors", |it| {
        scenes(it, attempts::stopped_unheard())
    }),
    case("cancelled", "stops when it is told to", |it| attempts::cancelled(it).boxed()),
    case("late-cancel", "passes over what it is told of an attempt too late", |it| {
        attempts::late_cancel(it).boxed()
    }),
    case("at-once", "keeps attempts apart that it has at the same time", |it| {
        attempts::at_once(it).boxed()
    }),
    case("recorded", "asks what was recorded", |it| scenes(it, calls::recorded())),
    case("say", "speaks in the conversation", |it| scenes(it, calls::say())),
    case("callback", "asks for the link to call back", |it| scenes(it, calls::callback())),
    case("get", "reads from Connect", |it| scenes(it, calls::get())),
    case("get-raw", "reads whatever Connect answers", |it| scenes(it, calls::get_raw())),
    case("update", "writes parameters", |it| scenes(it, calls::update())),
    case("decide", "decides, and goes on", |it| scenes(it, calls::decide())),
    case("connect-refuses", "hears with what status Connect refuses", |it| {
        scenes(it, calls::connect_refuses())
    }),
    case("log", "has lines logged", |it| scenes(it, calls::log())),
    case("outcomes", "gives each outcome", |it| scenes(it, outcomes::outcomes())),
    case("errors", "gives each error", |it| scenes(it, outcomes::errors())),
    case("undo", "undoes a step", |it| undo::undo(it).boxed()),
    case("undo-fails", "says that undoing went wrong, and undoes again", |it| {
        undo::undo_fails(it).boxed()
    }),
    case("undo-elsewhere", "undoes a step of an earlier worker", |it| {
        undo::undo_elsewhere(it).boxed()
    }),
    case("prints", "keeps what handlers print apart", |it| scenes(it, process::prints())),
    case("input-ends", "ends with its input", |it| process::input_ends(it).boxed()),
    case("input-ends-while-handling", "ends with its input while a handler hangs", |it| {
        process::input_ends_while_handling(it).boxed()
    }),
    case("told-to-end", "ends on SIGTERM while a handler hangs", |it| {
        process::told_to_end(it).boxed()
    }),
];

fn scenes(program: &Program, scenes: Vec<Scene>) -> Played<'_> {
    async { scene::play(program.ready().await?, scenes).await }.boxed()
}

/// The key of a step.
fn key(step: &str) -> String {
    format!("PR-0000-0000-0000-001:{step}")
}

fn act(step: &str) -> Reply {
    Ok(json!({"state": "act", "key": key(step)}))
}

fn look(step: &str) -> Reply {
    Ok(json!({"state": "look", "key": key(step)}))
}

fn done(value: impl Into<Value>) -> Reply {
    Ok(json!({"state": "done", "value": value.into()}))
}

fn refused(reason: &str) -> Reply {
    Ok(json!({"state": "refused", "reason": reason}))
}

fn nothing() -> Reply {
    Ok(json!({}))
}
