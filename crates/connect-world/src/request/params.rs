//! Changes to the parameters of requests.

use std::sync::Arc;

use connect_model::{AssetId, ParameterPhase};
use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::product::record::{ParameterSpec, ProductRecord};
use crate::product::scope::ProductScope;
use crate::refusal_text;
use crate::refusal_text::REQUIRED;
use crate::request::value::{BadValue, content};
use crate::row::Content;
use crate::row::{ParamRow, Params};
use crate::state::State;

/// The most characters of the text beside a wrong value (OpenAPI 37.0).
const LONGEST_ERROR: usize = 512;

/// A change to one parameter of a product.
pub(crate) struct Update {
    pub(crate) spec: Arc<ParameterSpec>,
    /// Where bodies have it.
    path: &'static str,
    /// The new value; none keeps the old one.
    content: Option<Content>,
    /// The error beside the value; `""` clears it.
    value_error: Option<String>,
    structured_error: Option<Value>,
}

/// Returns the updates that a body has for these rows. Parameters are named by key, or by `PRM-…`
/// id as old examples have it.
pub(crate) fn updates(
    scope: &ProductScope<'_>,
    held: &Params,
    body: &Value,
) -> Result<Vec<Update>, Denial> {
    let rows = body::rows(body, scope.params_path())?;
    rows.iter().map(|row| update(scope, held, row)).collect()
}

fn update(scope: &ProductScope<'_>, held: &Params, row: &Value) -> Result<Update, Denial> {
    let id = body::filled(row, "id").or_else(|| body::filled(row, "name"));
    let path = scope.params_path();
    let missing = || Denial::absent(&format!("{path}.id"));
    let id = id.ok_or_else(missing)?;
    let unknown = || Denial::invalid(format!("{path}: Parameter {id} does not exist."));
    let spec = scope.mentioned_parameter(&id).ok_or_else(unknown)?;
    let content =
        content(spec, row, &row_of(held, &spec.key)).map_err(|BadValue { field, why }| {
            Denial::invalid(format!("{path}.{id}.{field}: {why}"))
        })?;
    let value_error = error_text(row)
        .map_err(|why| Denial::invalid(format!("{path}.{id}.value_error: {why}")))?;
    let structured_error = row.get("structured_error").cloned();
    if let Some(why) = structured_error.as_ref().and_then(body::wrong_object) {
        return Err(Denial::invalid(format!("{path}.{id}.structured_error: {why}")));
    }
    Ok(Update { spec: Arc::clone(spec), path, content, value_error, structured_error })
}

/// Reads the text beside a wrong value.
pub(crate) fn error_text(row: &Value) -> Result<Option<String>, String> {
    if matches!(row.get("value_error"), Some(Value::Array(_) | Value::Object(_))) {
        return Err(refusal_text::NOT_A_STRING.to_owned());
    }
    match body::text(row, "value_error") {
        Some(error) if error.chars().count() > LONGEST_ERROR => {
            Err(refusal_text::too_long(LONGEST_ERROR))
        }
        error => Ok(error),
    }
}

impl Update {
    /// Whether it writes another value than the row holds.
    pub(crate) fn changes(&self, params: &Params) -> bool {
        let before = row_of(params, &self.spec.key);
        let mut after = before.clone();
        self.write(&mut after);
        !after.has_value_of(&before)
    }

    /// Leaves a value as it is that a validator made read-only in the request.
    pub(crate) fn keep_read_only(&mut self, held: &Params) {
        let row = held.iter().find(|row| row.key == self.spec.key);
        if row.is_some_and(|row| row.flag("readonly") == Some(true)) {
            self.content = None;
        }
    }

    /// Writes what it names to its row, and keeps the rest.
    fn write(&self, row: &mut ParamRow) {
        if let Some(content) = &self.content {
            row.set_value(content);
        }
        if let Some(error) = &self.value_error {
            row.value_error = error.as_str().into();
        }
        if let Some(error) = &self.structured_error {
            row.structured_error = (!body::is_nothing(error)).then(|| Box::new(error.clone()));
        }
    }

