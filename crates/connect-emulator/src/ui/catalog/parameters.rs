//! Parameters in the forms of orders.

use connect_model::{Asset, Parameter, ParameterType, ParameterUpdate, ProductParameter};
use serde_json::{Map, Value, json};

use crate::json_text;
use crate::ui::fields::Fields;
use crate::ui::kit::Choice;
use crate::ui::product::text_in;
use connect_world::Denial;

/// The beginning of the name of a parameter's field, before the parameter's key.
pub(in crate::ui) const PARAMETER: &str = "param_";

/// A parameter in a form.
pub(in crate::ui) struct ParameterInput {
    pub(in crate::ui) field: String,
    pub(in crate::ui) key: String,
    pub(in crate::ui) title: String,
    pub(in crate::ui) hint: String,
    pub(in crate::ui) is_required: bool,
    pub(in crate::ui) value: String,
    /// The vendor's words for what is wrong with the value.
    pub(in crate::ui) error: String,
    pub(in crate::ui) is_read_only: bool,
    pub(in crate::ui) control: Control,
}

/// The control for typing a parameter in.
pub(in crate::ui) enum Control {
    /// A line; `type` of the input.
    Line(&'static str),
    /// Many lines.
    Text,
    /// One of several.
    List(Vec<Choice>),
    /// Any of several.
    Boxes(Vec<Choice>),
}

impl ParameterInput {
    /// Returns the parameter of a form that was sent, or of a fresh one.
    pub(super) fn new(
        parameter: &ProductParameter,
        sent: Option<&Fields>,
        asset: Option<&Asset>,
    ) -> Self {
        let mut values = match sent {
            Some(fields) => fields.all(&field_of(parameter)),
            None => held(parameter, asset),
        };
        let control = control(parameter, &values);
        Self {
            field: field_of(parameter),
            key: parameter.name.clone(),
            title: parameter.title.clone(),
            hint: hint(parameter),
            is_required: parameter.flag("required"),
            // A secret that was sent is not sent back.
            value: if values.is_empty() || is_secret(parameter) {
                String::new()
            } else {
                values.swap_remove(0)
            },
            error: String::new(),
            is_read_only: parameter.flag("readonly"),
            control,
        }
    }

    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.shown().is_empty()
    }

