//! Step 2: who buys.

use askama::Template;
use connect_model::rql::{Query, field};
use connect_model::{Contact, ContactInfo, TierAccount, TierAccountType};

use super::draft::{Buyer, Draft, Step};
use super::{Frame, PATH};
use crate::ui::fields::Fields;
use crate::ui::page::{Page, Trouble, show as show_page};
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

/// Accounts shown at once; a search finds the others.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "purchase_wizard/customer.html")]
struct CustomerPage {
    shell: Shell,
    frame: Frame,
    is_new: bool,
    /// The two ways to say who buys.
    new_href: String,
    known_href: String,
    inputs: Vec<Input>,
    search: String,
    accounts: Vec<Account>,
    /// Whether there are more than those shown.
    has_more: bool,
}

/// A field of a new customer.
struct Input {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    value: String,
}

/// An account the platform knows.
struct Account {
    id: String,
    name: String,
    place: String,
    chosen: bool,
}

/// `GET /subscriptions/new?step=customer`.
pub(super) async fn show(visitor: &Visitor, draft: &Draft) -> Page {
    let search = draft.fields().text("find");
    let (mut accounts, total) = accounts(visitor, search).await?;
    let customer = draft.fields().text("customer");
    let nobody_is_known = customer.is_empty() && search.is_empty() && accounts.is_empty();
    if let Some(Buyer::Known(id)) = draft.buyer() {
        bring_up(&mut accounts, id, visitor).await;
    } else if let Some(first) = accounts.first_mut() {
        first.chosen = true;
    }
    Ok(show_page(&CustomerPage {
        shell: visitor.shell(Section::Subscriptions, "Create Subscription"),
        frame: Frame::of(draft, Step::Customer),
        is_new: customer == "new" || nobody_is_known,
        new_href: draft.address_with(Step::Customer, &[("customer", "new")]),
        known_href: draft.address_with(Step::Customer, &[("customer", "known")]),
        inputs: NewCustomer::of_form(draft.fields()).inputs(),
        search: search.to_owned(),
        has_more: total > accounts.len(),
        accounts,
    }))
}

/// The newest accounts, and how many there are.
async fn accounts(visitor: &Visitor, search: &str) -> Result<(Vec<Account>, usize), Trouble> {
    let query = Query {
        filter: Some(field("type").eq(TierAccountType::Customer.as_str())),
        search: (!search.is_empty()).then(|| search.to_owned()),
        limit: Some(SHOWN),
        ..Query::default()
    };
    let found = visitor.list::<TierAccount>(&Collection::TierAccounts, &query).await?;
    Ok((found.rows.iter().map(Account::new).collect(), found.range.total))
}

/// Marks the account that was chosen before, and shows it first when it is not among these. One that
/// is not there is nobody's choice.
async fn bring_up(accounts: &mut Vec<Account>, id: &str, visitor: &Visitor) {
    if let Some(account) = accounts.iter_mut().find(|account| account.id == id) {
        account.chosen = true;
    } else if let Ok(account) = visitor.read(&Collection::TierAccounts, id).await {
        accounts.insert(0, Account { chosen: true, ..Account::new(&account) });
    }
}

impl Account {
    fn new(account: &TierAccount) -> Self {
        let info = account.contact_info.as_ref();
        let place = info.map(|info| [&info.city, &info.country]).into_iter().flatten();
        let place: Vec<&str> = place.filter_map(|part| part.as_deref()).collect();
        Self {
            id: account.id.to_string(),
            name: account.name.clone(),
            place: place.join(", "),
            chosen: false,
        }
    }
}

/// What a form says of a customer that the platform does not know. Each field is in the order of
/// [`FIELDS`].
pub(super) struct NewCustomer([String; FIELDS.len()]);

/// Name, label, type and autocomplete of each field.
const FIELDS: [(&str, &str, &str, &str); 8] = [
    ("name", "Company", "text", "organization"),
    ("first_name", "First name", "text", "given-name"),
    ("last_name", "Last name", "text", "family-name"),
    ("email", "E-mail", "email", "email"),
    ("address", "Address", "text", "address-line1"),
    ("city", "City", "text", "address-level2"),
    ("postal_code", "Postal code", "text", "postal-code"),
    ("country", "Country (two letters, such as ES)", "text", "country"),
];

impl NewCustomer {
    pub(super) fn has_field(name: &str) -> bool {
        FIELDS.iter().any(|(its, ..)| *its == name)
    }

    pub(super) fn of_form(fields: &Fields) -> Self {
        Self(FIELDS.map(|(name, ..)| fields.text(name).to_owned()))
    }

    pub(super) fn of(account: &TierAccount) -> Self {
        let info = account.contact_info.clone().unwrap_or_default();
        let contact = info.contact.unwrap_or_default();
        let parts = [
            contact.first_name,
            contact.last_name,
            contact.email,
            info.address_line1,
            info.city,
            info.postal_code,
            info.country,
        ];
        let [first_name, last_name, email, address, city, postal_code, country] =
            parts.map(Option::unwrap_or_default);
        let name = account.name.clone();
        Self([name, first_name, last_name, email, address, city, postal_code, country])
    }

    /// The fields of a form that says the same.
    pub(super) fn fields(&self) -> Vec<(&str, &str)> {
        let own = FIELDS.iter().zip(&self.0).map(|((name, ..), value)| (*name, value.as_str()));
        [("customer", "new")].into_iter().chain(own).collect()
    }

    fn inputs(self) -> Vec<Input> {
        let input = |((name, label, kind, autocomplete), value)| Input {
            name,
            label,
            kind,
            autocomplete,
            value,
        };
        FIELDS.into_iter().zip(self.0).map(input).collect()
    }

    /// The account of the order. What is blank is left to the platform to ask for.
    pub(super) fn account(self) -> TierAccount {
        let [name, first_name, last_name, email, address, city, postal_code, country] = self.0;
        let contact = Contact {
            first_name: Some(first_name),
            last_name: Some(last_name),
            email: Some(email),
            ..Contact::default()
        };
        let info = ContactInfo {
            address_line1: Some(address),
            city: Some(city),
            postal_code: Some(postal_code),
            country: Some(country.to_uppercase()),
            contact: Some(contact),
            ..ContactInfo::default()
        };
        TierAccount {
            name,
            kind: Some(TierAccountType::Customer),
            contact_info: Some(info),
            ..TierAccount::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_customer_comes_through_the_form_unchanged() {
        let invented = connect_world::customer::invented(&mut fastrand::Rng::with_seed(7));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(NewCustomer::of(&invented).fields())
            .finish();
        let account = NewCustomer::of_form(&Fields::of_query(&query)).account();
        let (sent, mut meant) = (account.contact_info.unwrap(), invented.contact_info.unwrap());
        meant.contact.as_mut().unwrap().phone_number = None;
        assert_eq!((account.name, sent), (invented.name, meant));
    }
}
