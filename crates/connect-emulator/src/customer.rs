//! Invented customers, for orders nobody made.

use connect_model::{Contact, ContactInfo, PhoneNumber, TierAccount, TierAccountType};
use fastrand::Rng;

const FIRST_NAMES: [&str; 8] =
    ["Nuria", "Iker", "Salma", "Jonas", "Mirela", "Tomasz", "Aoife", "Kofi"];
const LAST_NAMES: [&str; 8] =
    ["Lanas", "Brandt", "Haddad", "Okafor", "Petrescu", "Wrona", "Keane", "Mensah"];
const TRADES: [&str; 8] =
    ["Bakery", "Bicycles", "Printworks", "Pottery", "Orchards", "Looms", "Lanterns", "Ferries"];
const TREES: [&str; 8] =
    ["Cedar", "Juniper", "Alder", "Rowan", "Hazel", "Linden", "Willow", "Maple"];
/// City, postal code, country, and its dialling code.
const CITIES: [(&str, &str, &str, &str); 4] = [
    ("Zaragoza", "50001", "ES", "+34"),
    ("Leipzig", "04109", "DE", "+49"),
    ("Galway", "H91 AE7X", "IE", "+353"),
    ("Wrocław", "50-101", "PL", "+48"),
];

/// A customer that does not exist. Its address is complete, its e-mail domain is reserved.
#[must_use]
pub fn invented(random: &mut Rng) -> TierAccount {
    let name = format!("{} {}", pick(random, TREES), pick(random, TRADES));
    let number = random.u32(100_000..1_000_000);
    TierAccount {
        kind: Some(TierAccountType::Customer),
        external_id: Some(number.to_string()),
        external_uid: Some(format!("{:032x}", random.u128(..))),
        contact_info: Some(contact_info(random, &name)),
        name,
        ..TierAccount::default()
    }
}

fn contact_info(random: &mut Rng, company: &str) -> ContactInfo {
    let (city, postal_code, country, dialling) = pick(random, CITIES);
    let street = format!("{} Street {}", pick(random, TREES), random.u8(1..100));
    ContactInfo {
        address_line1: Some(street),
        city: Some(city.to_owned()),
        postal_code: Some(postal_code.to_owned()),
        country: Some(country.to_owned()),
        contact: Some(contact(random, company, dialling)),
        ..ContactInfo::default()
    }
}

fn contact(random: &mut Rng, company: &str, dialling: &str) -> Contact {
    let (first, last) = (pick(random, FIRST_NAMES), pick(random, LAST_NAMES));
    let domain = company.to_lowercase().replace(' ', "-");
    let phone = PhoneNumber {
        country_code: Some(dialling.to_owned()),
        area_code: Some("555".to_owned()),
        phone_number: Some(random.u32(100_000..1_000_000).to_string()),
        ..PhoneNumber::default()
    };
    Contact {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        email: Some(format!("{}@{domain}.example", first.to_lowercase())),
        phone_number: Some(phone),
        ..Contact::default()
    }
}

fn pick<T: Copy, const N: usize>(random: &mut Rng, from: [T; N]) -> T {
    from[random.usize(..N)]
}
