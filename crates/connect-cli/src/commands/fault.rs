//! `cnct fault`: bad days, to be rehearsed on the emulator and the demo vendor.

use std::time::Duration;

use connect_client::{Method, StatusCode};
use fault::{Canned, Fault, FaultEffect, Refuse};
use futures::TryFutureExt;
use serde_json::Value;

use crate::cli::{FaultCommand, Global, Place, SetAnswer, SetEffect, SetFault};
use crate::exit::Error;
use crate::printer::Printer;
use crate::settings::{self, Control};
use crate::signal::Signals;
use crate::view::FaultList;

/// The time that a server on this machine may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read, in bytes.
const MOST: usize = 1024 * 1024;

/// Carries out a fault command.
pub(super) async fn run(
    command: FaultCommand,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let mut signals = Signals::listen()?;
    let control = settings::control(global)?;
    signals.unless_told(carry_out(command, &control, printer)).await
}

async fn carry_out(
    command: FaultCommand,
    control: &Control,
    printer: &Printer,
) -> Result<(), Error> {
    match command {
        FaultCommand::Set { place, effect } => {
            let fault = fault(effect);
            let body = serde_json::to_vec(&fault).unwrap_or_default();
            call(Method::POST, place, control, Some(body)).await?;
            show(&[place], control, printer).await
        }
        FaultCommand::List { place } => show(&places(place, control), control, printer).await,
        FaultCommand::Clear { place } => {
            for place in places(place, control) {
                call(Method::DELETE, place, control, None).await?;
            }
            printer.say("no faults any more");
            Ok(())
        }
    }
}

/// The place that is asked for, or those that are known.
fn places(one: Option<Place>, control: &Control) -> Vec<Place> {
    let all = [Some(Place::Platform), control.vendor.as_ref().map(|_| Place::Vendor)];
    one.map_or_else(|| all.into_iter().flatten().collect(), |place| vec![place])
}

async fn show(places: &[Place], control: &Control, printer: &Printer) -> Result<(), Error> {
    let mut faults = Vec::new();
    for place in places {
        let list = call(Method::GET, *place, control, None).await?;
        let list: Vec<Fault> = serde_json::from_slice(&list)
            .map_err(|error| no_faults(*place, format!("its list cannot be read: {error}")))?;
        faults.extend(list.into_iter().map(|fault| (name(*place), fault)));
    }
    if faults.is_empty() {
        printer.say("no faults");
    }
    printer.show(&FaultList::of(faults))
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Platform => "platform",
        Place::Vendor => "vendor",
    }
}

/// Calls the control endpoint of a place.
async fn call(
    method: Method,
    place: Place,
    control: &Control,
    body: Option<Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    let url = match place {
        Place::Platform => format!("{}/emulator/faults", control.platform),
        Place::Vendor => format!("{}/_faults", control.vendor.as_ref().ok_or_else(|| {
            let remedy = "name the ready file of its world: --ready FILE or CONNECT_READY, written \
                          by `cnct up --ready-file FILE`";
            Error::usage("nobody says where the vendor of this platform is", remedy)
        })?),
    };
    let unreachable = |error: reqwest::Error| {
        let sources = std::iter::successors(std::error::Error::source(&error), |it| it.source());
        let why = sources.last().map_or_else(|| error.to_string(), ToString::to_string);
        no_faults(place, format!("nobody answers at {url}: {why}"))
    };
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(Error::Http)?;
    let mut request = http.request(method, &url).header("Content-Type", "application/json");
    if let (Place::Platform, Some(key)) = (place, &control.key) {
        request = request.header("Authorization", key);
    }
    let mut answer = request.body(body.unwrap_or_default()).send().map_err(unreachable).await?;
    let (status, mut text) = (answer.status(), Vec::new());
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        text.extend(chunk);
        if text.len() > MOST {
            return Err(no_faults(place, format!("its answer is longer than {MOST} bytes")));
        }
    }
    if status.is_success() { Ok(text) } else { Err(refused(place, status, &text)) }
}

/// The server's own words, when it has some.
fn refused(place: Place, status: StatusCode, text: &[u8]) -> Error {
    let body: Value = serde_json::from_slice(text).unwrap_or_default();
    let said = body["detail"].as_str().or(body["error"]["message"].as_str());
    match (status, said) {
        (StatusCode::BAD_REQUEST, Some(said)) => Error::usage(said, "see `cnct fault set --help`"),
        (status, said) => no_faults(place, format!("{status}: {}", said.unwrap_or("no reason"))),
    }
}

fn no_faults(place: Place, problem: String) -> Error {
    Error::Faults { place: name(place), problem }
}

fn fault(effect: SetEffect) -> Fault {
    let of = |effect, SetFault { on, of, times, skip }| Fault { on, of, skip, times, effect };
    match effect {
        SetEffect::Refuse { reason, code, status, fault } => {
            of(FaultEffect::Refuse(Refuse { status, code, reason }), fault)
        }
        SetEffect::Answer { canned, fault } => of(FaultEffect::Answer(answer(canned)), fault),
        SetEffect::AnswerAfter { canned, fault } => {
            of(FaultEffect::AnswerAfter(answer(canned)), fault)
        }
        SetEffect::LoseCall { fault } => of(FaultEffect::LoseCall, fault),
        SetEffect::LoseAnswer { fault } => of(FaultEffect::LoseAnswer, fault),
        SetEffect::Delay { by, fault } => {
            let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
            of(FaultEffect::Delay { millis }, fault)
        }
    }
}

fn answer(SetAnswer { status, body, retry_after, location }: SetAnswer) -> Canned {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    Canned { status, retry_after, location, body: body.map(json) }
}
