//! `cnct request`.

mod act;
mod create;
mod look;
mod template;
mod wait;

use connect_client::Client;
use connect_model::asset_request::RequestUpdate;
use connect_model::asset_request::action::{
    Approve, Assign, Confirm, Fail, Inquire, Pend, Purchase, Revoke, Schedule, Submit, Unassign,
    Validate,
};
use connect_model::{Action, AssetRequest, ParameterUpdate, RequestId, TemplateType, UserId};

use super::Session;
use crate::cli::{OnRequest, Order, Pair, RequestCommand, Target, Template};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ActionResult, findings};

pub(super) use act::Act;
pub(super) use create::{create_and_show, missing, named};
pub(super) use look::{render, rows};
pub(super) use template::find as find_template;

/// Carries out a request command.
pub(super) async fn run(command: RequestCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    match command {
        RequestCommand::List(wanted) => {
            signals.unless_told(look::list(wanted, client, printer)).await
        }
        RequestCommand::Show { target, conversation } => {
            let show = look::show(target.request, conversation, client, printer);
            signals.unless_told(show).await
        }
        RequestCommand::Create(new) => create::run(new, session).await,
        RequestCommand::Purchase(draft) => order(&Purchase {}, draft, session).await,
        RequestCommand::Submit(draft) => order(&Submit {}, draft, session).await,
        RequestCommand::On(command) => {
            signals.unless_told(carry_out(command, client, printer)).await
        }
    }
}

/// Orders a draft; waits for the decision, when told to.
async fn order(
    action: &impl Action<AssetRequest>,
    Order { target, wait }: Order,
    session: &mut Session<'_>,
) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    let act = Act { client, printer, request: target.request.as_str() };
    let ordered = signals.unless_told(act.carry_out(action)).await?;
    create::wait_and_show(ordered, wait, session).await
}

async fn carry_out(command: OnRequest, client: &Client, printer: &Printer) -> Result<(), Error> {
    use OnRequest as Do;
    match command {
        Do::Render(target) => {
            look::render::<AssetRequest>(target.request.as_str(), client, printer).await
        }
        Do::Set { target, params } => set(&target.request, params, client, printer).await,
        Do::Approve { target, template, effective_date } => {
            let Template { template, tile: activation_tile } = template;
            let template_id = template::find::<AssetRequest>(
                client,
                target.request.as_str(),
                template,
                TemplateType::Fulfillment,
            )
            .await?;
            let approve = Approve { template_id, activation_tile, effective_date };
            on(&target, client, printer).act(&approve).await
        }
        Do::Inquire { target, params, template } => {
            let Template { template, tile: activation_tile } = template;
            let template_id = template::find::<AssetRequest>(
                client,
                target.request.as_str(),
                template,
                TemplateType::Inquire,
            )
            .await?;
            write(&target.request, params, ParameterUpdate::error, client).await?;
            on(&target, client, printer).act(&Inquire { template_id, activation_tile }).await
        }
        Do::Fail { target, reason } => on(&target, client, printer).act(&Fail { reason }).await,
        Do::Pend(target) => on(&target, client, printer).act(&Pend {}).await,
        Do::Assign { target, user } => {
            let (id, email) = person(user);
            on(&target, client, printer).act(&Assign { id, email }).await
        }
        Do::Unassign(target) => on(&target, client, printer).act(&Unassign {}).await,
        Do::Schedule { target, date } => {
            on(&target, client, printer).act(&Schedule { planned_date: Some(date) }).await
        }
        Do::Revoke { target, reason } => on(&target, client, printer).act(&Revoke { reason }).await,
        Do::Confirm(target) => on(&target, client, printer).act(&Confirm {}).await,
        Do::Validate(target) => {
            let validated = on(&target, client, printer).carry_out(&Validate {}).await?;
            must_be_right(validated, printer)
        }
    }
}

/// Shows a request that was validated, and fails where values of it are wrong.
fn must_be_right(validated: AssetRequest, printer: &Printer) -> Result<(), Error> {
    let request = validated.id.to_string();
    let is_right = findings(&validated).next().is_none();
    printer.show(&ActionResult(validated))?;
    if is_right { Ok(()) } else { Err(Error::WrongValues { request }) }
}

fn on<'a>(target: &'a Target, client: &'a Client, printer: &'a Printer) -> Act<'a> {
    Act { client, printer, request: target.request.as_str() }
}

/// Tells a user's id from an address.
pub(super) fn person(user: String) -> (Option<UserId>, Option<String>) {
    if user.contains('@') { (None, Some(user)) } else { (Some(user.into()), None) }
}

async fn set(
    request: &RequestId,
    params: Vec<Pair>,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let written = write(request, params, ParameterUpdate::value, client).await?;
    printer.show(&ActionResult(written))
}

/// Writes parameters: their values, or what is wrong with them.
async fn write(
    request: &RequestId,
    params: Vec<Pair>,
    update: fn(String, String) -> ParameterUpdate,
    client: &Client,
) -> Result<AssetRequest, Error> {
    let params = params.into_iter().map(|pair| update(pair.key, pair.text));
    Ok(client.update(request.as_str(), &RequestUpdate::params(params)).await?)
}