    /// Returns the phase in which its parameter gets a value.
    pub(crate) fn phase(&self) -> &ParameterPhase {
        &self.spec.parameter.phase
    }

    /// Refuses all phases but ordering: what a customer or distributor may write.
    pub(crate) fn must_be_ordering(&self) -> Result<(), Denial> {
        if *self.phase() == ParameterPhase::Ordering {
            return Ok(());
        }
        let Self { path, spec, .. } = self;
        let text = format!("{path}: Parameter {} is not an ordering parameter.", spec.key);
        Err(Denial::invalid(text))
    }
}

/// Returns the rows after the updates; the same rows when there are none.
pub(crate) fn written(params: &Params, updates: &[Update]) -> Params {
    if updates.is_empty() {
        return Arc::clone(params);
    }
    let mut rows = params.to_vec();
    for update in updates {
        update.write(row_mut(&mut rows, &update.spec.key));
    }
    rows.into()
}

/// Returns the rows after the updates of a draft, whose buyer corrects it: another value has no
/// error, unless the update says one.
pub(crate) fn corrected(params: &Params, updates: &[Update]) -> Params {
    let mut rows = written(params, updates).to_vec();
    for update in updates.iter().filter(|it| it.value_error.is_none() && it.changes(params)) {
        row_mut(&mut rows, &update.spec.key).clear_error();
    }
    rows.into()
}

/// Returns the rows without any error: as they are when they are validated anew.
pub(crate) fn without_errors(params: &Params) -> Params {
    let mut rows = params.to_vec();
    rows.iter_mut().for_each(ParamRow::clear_error);
    rows.into()
}

/// Returns the rows after the answers in the body of a form: the errors of answered parameters are
/// gone.
///
/// # Errors
///
/// When an answer is wrong, not for who answers to give, or held elsewhere as `must_be_unique` says;
/// or when something that was asked is left out, or the list of answers is.
pub(crate) fn answered(
    scope: &ProductScope<'_>,
    held: &Params,
    body: &Value,
    must_be_unique: impl FnOnce(&[Update]) -> Result<(), Denial>,
) -> Result<Params, Denial> {
    // A form may have nothing to give; then it gives an empty list.
    if body::at(body, scope.params_path()).is_null() {
        return Err(Denial::absent(scope.params_path()));
    }
    let mut updates = updates(scope, held, body)?;
    updates.iter().try_for_each(Update::must_be_ordering)?;
    updates.iter_mut().for_each(|update| update.keep_read_only(held));
    must_be_unique(&updates)?;
    let mut rows = written(held, &updates).to_vec();
    for update in &updates {
        row_mut(&mut rows, &update.spec.key).clear_error();
    }
    let rows = rows.into();
    match empty(scope, &rows, ParameterSpec::is_asked).first() {
        Some(key) => Err(Denial::absent(&format!("{}.{key}", scope.params_path()))),
        None => Ok(rows),
    }
}

/// Returns the rows that say something else than those held before.
pub(crate) fn edited<'r>(held: &Params, params: &'r Params) -> Vec<&'r ParamRow> {
    params.iter().filter(|row| !row.has_value_of(&row_of(held, &row.key))).collect()
}

/// Returns the rows with the values of newer ones.
pub(crate) fn overlaid(params: &Params, newer: &[&ParamRow]) -> Params {
    let mut rows = params.to_vec();
    for row in newer {
        row_mut(&mut rows, &row.key).take_value_of(row);
    }
    rows.into()
}

/// Returns the row with a key; an empty one when there is none.
fn row_of(params: &Params, key: &Arc<str>) -> ParamRow {
    let row = params.iter().find(|row| row.key == *key);
    row.cloned().unwrap_or_else(|| ParamRow::empty(Arc::clone(key)))
}

pub(crate) fn row_mut<'r>(rows: &'r mut Vec<ParamRow>, key: &Arc<str>) -> &'r mut ParamRow {
    let place = rows.iter().position(|row| row.key == *key).unwrap_or(rows.len());
    if place == rows.len() {
        rows.push(ParamRow::empty(Arc::clone(key)));
    }
    &mut rows[place]
}

