//! The answer of a validator, merged into the values of a request: values, errors and constraints of
//! ordering parameters, by id. Everything else in it is ignored.

use connect_model::ParameterPhase;
use serde_json::Value;

use crate::body;
use crate::product::record::ParameterSpec;
use crate::product::scope::ProductScope;
use crate::refusal_text;
use crate::request::params::{error_text, row_mut};
use crate::request::value::{BadValue, content};
use crate::row::{ParamRow, Params};
use crate::validation::constraints;

/// Returns the values of a request with what an answer says of them.
///
/// # Errors
///
/// What is wrong with the answer, in words: it is then none.
pub(crate) fn merged(
    scope: &ProductScope<'_>,
    params: &Params,
    id: &str,
    answer: &Value,
) -> Result<Params, String> {
    if body::text(answer, "id").as_deref() != Some(id) {
        return Err(format!("The answer is not about {id}."));
    }
    let path = scope.params_path();
    let said = body::rows(answer, path).map_err(|denied| denied.refusal.errors.join(" "))?;
    let mut rows = params.to_vec();
    let mut named: Vec<&str> = Vec::new();
    for row in said {
        let key = body::at(row, "id").as_str();
        let key = key.ok_or_else(|| format!("{path}.id: {}", refusal_text::REQUIRED))?;
        let Some(spec) = scope.mentioned_parameter(key) else { continue };
        if named.contains(&&*spec.key) {
            return Err(format!("{path}: The answer names {key} twice."));
        }
        named.push(&spec.key);
        if spec.parameter.phase == ParameterPhase::Ordering {
            merge(spec, row_mut(&mut rows, &spec.key), row)
                .map_err(|why| format!("{path}.{key}.{why}"))?;
        }
    }
    Ok(rows.into())
}

/// Writes to a row what an answer says of its parameter. The constraints come first: a value may be
/// one of the choices that they bring.
fn merge(spec: &ParameterSpec, row: &mut ParamRow, said: &Value) -> Result<(), String> {
    let all = body::at(said, "constraints");
    if let Some(why) = body::wrong_object(all) {
        return Err(format!("constraints: {why}"));
    }
    row.constraints = constraints::merged(row.constraints.as_deref(), spec, all)
        .map_err(|why| format!("constraints.{why}"))?;
    if !spec.flag("readonly") {
        let bad = |BadValue { field, why }| format!("{field}: {why}");
        if let Some(content) = content(spec, said, row).map_err(bad)? {
            row.set_value(&content);
        }
    }
    if let Some(error) = error_text(said).map_err(|why| format!("value_error: {why}"))? {
        row.value_error = error.into();
    }
    match said.get("structured_error") {
        None => {}
        Some(error) => match body::wrong_object(error) {
            Some(why) => return Err(format!("structured_error: {why}")),
            None => {
                let error = (!body::is_nothing(error)).then(|| Box::new(error.clone()));
                row.structured_error = error;
            }
        },
    }
    Ok(())
}
