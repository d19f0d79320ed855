//! Invented customers, for orders nobody made.

use connect_model::{AccountId, Contact, ContactInfo, PhoneNumber, TierAccount, TierAccountType};
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

/// Returns a customer that does not exist. Its address is complete, its e-mail domain is reserved.
#[must_use]
pub fn invented(random: &mut Rng) -> TierAccount {
    let name = format!("{} {}", pick(random, TREES), pick(random, TRADES));
    let number = random.u32(100_000..1_000_000);
    TierAccount {
        kind: Some(TierAccountType::Customer),
        external_id: Some(number.to_string()),
        external_uid: Some(uuid(random)),
        contact_info: Some(contact_info(random, &name)),
        name,
        ..TierAccount::default()
    }
}

/// Returns the reseller of all trials of a vendor: the same each time, so there is one of it.
pub(crate) fn of_trials(vendor: &AccountId, name: &str) -> TierAccount {
    let digits = vendor.as_str().bytes().filter(u8::is_ascii_digit);
    let number = digits.fold(0, |sum: u64, digit| sum.wrapping_mul(10) + u64::from(digit - b'0'));
    let mut random = Rng::with_seed(number);
    let name = format!("{name} Trials");
    TierAccount {
        kind: Some(TierAccountType::Reseller),
        external_id: Some(format!("trials-{vendor}")),
        external_uid: Some(uuid(&mut random)),
        contact_info: Some(contact_info(&mut random, &name)),
        name,
        ..TierAccount::default()
    }
}

/// Returns a random uuid.
pub(crate) fn uuid(random: &mut Rng) -> String {
    const VERSION: u128 = 0xf000 << 64;
    const VARIANT: u128 = 0xc000 << 48;
    let bits = random.u128(..) & !VERSION & !VARIANT | 0x4000 << 64 | 0x8000 << 48;
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
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
    let letters = company.to_lowercase();
    let domain: String =
        letters.chars().map(|it| if it.is_alphanumeric() { it } else { '-' }).collect();
    let domain = domain.trim_matches('-');
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