    /// Returns the value for people.
    pub(in crate::ui) fn shown(&self) -> String {
        match &self.control {
            Control::Line(_) | Control::Text => self.value.clone(),
            Control::List(choices) | Control::Boxes(choices) => {
                let chosen = choices.iter().filter(|choice| choice.chosen);
                chosen.map(|choice| choice.title.as_str()).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

fn control(parameter: &ProductParameter, values: &[String]) -> Control {
    match parameter.kind {
        ParameterType::Dropdown | ParameterType::Choice => Control::List(list(parameter, values)),
        ParameterType::Checkbox => Control::Boxes(list(parameter, values)),
        ParameterType::Object | ParameterType::Address => Control::Text,
        ParameterType::Password => Control::Line("password"),
        // A line would lose the breaks.
        _ if values.iter().any(|value| value.contains('\n')) => Control::Text,
        ParameterType::Email => Control::Line("email"),
        ParameterType::Phone => Control::Line("tel"),
        ParameterType::Url => Control::Line("url"),
        _ => Control::Line("text"),
    }
}

/// Returns what can be chosen, and a value that was chosen when there was another choice.
fn list(parameter: &ProductParameter, values: &[String]) -> Vec<Choice> {
    let offered = choices(parameter);
    let is_gone = |value: &&String| !offered.iter().any(|(its, _)| its == *value);
    let gone: Vec<_> = values.iter().filter(is_gone).map(|it| (it.clone(), it.clone())).collect();
    let choice = |(value, title): (String, String)| {
        let chosen = values.contains(&value);
        Choice { value, title, chosen }
    };
    gone.into_iter().chain(offered).map(choice).collect()
}

/// Returns values and labels; old products have values alone.
fn choices(parameter: &ProductParameter) -> Vec<(String, String)> {
    let rows = parameter.constraints.get("choices").and_then(Value::as_array);
    let choice = |row: &Value| {
        let value = row.get("value").unwrap_or(row).as_str()?;
        let label = row.get("label").and_then(Value::as_str).unwrap_or(value);
        Some((value.to_owned(), label.to_owned()))
    };
    rows.into_iter().flatten().filter_map(choice).collect()
}

pub(super) fn field_of(parameter: &ProductParameter) -> String {
    format!("{PARAMETER}{}", parameter.name)
}

/// Returns what a form changes about what the subscription has.
pub(super) fn change(
    parameter: &ProductParameter,
    fields: &Fields,
    asset: Option<&Asset>,
) -> Result<Option<ParameterUpdate>, Denial> {
    let values = fields.all(&field_of(parameter));
    if values == held(parameter, asset) {
        return Ok(None);
    }
    update(parameter, &values).map(Some)
}

/// Returns what a form's values of a parameter are to the platform.
fn update(parameter: &ProductParameter, values: &[String]) -> Result<ParameterUpdate, Denial> {
    let first = values.first().map(String::as_str).unwrap_or_default();
    let structured = match parameter.kind {
        ParameterType::Checkbox => boxes(parameter, values),
        ParameterType::Phone if !first.is_empty() => phone(first),
        ParameterType::Object | ParameterType::Address if !first.is_empty() => {
            json_text::parse(first.as_bytes(), &format!("asset.params.{}", parameter.name))?
        }
        _ => return Ok(ParameterUpdate::value(&parameter.name, first)),
    };
    let id = parameter.name.clone();
    Ok(ParameterUpdate { id, structured_value: Some(structured), ..Default::default() })
}

fn boxes(parameter: &ProductParameter, values: &[String]) -> Value {
    let is_on = |(value, _): (String, String)| {
        let on = values.contains(&value);
        (value, Value::Bool(on))
    };
    Value::Object(choices(parameter).into_iter().map(is_on).collect::<Map<_, _>>())
}

/// Reads a phone number such as `+34 976 550101`: the country's code, the area's, the number.
fn phone(typed: &str) -> Value {
    let mut words = typed.split_whitespace().peekable();
    let country = words.next_if(|word| word.starts_with('+')).unwrap_or_default();
    let mut rest: Vec<&str> = words.collect();
    let area = if rest.len() > 1 { rest.remove(0) } else { "" };
    json!({
        "country_code": country, "area_code": area, "phone_number": rest.concat(), "extension": "",
    })
}

/// Returns what a form shows of the value a subscription has.
pub(super) fn held(parameter: &ProductParameter, asset: Option<&Asset>) -> Vec<String> {
    let Some(held) = asset.and_then(|asset| asset.param(&parameter.name)) else {
        return Vec::new();
    };
    let structured = held.structured_value.as_ref().filter(|value| !value.is_null());
    match parameter.kind {
        ParameterType::Password => Vec::new(),
        ParameterType::Checkbox => {
            let choices = choices(parameter).into_iter().map(|(value, _)| value);
            choices.filter(|value| is_ticked(held, value)).collect()
        }
        ParameterType::Object | ParameterType::Address => {
            structured.map(ToString::to_string).into_iter().collect()
        }
        _ => held.text().map(|text| text.trim().replace("\r\n", "\n")).into_iter().collect(),
    }
}

fn is_ticked(held: &Parameter, choice: &str) -> bool {
    let boxes = held.structured_value.as_ref();
    boxes.and_then(|boxes| boxes.get(choice)).and_then(Value::as_bool).unwrap_or(false)
}

/// Whether customers fill it in: headings and texts between parameters hold no value, and the model
/// does not know their types; hidden ones are not shown.
pub(super) fn is_filled_in(parameter: &ProductParameter) -> bool {
    !matches!(parameter.kind, ParameterType::Other(_)) && !parameter.flag("hidden")
}

/// Whether the value may be shown to nobody.
pub(in crate::ui) fn is_secret(parameter: &ProductParameter) -> bool {
    parameter.kind == ParameterType::Password
}

fn hint(parameter: &ProductParameter) -> String {
    let own = ["hint", "description"].into_iter().map(|name| text_in(&parameter.rest, name));
    let form = match parameter.kind {
        ParameterType::Object | ParameterType::Address => "As JSON.",
        ParameterType::Phone => "Such as +34 976 550101.",
        _ => "",
    };
    own.chain([form]).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_taken_apart_at_its_blanks() {
        let parts = |typed: &str| {
            let phone = phone(typed);
            ["country_code", "area_code", "phone_number"]
                .map(|it| phone[it].as_str().unwrap().to_owned())
        };
        assert_eq!(parts("+34 976 550101"), ["+34", "976", "550101"]);
        assert_eq!(parts("+34 976 55 01 01"), ["+34", "976", "550101"]);
        assert_eq!(parts("+34 976550101"), ["+34", "", "976550101"]);
        assert_eq!(parts("550101"), ["", "", "550101"]);
    }
}