/// Returns the rows of `base`, and an empty one for each parameter that assets have got since.
/// What was said of values belongs to a request and does not carry over.
pub(crate) fn rows_for(scope: &ProductScope<'_>, base: &Params) -> Params {
    let known = |key: &Arc<str>| base.iter().any(|row| row.key == *key);
    let complete = scope.parameters().all(|spec| known(&spec.key));
    if complete && !base.iter().any(ParamRow::has_remarks) {
        return Arc::clone(base);
    }
    let mut rows = base.to_vec();
    rows.iter_mut().for_each(ParamRow::clear_remarks);
    for spec in scope.parameters() {
        row_mut(&mut rows, &spec.key);
    }
    rows.into()
}

/// Returns the keys of parameters that pass and have no value.
fn empty<'p>(
    scope: &ProductScope<'p>,
    params: &Params,
    asked: impl Fn(&ParameterSpec, Option<&ParamRow>) -> bool,
) -> Vec<&'p Arc<str>> {
    let row = |key: &Arc<str>| params.iter().find(|row| row.key == *key);
    let specs = scope.parameters().map(|spec| (spec, row(&spec.key)));
    let empty = specs.filter(|(spec, row)| asked(spec, *row) && row.is_none_or(ParamRow::is_empty));
    empty.map(|(spec, _)| &spec.key).collect()
}

/// Whether the customer still owes a value.
pub(crate) fn customer_owes(scope: &ProductScope<'_>, params: &Params) -> bool {
    !empty(scope, params, ParameterSpec::is_asked).is_empty()
}

/// Returns the rows with an error beside each value the customer owes.
pub(crate) fn with_demands(scope: &ProductScope<'_>, params: &Params) -> Params {
    let mut rows = params.to_vec();
    for key in empty(scope, params, ParameterSpec::is_asked) {
        row_mut(&mut rows, key).value_error = REQUIRED.into();
    }
    rows.into()
}

/// Refuses an inquiry while no value is marked as wrong.
pub(crate) fn must_be_wrong(params: &Params) -> Result<(), Denial> {
    const NOTHING_WRONG: &str = "For marking request to inquiring status at least one \
                                 parameter should be marked as invalid.";
    if params.iter().all(|row| row.value_error.is_empty()) {
        return Err(Denial::refused("REQ_003", NOTHING_WRONG));
    }
    Ok(())
}

/// Refuses approval while a required fulfillment parameter has no value.
pub(crate) fn must_be_fulfilled(scope: &ProductScope<'_>, params: &Params) -> Result<(), Denial> {
    let missing = empty(scope, params, ParameterSpec::is_needed_to_approve);
    if missing.is_empty() {
        return Ok(());
    }
    let keys: Vec<&str> = missing.iter().map(|key| &***key).collect();
    let text = format!("Required parameters are not filled: {}", keys.join(", "));
    Err(Denial::refused("REQ_003", text))
}

/// Refuses a value of a unique parameter that another asset of the product holds.
pub(crate) fn must_be_unique(
    state: &State,
    product: &ProductRecord,
    asset: Option<&AssetId>,
    updates: &[Update],
) -> Result<(), Denial> {
    let assets = state.assets.iter().filter(|other| other.product == *product.id());
    let others = assets.filter(|other| Some(&other.id) != asset).map(|other| &other.params);
    must_differ(updates, &others)
}

/// Refuses a value of a unique parameter that one of the others holds. It walks them all:
/// uniqueness is rare, and an index would cost every one.
pub(crate) fn must_differ<'p>(
    updates: &[Update],
    others: &(impl Iterator<Item = &'p Params> + Clone),
) -> Result<(), Denial> {
    for update in updates.iter().filter(|update| update.spec.flag("unique")) {
        let value = update.content.as_ref().map_or("", |content| &content.text);
        let Update { path, spec, .. } = update;
        let has = |row: &ParamRow| row.key == spec.key && *row.value == *value;
        if !value.is_empty() && others.clone().any(|params| params.iter().any(has)) {
            let text = format!("{path}: Value of parameter {} must be unique.", spec.key);
            return Err(Denial::invalid(text));
        }
    }
    Ok(())
}
