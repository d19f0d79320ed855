//! The data of an account, field by field, and what differs between two versions of it.

use connect_model::TierAccount;

use crate::ui::kit::Facts;

/// A field that two versions of an account say differently.
pub(super) struct Difference {
    pub(super) label: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

/// Returns the data that its owner can change, each under its name for people.
fn fields(account: &TierAccount) -> [(&'static str, String); 14] {
    let info = account.contact_info.clone().unwrap_or_default();
    let person = info.contact.unwrap_or_default();
    let phone = person.phone_number.unwrap_or_default();
    let phone = [phone.country_code, phone.area_code, phone.phone_number, phone.extension];
    let phone: Vec<String> = phone.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    let text = Option::unwrap_or_default;
    [
        ("Company", account.name.clone()),
        ("External id", text(account.external_id.clone())),
        ("External UUID", text(account.external_uid.clone())),
        ("Tax id", text(account.tax_id.clone())),
        ("First name", text(person.first_name)),
        ("Last name", text(person.last_name)),
        ("E-mail", text(person.email)),
        ("Telephone", phone.join(" ")),
        ("Address", text(info.address_line1)),
        ("Address, second line", text(info.address_line2)),
        ("City", text(info.city)),
        ("State", text(info.state)),
        ("Postal code", text(info.postal_code)),
        ("Country", text(info.country)),
    ]
}

/// Returns the data of an account as facts.
pub(super) fn facts(account: &TierAccount) -> Facts {
    let data = fields(account).into_iter();
    data.fold(Facts::below(), |facts, (label, value)| facts.text(label, value))
}

/// Returns what an account says otherwise than in the version before.
pub(super) fn differences(before: &TierAccount, after: &TierAccount) -> Vec<Difference> {
    let pairs = fields(before).into_iter().zip(fields(after));
    let differing = pairs.filter(|((_, before), (_, after))| before != after);
    differing.map(|((label, before), (_, after))| Difference { label, before, after }).collect()
}
