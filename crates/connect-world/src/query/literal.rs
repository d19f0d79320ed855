//! A condition's values, read as the field's kind wants them.

use connect_model::DateTime;
use connect_model::rql::{Condition, Operator, Test, Value};
use rust_decimal::Decimal;

use crate::query::cell::Cell;
use crate::query::error::QueryError;
use crate::query::field::{Field, Kind, Lookup};
use crate::query::node::{CellTest, Relation};
use crate::query::pattern::{Case, Pattern};

/// Returns the test a condition makes of its field's cell. `ne` and `out` give the test that must
/// fail.
pub(crate) fn cell_test<T>(
    field: &Field<T>,
    condition: &Condition,
) -> Result<CellTest, QueryError> {
    check_lookup(field, condition)?;
    let literal = |value| literal(field, condition, value);
    let pattern = |value, case| pattern(condition, value, case).map(CellTest::Like);
    let compare = |relation, value| Ok(CellTest::Compare(relation, literal(value)?));
    match &condition.test {
        Test::Is(Operator::Eq | Operator::Ne, value) => Ok(CellTest::one_of(vec![literal(value)?])),
        Test::In(values) | Test::Out(values) => {
            values.iter().map(literal).collect::<Result<_, _>>().map(CellTest::one_of)
        }
        Test::Is(Operator::Gt, value) => compare(Relation::Greater, value),
        Test::Is(Operator::Ge, value) => compare(Relation::AtLeast, value),
        Test::Is(Operator::Lt, value) => compare(Relation::Less, value),
        Test::Is(Operator::Le, value) => compare(Relation::AtMost, value),
        Test::Is(Operator::Like, value) => pattern(value, Case::Sensitive),
        Test::Is(Operator::Ilike, value) => pattern(value, Case::Insensitive),
    }
}

/// Refuses `null()` and `empty()` with lookups they do not go with, whatever the field declares.
fn check_lookup<T>(field: &Field<T>, condition: &Condition) -> Result<(), QueryError> {
    let lookup = Lookup::of(&condition.test);
    let is_equality = matches!(lookup, Lookup::Eq | Lookup::Ne);
    let is_membership = matches!(lookup, Lookup::In | Lookup::Out);
    for value in condition.test.values() {
        let allowed = match value {
            Value::Empty => is_equality,
            Value::Null => (is_equality || is_membership) && field.takes(Lookup::Null),
            Value::Text(_) | Value::Tuple(_) => field.takes(lookup),
        };
        if !allowed {
            return Err(QueryError::lookup(condition, lookup, value));
        }
    }
    Ok(())
}

fn literal<T>(
    field: &Field<T>,
    condition: &Condition,
    value: &Value,
) -> Result<Cell<'static>, QueryError> {
    let wrong = |expected| QueryError::value(condition, value, expected);
    match (value, field.kind) {
        (Value::Null, _) => Ok(Cell::Null),
        (Value::Empty, Kind::Text) => Ok(String::new().into()),
        (Value::Empty, _) => Err(wrong("possible here: only texts can be empty")),
        (Value::Tuple(_), _) => Err(wrong("possible here: the filter is not a list of objects")),
        (Value::Text(text), _) if field.is_null_id(text) => Ok(Cell::Null),
        (Value::Text(text), kind) => typed(text, kind).map_err(wrong),
    }
}

fn typed(text: &str, kind: Kind) -> Result<Cell<'static>, &'static str> {
    match kind {
        Kind::Text => Ok(text.to_owned().into()),
        Kind::Choice(words) if words.contains(&text) => Ok(text.to_owned().into()),
        Kind::Choice(_) => Err("one of the choices"),
        Kind::Number => text.parse::<Decimal>().map(Cell::from).map_err(|_| "a number"),
        Kind::Time => text.parse::<DateTime>().map(Cell::from).map_err(|_| "a date-time"),
        Kind::Bool => text.parse::<bool>().map(Cell::from).map_err(|_| "`true` or `false`"),
    }
}

fn pattern(condition: &Condition, value: &Value, case: Case) -> Result<Pattern, QueryError> {
    let wrong = |expected| QueryError::value(condition, value, expected);
    match value {
        Value::Text(text) => Pattern::parse(text, case).ok_or_else(|| wrong(PATTERN)),
        _ => Err(wrong("a text")),
    }
}

/// The text that says what a `like` or `search` takes.
pub(crate) const PATTERN: &str = "a pattern: `**` has no meaning, write `*` or `\\*`";
