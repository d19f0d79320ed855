//! `cnct tier-account`.

mod look;

use connect_client::{Call, Client};
use connect_model::tier_account_request::NewTierAccountRequest;
use connect_model::tier_account_request::action::{Accept, Ignore};
use connect_model::{Resource, TierAccount, TierAccountRequest};

use super::Session;
use super::request::Act;
use crate::cli::{AccountRequestCommand, AccountTarget, EditTierAccount, TierAccountCommand};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::ListView;

/// Carries out a command about tier accounts.
pub(super) async fn run(
    command: TierAccountCommand,
    session: &mut Session<'_>,
) -> Result<(), Error> {
    let Session { client, printer, signals } = session;
    match command {
        TierAccountCommand::List(wanted) => {
            signals.unless_told(look::list(wanted, client, printer)).await
        }
        TierAccountCommand::Show { tier_account } => {
            signals.unless_told(look::show(tier_account, client, printer)).await
        }
        TierAccountCommand::Edit(wanted) => {
            signals.unless_told(edit(wanted, client, printer)).await
        }
        TierAccountCommand::Request(command) => {
            signals.unless_told(run_request(command, client, printer)).await
        }
    }
}

async fn run_request(
    command: AccountRequestCommand,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    use AccountRequestCommand as Do;
    match command {
        Do::List(wanted) => look::list_requests(wanted, client, printer).await,
        Do::Show(AccountTarget { request }) => look::show_request(request, client, printer).await,
        Do::Accept(target) => on(&target, client, printer).act(&Accept {}).await,
        Do::Ignore { target, reason } => on(&target, client, printer).act(&Ignore { reason }).await,
    }
}

fn on<'a>(target: &'a AccountTarget, client: &'a Client, printer: &'a Printer) -> Act<'a> {
    Act { client, printer, request: target.request.as_str() }
}

/// Changes an account and shows the requests that come of it. Address and person are written whole,
/// so they are read first.
async fn edit(wanted: EditTierAccount, client: &Client, printer: &Printer) -> Result<(), Error> {
    let id = wanted.tier_account;
    let TierAccount { contact_info, .. } = client.get(id.as_str()).await?;
    let mut info = contact_info.unwrap_or_default();
    let person = info.contact.get_or_insert_default();
    let says_person = [&wanted.first_name, &wanted.last_name, &wanted.email];
    let is_person = says_person.iter().any(|it| it.is_some());
    person.first_name = wanted.first_name.or(person.first_name.take());
    person.last_name = wanted.last_name.or(person.last_name.take());
    person.email = wanted.email.or(person.email.take());
    let body = NewTierAccountRequest::update(id)
        .name(wanted.name)
        .tax_id(wanted.tax_id)
        .contact_info(is_person.then_some(info));
    let call = Call::post(TierAccountRequest::COLLECTION).json(&body)?;
    let rows: Vec<TierAccountRequest> = client.call(call).await?.json()?;
    printer.show(&ListView::of(rows))
}
