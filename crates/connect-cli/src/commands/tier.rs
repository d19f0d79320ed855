//! `cnct tier`.

mod look;

use connect_client::Client;
use connect_model::tier_config_request::action::{
    ApprovalText, Approve, Assign, Fail, Inquire, Pend, Submit, Unassign, Validate,
};
use connect_model::tier_config_request::{NewTierConfigRequest, TierConfigRequestUpdate};
use connect_model::{ParameterUpdate, TemplateType, TierConfigId, TierConfigRequest};

use super::Session;
use super::request::{Act, create_and_show, find_template, missing, named, person, render};
use crate::cli::{
    CreateTierRequest, NewTierKind, OnTierRequest, Pair, Template, TierCommand, TierRequestCommand,
    TierTarget,
};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::ActionResult;

/// Carries out a command about tier configurations.
pub(super) async fn run(command: TierCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    match command {
        TierCommand::List(wanted) => signals.unless_told(look::list(wanted, client, printer)).await,
        TierCommand::Show { tier_config } => {
            signals.unless_told(look::show(tier_config, client, printer)).await
        }
        TierCommand::Request(command) => run_request(command, session).await,
    }
}

async fn run_request(command: TierRequestCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    match command {
        TierRequestCommand::List(wanted) => {
            signals.unless_told(look::list_requests(wanted, client, printer)).await
        }
        TierRequestCommand::Show(TierTarget { request }) => {
            signals.unless_told(look::show_request(request, client, printer)).await
        }
        TierRequestCommand::Create(new) => create(new, session).await,
        TierRequestCommand::On(command) => {
            signals.unless_told(carry_out(command, client, printer)).await
        }
    }
}

async fn create(new: CreateTierRequest, session: &mut Session<'_>) -> Result<(), Error> {
    let begun = begin(&new)?;
    let params = new.params.into_iter().map(|pair| ParameterUpdate::value(pair.key, pair.text));
    let body = params.fold(begun, NewTierConfigRequest::param);
    create_and_show::<TierConfigRequest>(&body, new.wait, session).await
}

fn begin(new: &CreateTierRequest) -> Result<NewTierConfigRequest, Error> {
    let on: fn(&TierConfigId) -> NewTierConfigRequest = match new.kind {
        NewTierKind::Setup => return set_up(new),
        NewTierKind::Update => NewTierConfigRequest::update,
        NewTierKind::Adjustment => NewTierConfigRequest::adjustment,
    };
    new.tier_config.as_ref().map(on).ok_or_else(|| missing("--tier-config"))
}

fn set_up(new: &CreateTierRequest) -> Result<NewTierConfigRequest, Error> {
    let product = new.product.as_ref().ok_or_else(|| missing("--product"))?;
    let level = new.level.ok_or_else(|| missing("--level"))?;
    let account = new.account.as_ref().ok_or_else(|| missing("--account"))?;
    Ok(NewTierConfigRequest::preview_setup(product, level, &named(account)))
}

async fn carry_out(
    command: OnTierRequest,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    use OnTierRequest as Do;
    match command {
        Do::Render(TierTarget { request }) => {
            render::<TierConfigRequest>(request.as_str(), client, printer).await
        }
        Do::Set { target, params } => {
            let written = write(&target, params, ParameterUpdate::value, client).await?;
            printer.show(&ActionResult(written))
        }
        Do::Approve { target, template, effective_date } => {
            let template = chosen(template, &target, client).await?;
            on(&target, client, printer).act(&Approve { template, effective_date }).await
        }
        Do::Inquire { target, params } => {
            write(&target, params, ParameterUpdate::error, client).await?;
            on(&target, client, printer).act(&Inquire {}).await
        }
        Do::Fail { target, reason } => on(&target, client, printer).act(&Fail { reason }).await,
        Do::Pend(target) => on(&target, client, printer).act(&Pend {}).await,
        Do::Assign { target, user } => {
            let (id, email) = person(user);
            on(&target, client, printer).act(&Assign { id, email }).await
        }
        Do::Unassign(target) => on(&target, client, printer).act(&Unassign {}).await,
        Do::Submit(target) => on(&target, client, printer).act(&Submit {}).await,
        Do::Validate(target) => on(&target, client, printer).act(&Validate {}).await,
    }
}

fn on<'a>(target: &'a TierTarget, client: &'a Client, printer: &'a Printer) -> Act<'a> {
    Act { client, printer, request: target.request.as_str() }
}

/// Returns the text that an approval was told to show.
async fn chosen(
    Template { template, tile }: Template,
    target: &TierTarget,
    client: &Client,
) -> Result<Option<ApprovalText>, Error> {
    if let Some(markdown) = tile {
        return Ok(Some(ApprovalText::Markdown(markdown)));
    }
    let (request, turn) = (target.request.as_str(), TemplateType::Fulfillment);
    let found = find_template::<TierConfigRequest>(client, request, template, turn).await?;
    Ok(found.map(ApprovalText::Template))
}

/// Writes parameters: their values, or what is wrong with them.
async fn write(
    target: &TierTarget,
    params: Vec<Pair>,
    update: fn(String, String) -> ParameterUpdate,
    client: &Client,
) -> Result<TierConfigRequest, Error> {
    let params = params.into_iter().map(|pair| update(pair.key, pair.text));
    let body = TierConfigRequestUpdate::params(params);
    Ok(client.update(target.request.as_str(), &body).await?)
}
