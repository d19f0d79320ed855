//! Values of parameters by their kinds: what a body may write, what is kept of it, and the text
//! that stands for it.
//!
//! Addresses, telephone numbers, checkboxes and objects have a structured value; of all others the
//! text is the value (recorded requests). Refusals are those of Connect's public web framework.

use connect_model::ParameterType;
use serde_json::{Map, Value};

use crate::body;
use crate::format;
use crate::product::record::ParameterSpec;
use crate::refusal_text;
use crate::row::Content;
use crate::row::ParamRow;

/// The most characters of a text (OpenAPI 37.0).
const LONGEST_VALUE: usize = 2048;

/// The parts of an address, in the order in which its text has them.
const ADDRESS: [&str; 6] =
    ["address_line1", "address_line2", "city", "state", "postal_code", "country"];
/// The parts of a telephone number, in the order in which it is dialled.
const PHONE: [&str; 4] = ["country_code", "area_code", "phone_number", "extension"];

impl Content {
    fn text(text: String) -> Self {
        Self { text, structured: None }
    }

    fn structured(spec: &ParameterSpec, value: Value) -> Self {
        Self { text: rendered(&spec.parameter.kind, &value), structured: Some(value) }
    }
}

/// A refused value: the field of the parameter that holds it, and the words.
#[derive(Debug, PartialEq)]
pub(crate) struct BadValue {
    pub(crate) field: &'static str,
    pub(crate) why: String,
}

impl BadValue {
    fn value(why: impl Into<String>) -> Self {
        Self { field: "value", why: why.into() }
    }

    fn structured(why: impl Into<String>) -> Self {
        Self { field: "structured_value", why: why.into() }
    }
}

/// Returns what a row of a body writes; none when it writes nothing new. What is held already may
/// be repeated, whatever it is: clients send back all they have read.
pub(crate) fn content(
    spec: &ParameterSpec,
    row: &Value,
    held: &ParamRow,
) -> Result<Option<Content>, BadValue> {
    let text = text(row)?;
    if !spec.parameter.kind.is_structured() {
        let new = text.filter(|text| *text != *held.value);
        new.iter().try_for_each(|text| must_be_of_kind(spec, text, held))?;
        return Ok(new.map(Content::text));
    }
    let value = match (body::at(row, "structured_value"), text) {
        (Value::Null, None) => return Ok(None),
        (Value::Null, Some(text)) => return from_text(spec, &text, held),
        // Clients write it beside every text they send.
        (Value::String(empty), text) if empty.is_empty() => {
            return text.map_or(Ok(None), |text| from_text(spec, &text, held));
        }
        (value, _) => value,
    };
    if held.structured_value.as_deref() == Some(value) {
        return Ok(None);
    }
    sound(spec, value, held).map(|value| Some(Content::structured(spec, value)))
}

fn text(row: &Value) -> Result<Option<String>, BadValue> {
    let text = match body::at(row, "value") {
        Value::Array(_) | Value::Object(_) => {
            return Err(BadValue::value(refusal_text::NOT_A_STRING));
        }
        value => body::scalar(value),
    };
    match &text {
        Some(text) if text.chars().count() > LONGEST_VALUE => {
            Err(BadValue::value(refusal_text::too_long(LONGEST_VALUE)))
        }
        _ => Ok(text),
    }
}

/// Reads a structured value that came as text: written out as JSON, or a telephone number as people
/// write it. The text that stands for the value changes nothing, and none at all takes it away.
fn from_text(
    spec: &ParameterSpec,
    text: &str,
    held: &ParamRow,
) -> Result<Option<Content>, BadValue> {
    if *text == *held.value {
        return Ok(None);
    }
    if text.is_empty() {
        return Ok(Some(Content::text(String::new())));
    }
    let value = match serde_json::from_str(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
        _ if spec.parameter.kind == ParameterType::Phone => phone(text)?,
        _ => return Err(BadValue::value("Not a valid value: give it as structured_value.")),
    };
    sound(spec, &value, held).map(|value| Some(Content::structured(spec, value)))
}

/// Reads a phone number such as `+34 976 550101`: the country's code, the area's, the number.
fn phone(typed: &str) -> Result<Value, BadValue> {
    let is_number = typed.chars().all(|it| it.is_ascii_digit() || " +-()./".contains(it))
        && typed.chars().any(|it| it.is_ascii_digit());
    if !is_number {
        return Err(BadValue::value("Enter a valid phone number."));
    }
    let mut words = typed.split_whitespace().peekable();
    let country = words.next_if(|word| word.starts_with('+')).unwrap_or_default();
    let mut rest: Vec<&str> = words.collect();
    let area = if rest.len() > 1 { rest.remove(0) } else { "" };
    let number = rest.concat();
    Ok(serde_json::json!({
        "country_code": country, "area_code": area, "phone_number": number, "extension": "",
    }))
}

