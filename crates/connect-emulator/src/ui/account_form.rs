//! The form of a customer's data: of a new one, and of one that is edited.

mod countries;

use connect_model::{Contact, ContactInfo, TierAccount, TierAccountType};

use self::countries::COUNTRIES;
use crate::ui::fields::Fields;
use crate::ui::kit::Choice;

/// A field of the form.
pub(in crate::ui) struct Input {
    pub(in crate::ui) name: &'static str,
    pub(in crate::ui) label: &'static str,
    pub(in crate::ui) kind: &'static str,
    pub(in crate::ui) autocomplete: &'static str,
    pub(in crate::ui) value: String,
    /// What can be chosen, when it is not typed.
    pub(in crate::ui) choices: Vec<Choice>,
}

/// What the form says. Each field is in the order of [`FIELDS`].
pub(in crate::ui) struct AccountForm([String; FIELDS.len()]);

/// Name, label, type and autocomplete of each field.
const FIELDS: [(&str, &str, &str, &str); 8] = [
    ("name", "Company", "text", "organization"),
    ("first_name", "First name", "text", "given-name"),
    ("last_name", "Last name", "text", "family-name"),
    ("email", "E-mail", "email", "email"),
    ("address", "Address", "text", "address-line1"),
    ("city", "City", "text", "address-level2"),
    ("postal_code", "Postal code", "text", "postal-code"),
    ("country", "Country", "select", "country"),
];

impl AccountForm {
    pub(in crate::ui) fn has_field(name: &str) -> bool {
        FIELDS.iter().any(|(its, ..)| *its == name)
    }

    pub(in crate::ui) fn of_form(fields: &Fields) -> Self {
        Self(FIELDS.map(|(name, ..)| fields.text(name).to_owned()))
    }

    pub(in crate::ui) fn of(account: &TierAccount) -> Self {
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

    /// Returns the fields of a form that says the same of a new customer.
    pub(in crate::ui) fn fields(&self) -> Vec<(&str, &str)> {
        let own = FIELDS.iter().zip(&self.0).map(|((name, ..), value)| (*name, value.as_str()));
        [("customer", "new")].into_iter().chain(own).collect()
    }

    /// Returns the fields of a form with what is in them.
    pub(in crate::ui) fn inputs(self) -> Vec<Input> {
        let input = |((name, label, kind, autocomplete), value): (_, String)| Input {
            name,
            label,
            kind,
            autocomplete,
            choices: if kind == "select" { countries(&value) } else { Vec::new() },
            value,
        };
        FIELDS.into_iter().zip(self.0).map(input).collect()
    }

    /// Returns the account of an order. What is blank is left to the platform to ask for.
    pub(in crate::ui) fn account(self) -> TierAccount {
        self.over(TierAccount { kind: Some(TierAccountType::Customer), ..TierAccount::default() })
    }

    /// Returns an account with what the form says; what it does not ask for stays.
    pub(in crate::ui) fn over(self, account: TierAccount) -> TierAccount {
        let [name, first_name, last_name, email, address, city, postal_code, country] = self.0;
        let mut before = account.contact_info.unwrap_or_default();
        let person = before.contact.take().unwrap_or_default();
        let contact = Contact {
            first_name: Some(first_name),
            last_name: Some(last_name),
            email: Some(email),
            ..person
        };
        let info = ContactInfo {
            address_line1: Some(address),
            city: Some(city),
            postal_code: Some(postal_code),
            country: Some(country.to_uppercase()),
            contact: Some(contact),
            ..before
        };
        TierAccount { name, contact_info: Some(info), ..account }
    }
}

fn countries(chosen: &str) -> Vec<Choice> {
    let choice = |(code, name): (&str, &str)| Choice {
        value: code.to_owned(),
        title: name.to_owned(),
        chosen: code.eq_ignore_ascii_case(chosen),
    };
    COUNTRIES.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_customer_comes_through_the_form_unchanged() {
        let invented = connect_world::customer::invented(&mut fastrand::Rng::with_seed(7));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(AccountForm::of(&invented).fields())
            .finish();
        let account = AccountForm::of_form(&Fields::of_query(&query)).account();
        let (sent, mut meant) = (account.contact_info.unwrap(), invented.contact_info.unwrap());
        meant.contact.as_mut().unwrap().phone_number = None;
        assert_eq!((account.name, sent), (invented.name, meant));
    }
}
