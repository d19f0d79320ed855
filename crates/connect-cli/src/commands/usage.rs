//! `cnct usage`.

mod errors;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use connect_client::{Call, Client, List};
use connect_model::rql::field;
use connect_model::{
    ContractId, NewUsageFile, Resource, UsageFile, UsageFileStatus, UsagePeriod, UsageRecord,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use self::errors::errors;
use super::Session;
use super::listing::as_they_come;
use crate::cli::{
    CreateUsageFile, ListUsageFiles, ListUsageRecords, NotedUsage, UsageCommand, UsageTarget,
};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ListView, UsageFileDetails};

/// The largest workbook, in bytes: the platform's own limit.
const LARGEST: u64 = 50 * 1024 * 1024;

/// Carries out a command about usage.
pub(super) async fn run(command: UsageCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    let work = async {
        match command {
            UsageCommand::List(wanted) => list(wanted, client, printer).await,
            UsageCommand::Show(target) => show(&target, client, printer).await,
            UsageCommand::Create(new) => create(new, client, printer).await,
            UsageCommand::Upload(upload) => {
                let workbook = read(&upload.workbook)?;
                let call = Call::post(path(&upload.target, "upload"));
                let call = call.file("usage_file", "usage_file.xlsx", &workbook)?;
                client.call(call).await?;
                uploaded(&upload.target, client, printer).await
            }
            UsageCommand::Submit(target) => act("submit", &target, None, client, printer).await,
            UsageCommand::Close(target) => act("close", &target, None, client, printer).await,
            UsageCommand::Delete(target) => act("delete", &target, None, client, printer).await,
            UsageCommand::Accept(NotedUsage { target, note }) => {
                let note = json!({"acceptance_note": note});
                act("accept", &target, Some(note), client, printer).await
            }
            UsageCommand::Reject(NotedUsage { target, note }) => {
                let note = json!({"rejection_note": note});
                act("reject", &target, Some(note), client, printer).await
            }
            UsageCommand::Records(wanted) => records(wanted, client, printer).await,
            UsageCommand::Errors(target) => errors(&target, client, printer).await,
        }
    };
    signals.unless_told(work).await
}

fn path(target: &UsageTarget, verb: &str) -> String {
    format!("{}/{}/{verb}", UsageFile::COLLECTION, target.file)
}

async fn list(wanted: ListUsageFiles, client: &Client, printer: &Printer) -> Result<(), Error> {
    let product = wanted.product.map(|product| field("product.id").eq(product.as_str()));
    let status = wanted.status.map(|status| field("status").eq(status.as_str()));
    let filters = product.into_iter().chain(status);
    let list = filters.fold(client.list::<UsageFile>(), List::filter);
    let (rows, all) = as_they_come(list, wanted.limit, "usage files", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

async fn records(
    wanted: ListUsageRecords,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let file = field("usagefile.id").eq(wanted.target.file.as_str());
    let status = wanted.status.map(|status| field("status").eq(status.as_str()));
    let list = status.into_iter().fold(client.list::<UsageRecord>().filter(file), List::filter);
    let (rows, all) = as_they_come(list, wanted.limit, "usage records", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

async fn show(target: &UsageTarget, client: &Client, printer: &Printer) -> Result<(), Error> {
    let file = client.get(target.file.as_str()).await?;
    printer.show(&UsageFileDetails { file, now: Timestamp::now() })
}

/// Shows what has become of a file after an upload, which fails where records are wrong.
async fn uploaded(target: &UsageTarget, client: &Client, printer: &Printer) -> Result<(), Error> {
    let file: UsageFile = client.get(target.file.as_str()).await?;
    let is_wrong = file.status == UsageFileStatus::Invalid;
    printer.show(&UsageFileDetails { file, now: Timestamp::now() })?;
    match is_wrong {
        true => Err(Error::WrongRecords { file: target.file.clone() }),
        false => Ok(()),
    }
}

async fn create(new: CreateUsageFile, client: &Client, printer: &Printer) -> Result<(), Error> {
    let contract = new.contract.unwrap_or_else(|| ContractId::from(ContractId::PREVIEW));
    let (from, to) = match (new.from, new.to) {
        (Some(from), Some(to)) => (from, to),
        _ => days(new.month.unwrap_or_else(last_month)),
    };
    let period = UsagePeriod { from: from.to_string(), to: to.to_string() };
    let name = new.name.unwrap_or_else(|| format!("{from} to {to}"));
    let body = NewUsageFile::new(name, &new.product, &contract, period);
    let body = new.external_id.into_iter().fold(body, NewUsageFile::external_id);
    let body = new.currency.into_iter().fold(body, NewUsageFile::currency);
    let file = client.create(&body).await?;
    printer.show(&UsageFileDetails { file, now: Timestamp::now() })
}

/// Returns the first and the last day of a day's month.
fn days(day: Date) -> (Date, Date) {
    (day.first_of_month(), day.last_of_month())
}

/// Returns a day of the last month.
pub(super) fn last_month() -> Date {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    today.first_of_month().saturating_sub(1.day())
}

async fn act(
    verb: &str,
    target: &UsageTarget,
    body: Option<Value>,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let call = Call::post(path(target, verb));
    let call = match body {
        Some(body) => call.json(&body)?,
        None => call,
    };
    done(call, target, client, printer).await
}

/// Makes a call, and shows what has become of the file.
async fn done(
    call: Call,
    target: &UsageTarget,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    client.call(call).await?;
    show(target, client, printer).await
}

/// Reads a workbook that is not larger than the platform takes.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let within = |file: File| {
        let mut workbook = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut workbook)?;
        match workbook.len() as u64 > LARGEST {
            true => Err(io::Error::other("it is larger than 50 MB; report in several files")),
            false => Ok(workbook),
        }
    };
    let wrong = |source| Error::File { path: path.to_owned(), doing: "read", source };
    File::open(path).and_then(within).map_err(wrong)
}