/// Returns a structured value as it is kept: with all its parts, and no others.
fn sound(spec: &ParameterSpec, value: &Value, held: &ParamRow) -> Result<Value, BadValue> {
    match (&spec.parameter.kind, value) {
        (ParameterType::Address, Value::Object(parts)) => texts(parts, &ADDRESS, 255),
        (ParameterType::Phone, Value::Object(parts)) => texts(parts, &PHONE, 25),
        (ParameterType::Checkbox, Value::Object(boxes)) => ticked(spec, boxes, held),
        (ParameterType::Object, Value::Object(_) | Value::Array(_)) => Ok(value.clone()),
        (_, other) => Err(BadValue::structured(refusal_text::not_an_object(other))),
    }
}

fn texts(parts: &Map<String, Value>, names: &[&str], most: usize) -> Result<Value, BadValue> {
    let part = |name: &&str| {
        let text = match parts.get(*name) {
            None | Some(Value::Null) => String::new(),
            Some(value) => body::scalar(value).ok_or_else(|| {
                BadValue::structured(format!("{name}: {}", refusal_text::NOT_A_STRING))
            })?,
        };
        if text.chars().count() > most {
            return Err(BadValue::structured(format!("{name}: {}", refusal_text::too_long(most))));
        }
        Ok(((*name).to_owned(), Value::String(text)))
    };
    names.iter().map(part).collect::<Result<Map<_, _>, _>>().map(Value::Object)
}

/// Returns one boolean for each choice: recorded checkboxes have them all.
fn ticked(
    spec: &ParameterSpec,
    boxes: &Map<String, Value>,
    held: &ParamRow,
) -> Result<Value, BadValue> {
    let choices = spec.choices_in(Some(held));
    let mut all: Map<String, Value> =
        choices.map(|choice| (choice.value.to_owned(), Value::Bool(false))).collect();
    let is_open = all.is_empty();
    for (choice, value) in boxes {
        if !is_open && !all.contains_key(choice) {
            return Err(BadValue::structured(refusal_text::not_a_choice(choice)));
        }
        let Value::Bool(_) = value else {
            return Err(BadValue::structured(format!("{choice}: Must be a valid boolean.")));
        };
        all.insert(choice.clone(), value.clone());
    }
    Ok(Value::Object(all))
}

/// Returns the text beside a structured value: an address in one line, a telephone number as
/// dialled. A checkbox and an object have none (recorded requests).
fn rendered(kind: &ParameterType, value: &Value) -> String {
    let parts = |names: &[&str]| -> Vec<String> {
        let parts = names.iter().filter_map(|name| body::text(value, name));
        parts.filter(|part| !part.is_empty()).collect()
    };
    match kind {
        ParameterType::Address => parts(&ADDRESS).join(" "),
        ParameterType::Phone => parts(&PHONE).concat(),
        _ => String::new(),
    }
}

/// Refuses a text that is not of the parameter's kind. An empty one takes the value away.
fn must_be_of_kind(spec: &ParameterSpec, text: &str, held: &ParamRow) -> Result<(), BadValue> {
    if text.is_empty() {
        return Ok(());
    }
    must_have_length(spec, text)?;
    let choices = || spec.choices_in(Some(held));
    let is_choice = || choices().any(|it| it.value == text) || choices().next().is_none();
    let (is_right, why) = match spec.parameter.kind {
        ParameterType::Email => (format::is_email(text), "Enter a valid email address."),
        ParameterType::Url => (format::is_url(text), "Enter a valid URL."),
        ParameterType::Domain => (format::is_domain(text), "Enter a valid domain name."),
        ParameterType::Subdomain => (format::is_subdomain(text), "Enter a valid subdomain name."),
        ParameterType::Dropdown | ParameterType::Choice if !is_choice() => {
            return Err(BadValue::value(refusal_text::not_a_choice(text)));
        }
        _ => return Ok(()),
    };
    if is_right { Ok(()) } else { Err(BadValue::value(why)) }
}

/// Refuses a text outside the bounds that a parameter declares for itself.
fn must_have_length(spec: &ParameterSpec, text: &str) -> Result<(), BadValue> {
    let bound = |name: &str| spec.parameter.constraints.get(name).and_then(Value::as_u64);
    let length = text.chars().count() as u64;
    match (bound("min_length"), bound("max_length")) {
        (Some(least), _) if length < least => {
            Err(BadValue::value(format!("Ensure this field has at least {least} characters.")))
        }
        (_, Some(most)) if length > most => Err(BadValue::value(refusal_text::too_long(most))),
        _ => Ok(()),
    }
}
