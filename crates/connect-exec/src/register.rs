//! Registers what workers handle with a processor.

use std::sync::Arc;

use connect_client::Client;
use connect_journal::Journal;
use connect_model::{
    AssetRequestType, RequestType, Resource, TierAccountRequest, TierAccountRequestType,
    TierConfigRequestType,
};
use connect_processor::{Context, Migration, Processor, StepNames};

use crate::handler::handle;
use crate::protocol::{DeclaredHandler, HandlerKind, Hello};
use crate::report;
use crate::validator::validate;
use crate::workers::Workers;

/// Registers a handler of one family.
type Register = fn(Processor<Workers>, &DeclaredHandler, &Client) -> Processor<Workers>;

/// A family of requests that can be handled: its collection, the types there are, and how a handler of
/// it is registered.
struct Family {
    collection: &'static str,
    types: &'static [&'static str],
    register: Register,
    steps: fn(Processor<Workers>, &[String]) -> Processor<Workers>,
}

/// All families. A new one is a line.
const FAMILIES: [Family; 3] = [
    family::<AssetRequestType>(AssetRequestType::KNOWN),
    family::<TierConfigRequestType>(TierConfigRequestType::KNOWN),
    family::<TierAccountRequestType>(TierAccountRequestType::KNOWN),
];

const fn family<T>(types: &'static [&'static str]) -> Family
where
    T: RequestType + for<'a> From<&'a str>,
{
    Family {
        collection: <T::Request as Resource>::COLLECTION,
        types,
        register: register::<T>,
        steps: |processor, names| processor.steps::<T::Request>(StepNames::of(names)),
    }
}

fn register<T>(
    processor: Processor<Workers>,
    declared: &DeclaredHandler,
    client: &Client,
) -> Processor<Workers>
where
    T: RequestType + for<'a> From<&'a str>,
{
    let kind = T::from(declared.request_type.as_str());
    match declared.kind {
        HandlerKind::Request => processor.on(kind, |cx| handle(cx, HandlerKind::Request, None)),
        HandlerKind::Revocation => {
            processor.on_revocation(kind, |cx| handle(cx, HandlerKind::Revocation, None))
        }
        HandlerKind::Migration => {
            let migrate = |cx: Context<T::Request, Workers>, data: Migration| {
                handle(cx, HandlerKind::Migration, Some(data))
            };
            processor.migration(migrate)
        }
        HandlerKind::Validation => {
            let client = client.clone();
            processor.validate(kind, move |draft| validate(draft, client.clone()))
        }
        HandlerKind::Report => report::register(processor, declared),
    }
}

/// Makes a processor of workers: what they handle is registered, and the names of their steps declared.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "as the runner calls it")]
pub fn processor(
    workers: Workers,
    client: Client,
    journal: Arc<dyn Journal>,
) -> Processor<Workers> {
    let Hello { handlers, steps, .. } = workers.hello().clone();
    let mut processor = Processor::new(workers, client.clone(), journal);
    for declared in &handlers {
        if declared.kind == HandlerKind::Report {
            processor = report::register(processor, declared);
            continue;
        }
        let Some(family) = family_of(declared) else { continue };
        processor = (family.register)(processor, declared, &client);
        if let Some(steps) = &steps {
            processor = (family.steps)(processor, steps);
        }
    }
    processor
}

fn family_of(declared: &DeclaredHandler) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.collection == declared.collection)
}

/// Looks whether there is what a worker says that it handles.
pub(crate) fn check(hello: &Hello) -> Result<(), String> {
    report::check(hello)?;
    let mut of_requests = hello.handlers.iter().filter(|it| it.kind != HandlerKind::Report);
    of_requests.try_for_each(|declared| {
        let DeclaredHandler { collection, request_type, .. } = declared;
        let Some(family) = family_of(declared) else {
            let all: Vec<_> = FAMILIES.iter().map(|family| family.collection).collect();
            return Err(format!(
                "there is no collection `{}`, but {}",
                plain::text(collection),
                all.join(", ")
            ));
        };
        let is_asked = declared.kind == HandlerKind::Validation;
        if is_asked && family.collection == TierAccountRequest::COLLECTION {
            return Err(format!("nobody asks about `{collection}`: it has no validation"));
        }
        if family.types.contains(&request_type.as_str()) {
            return Ok(());
        }
        let (kind, types) = (plain::text(request_type), family.types.join(", "));
        Err(format!("`{collection}` has no type `{kind}`, but {types}"))
    })
}
