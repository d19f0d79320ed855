//! Creating requests.

use std::time::Duration;

use connect_emulator::customer;
use connect_model::{
    AssetId, AssetRequest, NewRequest, NewTier, ParameterUpdate, RequestStatus, TierAccountId,
};

use super::wait::until_final;
use crate::cli::{CreateRequest, NewKind};
use crate::commands::Desk;
use crate::exit::Error;
use crate::view::Acted;

pub(super) async fn run(new: CreateRequest, desk: &mut Desk<'_>) -> Result<(), Error> {
    create_and_show(&body(&new)?, new.wait, desk).await
}

/// Creates a request and shows it; waits for the decision first, when told to. What was created is
/// shown whatever became of the waiting: nobody shall create it twice.
pub(crate) async fn create_and_show(
    new: &NewRequest,
    wait: Option<Duration>,
    desk: &mut Desk<'_>,
) -> Result<(), Error> {
    let Desk { client, printer, signals } = desk;
    let create = async { Ok(client.create(new).await?) };
    let created: AssetRequest = signals.unless_told(create).await?;
    let Some(patience) = wait else { return printer.show(&Acted(created)) };
    let decision = until_final(&created.id, patience, client);
    let (last, verdict) = match signals.unless_told(decision).await {
        Ok(last) => {
            let verdict = verdict(&last, patience);
            (last, verdict)
        }
        Err(error) => (created, Err(error)),
    };
    printer.show(&Acted(last))?;
    verdict
}

fn verdict(last: &AssetRequest, patience: Duration) -> Result<(), Error> {
    let (request, status) = (last.id.clone(), last.status.clone());
    match &last.status {
        RequestStatus::Approved => Ok(()),
        ended if ended.is_final() => {
            Err(Error::NotApproved { request, status, reason: last.reason.clone() })
        }
        _ => Err(Error::StillOpen { request, status, after: patience }),
    }
}

fn body(new: &CreateRequest) -> Result<NewRequest, Error> {
    let mut body = begin(new)?;
    for item in &new.items {
        body = body.item(&item.item, item.quantity);
    }
    for pair in &new.params {
        body = body.param(&ParameterUpdate::value(&pair.key, &pair.text));
    }
    Ok(if new.draft { body.draft() } else { body })
}

fn begin(new: &CreateRequest) -> Result<NewRequest, Error> {
    let on: fn(&AssetId) -> NewRequest = match new.kind {
        NewKind::Purchase => return purchase(new),
        NewKind::Change => NewRequest::change,
        NewKind::Suspend => NewRequest::suspend,
        NewKind::Resume => NewRequest::resume,
        NewKind::Cancel => NewRequest::cancel,
        NewKind::Adjustment => NewRequest::adjustment,
    };
    new.asset.as_ref().map(on).ok_or_else(|| missing("--asset"))
}

fn purchase(new: &CreateRequest) -> Result<NewRequest, Error> {
    let product = new.product.as_ref().ok_or_else(|| missing("--product"))?;
    Ok(NewRequest::preview_purchase(product).tier("customer", &customer(new.customer.as_ref())))
}

fn customer(known: Option<&TierAccountId>) -> NewTier {
    match known {
        Some(id) => NewTier::Known(id.clone()),
        None => NewTier::New(Box::new(customer::invented(&mut fastrand::Rng::new()))),
    }
}

fn missing(argument: &str) -> Error {
    Error::usage(format!("{argument} is missing"), "see `cnct request create --help`")
}
