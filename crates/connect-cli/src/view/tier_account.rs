//! Tier accounts and the requests about them.

use std::io::{self, Write};

use connect_model::{ContactInfo, TierAccount, TierAccountRequest, created_at};
use jiff::Timestamp;
use serde::Serialize;

use super::list::TableRow;
use super::request::ShownRequest;
use super::table::{Cell, Column};
use super::time::ago;
use super::{colour, facts, ids, named};
use crate::printer::View;

impl TableRow<5> for TierAccount {
    const COLUMNS: [Column; 5] = [
        Column::whole("TIER ACCOUNT"),
        Column::whole("TYPE"),
        Column::text("NAME"),
        Column::text("E-MAIL").expendable(2),
        Column::whole("CREATED").expendable(1),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 5] {
        [
            self.id.as_str().into(),
            kind(self).into(),
            self.name.clone().into(),
            email(self).into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One tier account, whole, and what vendors were told of it, newest first.
#[derive(Serialize)]
pub(crate) struct TierAccountDetails {
    #[serde(flatten)]
    pub(crate) account: TierAccount,
    pub(crate) requests: Vec<TierAccountRequest>,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for TierAccountDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let account = &self.account;
        let mut all = vec![("tier account", account.id.to_string())];
        all.extend(data(account));
        all.push(("created", ago(self.now, created_at(&account.events))));
        all.extend(self.requests.iter().map(|request| {
            let (id, status) = (&request.id, &request.status);
            ("request", format!("{id}  {status}"))
        }));
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.account.id.as_str()])
    }
}

impl TableRow<5> for TierAccountRequest {
    const COLUMNS: [Column; 5] = [
        Column::whole("REQUEST"),
        Column::whole("STATUS"),
        Column::text("PRODUCT").expendable(2),
        Column::text("ACCOUNT"),
        Column::whole("CREATED").expendable(1),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 5] {
        [
            self.id.as_str().into(),
            Cell::styled(self.status.as_str(), colour(&self.status)),
            named(self.product.as_ref()).into(),
            self.account.name.clone().into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One request about a tier account, whole.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct AccountRequestDetails {
    pub(crate) request: TierAccountRequest,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for AccountRequestDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let request = &self.request;
        let mut all = vec![
            ("request", request.id.to_string()),
            ("type", request.kind.to_string()),
            ("status", request.status.to_string()),
            ("reason", request.reason.clone().unwrap_or_default()),
            ("created", ago(self.now, created_at(&request.events))),
            ("product", named(request.product.as_ref())),
            ("tier account", request.account.id.to_string()),
        ];
        all.extend(data(&request.account));
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.request.id.as_str()])
    }
}

impl ShownRequest for TierAccountRequest {
    fn subject(&self) -> String {
        let version = self.account.version.unwrap_or(1);
        format!("tier account {} version {version}", self.account.id)
    }
}

fn kind(account: &TierAccount) -> String {
    account.kind.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Returns what an account says of itself.
fn data(account: &TierAccount) -> [(&'static str, String); 7] {
    let version = account.version.map(|version| version.to_string());
    [
        ("version", version.unwrap_or_default()),
        ("account type", kind(account)),
        ("name", account.name.clone()),
        ("external id", account.external_id.clone().unwrap_or_default()),
        ("tax id", account.tax_id.clone().unwrap_or_default()),
        ("person", account.contact_info.as_ref().map(person).unwrap_or_default()),
        ("address", account.contact_info.as_ref().map(address).unwrap_or_default()),
    ]
}

fn email(account: &TierAccount) -> String {
    let person = account.contact_info.as_ref().and_then(|info| info.contact.as_ref());
    person.and_then(|person| person.email.clone()).unwrap_or_default()
}

fn person(info: &ContactInfo) -> String {
    let Some(person) = &info.contact else { return String::new() };
    let email = person.email.as_ref().map(|email| format!("<{email}>"));
    joined(" ", [person.first_name.clone(), person.last_name.clone(), email])
}

fn address(info: &ContactInfo) -> String {
    let town = joined(" ", [info.postal_code.clone(), info.city.clone()]);
    let street = [info.address_line1.clone(), info.address_line2.clone()];
    let [street, more] = street;
    joined(", ", [street, more, Some(town), info.state.clone(), info.country.clone()])
}

fn joined<const N: usize>(between: &str, parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    parts.join(between)
}
