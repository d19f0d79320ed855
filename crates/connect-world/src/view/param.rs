//! A parameter with its value as assets and requests show it.

use connect_model::ParameterType;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::product::record::{Choice, ParameterSpec};
use crate::product::scope::ProductScope;
use crate::row::ParamRow;
use crate::row_constraints::RowConstraints;

/// The parameters of an asset or a request.
pub(crate) struct ParamsView<'w> {
    pub(crate) rows: &'w [ParamRow],
    pub(crate) scope: ProductScope<'w>,
}

impl Serialize for ParamsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().filter_map(|row| {
            let spec = self.scope.parameter(&row.key)?;
            Some(ParamRowView::new(row, spec))
        }))
    }
}

#[derive(Serialize)]
struct ParamRowView<'w> {
    id: &'w str,
    name: &'w str,
    title: &'w str,
    description: &'w str,
    #[serde(rename = "type")]
    kind: &'w str,
    phase: &'w str,
    /// Said of the parameters of resellers alone, as recorded requests have them.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'w str>,
    value: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_value: Option<Structured<'w>>,
    value_error: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_error: Option<&'w Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_choices: Option<Choices<'w>>,
    constraints: ConstraintsView<'w>,
}

impl<'w> ParamRowView<'w> {
    fn new(row: &'w ParamRow, spec: &'w ParameterSpec) -> Self {
        let declared = &spec.parameter;
        Self {
            id: &row.key,
            name: &row.key,
            title: &declared.title,
            description: text(spec, "description"),
            kind: declared.kind.as_str(),
            phase: declared.phase.as_str(),
            scope: Some(declared.scope.as_str()).filter(|scope| *scope != "asset"),
            value: &row.value,
            structured_value: Structured::of(row, spec),
            value_error: &row.value_error,
            structured_error: row.structured_error.as_deref(),
            value_choices: has_choices(&declared.kind).then_some(Choices(spec, Some(row))),
            constraints: ConstraintsView::of(row, spec),
        }
    }
}

/// Returns a text that a parameter declares, such as its hint.
pub(crate) fn text<'w>(spec: &'w ParameterSpec, name: &str) -> &'w str {
    spec.parameter.rest.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn has_choices(kind: &ParameterType) -> bool {
    matches!(kind, ParameterType::Dropdown | ParameterType::Choice | ParameterType::Checkbox)
}

/// A value that is more than text. A checkbox has one boolean for each choice there is, whether
/// anything was said of it or not.
enum Structured<'w> {
    Records(&'w Value),
    Boxes(Option<&'w Value>, Choices<'w>),
}

impl<'w> Structured<'w> {
    fn of(row: &'w ParamRow, spec: &'w ParameterSpec) -> Option<Self> {
        let kept = row.structured_value.as_deref();
        match &spec.parameter.kind {
            ParameterType::Checkbox => Some(Self::Boxes(kept, Choices(spec, Some(row)))),
            kind if kind.is_structured() => kept.map(Self::Records),
            _ => None,
        }
    }
}

impl Serialize for Structured<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kept, choices) = match self {
            Self::Records(value) => return value.serialize(serializer),
            Self::Boxes(kept, choices) => (kept.and_then(Value::as_object), choices),
        };
        let mut boxes = serializer.serialize_map(None)?;
        for choice in choices.all() {
            let on = kept.and_then(|kept| kept.get(choice.value)).and_then(Value::as_bool);
            boxes.serialize_entry(choice.value, &on.unwrap_or(false))?;
        }
        let is_gone = |value: &str| choices.all().all(|choice| choice.value != value);
        for (value, on) in kept.into_iter().flatten().filter(|(value, _)| is_gone(value)) {
            boxes.serialize_entry(value, on)?;
        }
        boxes.end()
    }
}

struct Choices<'w>(&'w ParameterSpec, Option<&'w ParamRow>);

impl<'w> Choices<'w> {
    fn all(&self) -> impl Iterator<Item = Choice<'w>> + use<'w> {
        self.0.choices_in(self.1)
    }
}

impl Serialize for Choices<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.all())
    }
}

/// The constraints of a parameter in a request: as the product has them, written once, or with what
/// a validator said.
enum ConstraintsView<'w> {
    Shared(Option<&'w RawValue>),
    Own(Constraints<'w>),
}

impl<'w> ConstraintsView<'w> {
    fn of(row: &'w ParamRow, spec: &'w ParameterSpec) -> Self {
        match &row.constraints {
            Some(_) => Self::Own(Constraints(spec, Some(row))),
            None => Self::Shared(spec.shown.get_or(|| to_raw_value(&Constraints(spec, None)).ok())),
        }
    }
}

impl Serialize for ConstraintsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shared(written) => written.serialize(serializer),
            Self::Own(constraints) => constraints.serialize(serializer),
        }
    }
}

/// The constraints with what a form shows beside its field, as recorded requests have them: the
/// hint, the placeholder, and the choices once more.
struct Constraints<'w>(&'w ParameterSpec, Option<&'w ParamRow>);

impl Serialize for Constraints<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(spec, row) = self;
        let said = row.and_then(|row| row.constraints.as_deref());
        let is_said = |name: &str| match name {
            "choices" => said.is_some_and(|said| said.choices.is_some()),
            _ => said.is_some_and(|said| said.flag(name).is_some()),
        };
        let mut all = serializer.serialize_map(None)?;
        let declared = spec.parameter.constraints.as_object();
        let own = |name: &str| !["hint", "placeholder", "meta"].contains(&name) && !is_said(name);
        for (name, value) in declared.into_iter().flatten().filter(|(name, _)| own(name)) {
            all.serialize_entry(name, value)?;
        }
        for (name, flag) in said.into_iter().flat_map(RowConstraints::flags) {
            all.serialize_entry(name, &flag)?;
        }
        if is_said("choices") {
            all.serialize_entry("choices", &Choices(spec, *row))?;
        }
        all.serialize_entry("hint", text(spec, "hint"))?;
        all.serialize_entry("placeholder", text(spec, "placeholder"))?;
        all.serialize_entry("meta", &Meta(Choices(spec, *row)))?;
        all.end()
    }
}

struct Meta<'w>(Choices<'w>);

impl Serialize for Meta<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(choices) = self;
        let mut meta = serializer.serialize_map(None)?;
        if has_choices(&choices.0.parameter.kind) {
            meta.serialize_entry("choices", choices)?;
        }
        meta.end()
    }
}
