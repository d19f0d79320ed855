//! The constraints of an answer.

use serde_json::{Value, json};

use crate::body;
use crate::product::record::{Choice, ParameterSpec};
use crate::row_constraints::RowConstraints;

/// The most choices that an answer offers.
const MOST_CHOICES: usize = 1000;
/// The most characters of a choice's value, and of its label.
const LONGEST_CHOICE: usize = 2048;

/// Returns constraints with what `constraints` of an answer say; none when the product says the same.
/// What they leave out stays. Clients know the choices in two places, and an answer may change
/// either.
///
/// # Errors
///
/// What is wrong with them, in words.
pub(crate) fn merged(
    held: Option<&RowConstraints>,
    spec: &ParameterSpec,
    said: &Value,
) -> Result<Option<Box<RowConstraints>>, String> {
    if body::is_nothing(said) {
        return Ok(held.cloned().map(Box::new));
    }
    let mut merged = held.cloned().unwrap_or_default();
    for (name, flag) in [
        ("required", &mut merged.required),
        ("hidden", &mut merged.hidden),
        ("readonly", &mut merged.readonly),
    ] {
        match body::at(said, name) {
            Value::Null => {}
            Value::Bool(on) => *flag = (*on != spec.flag(name)).then_some(*on),
            _ => return Err(format!("{name}: Must be a valid boolean.")),
        }
    }
    let own: Vec<Value> = spec.choices().map(plain).collect();
    let shown = merged.choices.clone().unwrap_or_else(|| own.clone());
    for place in ["choices", "meta.choices"] {
        let Some(choices) = choices(body::at(said, place))? else { continue };
        if choices != shown {
            merged.choices = (choices != own).then_some(choices);
            break;
        }
    }
    Ok((merged != RowConstraints::default()).then(|| Box::new(merged)))
}

/// Reads choices; none where an answer says nothing of them.
fn choices(said: &Value) -> Result<Option<Vec<Value>>, String> {
    let rows = match said {
        Value::Null => return Ok(None),
        Value::Array(rows) if rows.len() <= MOST_CHOICES => rows,
        Value::Array(_) => return Err(format!("choices: There are more than {MOST_CHOICES}.")),
        _ => return Err("choices: Not a valid list.".to_owned()),
    };
    let choice = |row: &Value| match Choice::of(row) {
        Some(choice) if choice.fits(LONGEST_CHOICE) => Ok(plain(choice)),
        _ => Err("choices: Each needs a value, and may have a label.".to_owned()),
    };
    rows.iter().map(choice).collect::<Result<_, _>>().map(Some)
}

fn plain(choice: Choice<'_>) -> Value {
    json!(choice)
}
