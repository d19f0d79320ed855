//! Parameters as fields of a form.

use connect_model::{Parameter, ParameterPhase, ParameterType, ParameterUpdate};
use serde_json::Value;

use crate::json_text;
use crate::ui::fields::Fields;
use connect_world::Denial;

/// The beginning of the names of these fields.
const PREFIX: &str = "param:";

/// A parameter that can be filled in.
pub(in crate::ui) struct ParameterField {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) is_required: bool,
    pub(super) kind: FieldKind,
    /// The value the form shows; of a password, nothing.
    pub(super) value: String,
    /// The values and titles to choose from.
    pub(super) choices: Vec<(String, String)>,
}

/// The way in which a parameter is typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// A line; `type` of the input.
    Line(&'static str),
    /// One of several.
    List,
    Secret,
    Lines,
    /// Values that are not text, as JSON.
    Json,
}

impl ParameterField {
    pub(in crate::ui) fn new(parameter: &Parameter) -> Self {
        let text = parameter.value.clone().unwrap_or_default();
        let (kind, value) = match &parameter.kind {
            Some(ParameterType::Password) => (FieldKind::Secret, String::new()),
            Some(
                ParameterType::Object
                | ParameterType::Checkbox
                | ParameterType::Address
                | ParameterType::Phone,
            ) => {
                let value = parameter.structured_value.as_ref();
                let value = value.filter(|value| !value.is_null());
                (FieldKind::Json, value.map(ToString::to_string).unwrap_or_default())
            }
            _ if text.contains('\n') => (FieldKind::Lines, text),
            Some(ParameterType::Dropdown | ParameterType::Choice) => (FieldKind::List, text),
            Some(ParameterType::Email) => (FieldKind::Line("email"), text),
            Some(ParameterType::Url) => (FieldKind::Line("url"), text),
            _ => (FieldKind::Line("text"), text),
        };
        Self {
            key: parameter.id.clone(),
            title: parameter.title.clone().unwrap_or_else(|| parameter.id.clone()),
            is_required: parameter.is_required(),
            choices: choices(parameter, &value),
            kind,
            value,
        }
    }

    /// Returns the field's name in the form.
    pub(super) fn name(&self) -> String {
        format!("{PREFIX}{}", self.key)
    }

    /// Returns the same field with what a person has typed into it.
    pub(in crate::ui) fn typed(self, fields: &Fields) -> Self {
        match self.kind {
            // Secrets are not sent back to the page.
            FieldKind::Secret => self,
            _ if !fields.has(&self.name()) => self,
            _ => Self { value: fields.text(&self.name()).to_owned(), ..self },
        }
    }

    /// Returns what the form changes about the parameter.
    fn change(&self, fields: &Fields) -> Result<Option<ParameterUpdate>, Denial> {
        let name = self.name();
        let typed = fields.lines(&name);
        if !fields.has(&name) || typed == self.value.trim() {
            return Ok(None);
        }
        self.update(&typed).map(Some)
    }

    /// Returns what the form says of the parameter, be it new or not.
    fn answer(&self, fields: &Fields) -> Option<Result<ParameterUpdate, Denial>> {
        let typed = fields.lines(&self.name());
        (!typed.is_empty()).then(|| self.update(&typed))
    }

    fn update(&self, typed: &str) -> Result<ParameterUpdate, Denial> {
        if self.kind != FieldKind::Json {
            return Ok(ParameterUpdate::value(&self.key, typed));
        }
        let value = json_text::parse(typed.as_bytes(), &self.key)?;
        let id = self.key.clone();
        Ok(ParameterUpdate { id, structured_value: Some(value), ..Default::default() })
    }
}

/// Returns what can be chosen, and a value that was chosen when there was another choice.
fn choices(parameter: &Parameter, value: &str) -> Vec<(String, String)> {
    let rows = parameter.rest.get("value_choices").and_then(Value::as_array);
    let text = |row: &Value, name: &str| Some(row.get(name)?.as_str()?.to_owned());
    let offered = rows.into_iter().flatten();
    let offered = offered.filter_map(|row| Some((text(row, "value")?, text(row, "label")?)));
    let mut all: Vec<_> = offered.collect();
    if !value.is_empty() && all.iter().all(|(its, _)| its != value) {
        all.insert(0, (value.to_owned(), value.to_owned()));
    }
    all
}

/// Returns what a form changes; an empty secret stays what it was.
pub(in crate::ui) fn changes(
    parameters: &[ParameterField],
    fields: &Fields,
) -> Result<Vec<ParameterUpdate>, Denial> {
    let changes = parameters.iter().filter_map(|field| field.change(fields).transpose());
    changes.collect()
}

/// Returns what a form says of all that is filled in.
pub(super) fn answers(
    parameters: &[ParameterField],
    fields: &Fields,
) -> Result<Vec<ParameterUpdate>, Denial> {
    parameters.iter().filter_map(|field| field.answer(fields)).collect()
}

/// Whether a parameter gets its value in this phase.
pub(super) fn is_in(parameter: &Parameter, phase: &ParameterPhase) -> bool {
    parameter.phase.as_ref() == Some(phase)
}
