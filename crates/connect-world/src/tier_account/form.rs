//! The texts a tier account has to give, and their lengths: the body that writes one in OpenAPI
//! 37.0.

use connect_model::{ContactInfo, Refusal, TierAccountType};
use serde_json::Value;

use crate::{body, format, refusal_text};

use crate::denial::{Denial, DenialKind};

/// A text of an account.
struct Field {
    path: &'static str,
    /// The most characters it has.
    most: usize,
    is_required: bool,
}

const fn required(path: &'static str, most: usize) -> Field {
    Field { path, most, is_required: true }
}

const fn optional(path: &'static str, most: usize) -> Field {
    Field { path, most, is_required: false }
}

const EMAIL: &str = "contact_info.contact.email";

const FIELDS: [Field; 17] = [
    required("name", 255),
    optional("external_id", 255),
    optional("external_uid", 255),
    optional("tax_id", 100),
    required("contact_info.address_line1", 255),
    optional("contact_info.address_line2", 255),
    required("contact_info.city", 100),
    optional("contact_info.state", 100),
    required("contact_info.postal_code", 50),
    required("contact_info.country", 100),
    required("contact_info.contact.first_name", 100),
    required("contact_info.contact.last_name", 100),
    required(EMAIL, 254),
    optional("contact_info.contact.phone_number.country_code", 25),
    optional("contact_info.contact.phone_number.area_code", 25),
    optional("contact_info.contact.phone_number.phone_number", 25),
    optional("contact_info.contact.phone_number.extension", 25),
];

/// The objects in which the texts stand.
const OBJECTS: [&str; 3] =
    ["contact_info", "contact_info.contact", "contact_info.contact.phone_number"];

/// Refuses an account with missing or wrong data, naming every field at once; `path` leads their
/// names.
pub(crate) fn check(data: &Value, path: &str) -> Result<(), Denial> {
    let objects = OBJECTS.iter().filter_map(|at| Some((*at, wrong_object(data, at)?)));
    let fields = FIELDS.iter().filter_map(|field| Some((field.path, wrong_text(data, field)?)));
    let errors: Vec<String> =
        objects.chain(fields).map(|(field, why)| format!("{path}{field}: {why}")).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let refusal = Refusal { error_code: "VAL_001".to_owned(), errors, ..Refusal::default() };
    Err(Denial { kind: DenialKind::Invalid, refusal })
}

/// Returns what stands at a path; none where something else than an object is on the way.
fn given<'v>(data: &'v Value, path: &str) -> Option<Option<&'v Value>> {
    let mut here = Some(data);
    for name in path.split('.') {
        here = match here {
            Some(Value::Object(fields)) => fields.get(name),
            None => None,
            Some(nothing) if body::is_nothing(nothing) => None,
            Some(_) => return None,
        };
    }
    Some(here)
}

fn wrong_object(data: &Value, path: &str) -> Option<String> {
    body::wrong_object(given(data, path)??)
}

fn wrong_text(data: &Value, field: &Field) -> Option<String> {
    let text = match given(data, field.path)? {
        None if field.is_required => return Some(refusal_text::REQUIRED.to_owned()),
        Some(Value::Null) if field.is_required => {
            return Some(refusal_text::NOT_NULL.to_owned());
        }
        None | Some(Value::Null) => return None,
        Some(Value::Object(_) | Value::Array(_)) => {
            return Some(refusal_text::NOT_A_STRING.to_owned());
        }
        Some(value) => body::scalar(value)?,
    };
    if field.is_required && text.trim().is_empty() {
        return Some(refusal_text::BLANK.to_owned());
    }
    if text.chars().count() > field.most {
        return Some(refusal_text::too_long(field.most));
    }
    let is_wrong = field.path == EMAIL && !format::is_email(&text);
    is_wrong.then(|| "Enter a valid email address.".to_owned())
}

pub(crate) fn account_kind(body: &Value) -> Result<TierAccountType, Denial> {
    match TierAccountType::from(body::required(body, "type")?.as_str()) {
        TierAccountType::Other(word) => {
            Err(Denial::invalid(format!("type: {}", refusal_text::not_a_choice(&word))))
        }
        kind => Ok(kind),
    }
}

/// Fills in the texts that the platform shows where nobody said anything, and a telephone number
/// even when nobody gave one (recorded requests).
pub(crate) fn say_nothing_in_words(info: &mut ContactInfo) {
    info.address_line2.get_or_insert_default();
    info.state.get_or_insert_default();
    if let Some(contact) = &mut info.contact {
        let phone = contact.phone_number.get_or_insert_default();
        phone.country_code.get_or_insert_default();
        phone.area_code.get_or_insert_default();
        phone.phone_number.get_or_insert_default();
        phone.extension.get_or_insert_default();
    }
}
