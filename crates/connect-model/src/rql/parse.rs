//! The grammar, as recursive descent over decoded text.
//!
//! It follows CloudBlue's public parser library and is wider in a few places, because clients
//! write these and what production does with them is not known: `not` takes any expression (and
//! in it an `and` of one, as the Python client writes `~(a | b)`), lists may be empty, and the
//! JavaScript client's `range`, `gte` and `lte` are understood.

use std::str::FromStr;

use super::build::field;
use super::cursor::Cursor;
use super::error::RqlError;
use super::query::{Order, Select};
use super::{
    Condition, Operator, Rql, Test, Value, continues_bare, continues_field, encode, starts_bare,
};

type Parsed<T> = Result<T, RqlError>;

/// One member of a query string.
pub(super) enum Term {
    Filter(Rql),
    Ordering(Vec<Order>),
    Select(Vec<Select>),
}

/// Reads a filter expression that is not percent-encoded, such as `eq(status,pending)`.
impl FromStr for Rql {
    type Err = RqlError;

    fn from_str(text: &str) -> Parsed<Self> {
        encode::check_length(text)?;
        let mut cursor = Cursor::new(text);
        let filter = conjunction(&mut cursor)?;
        if cursor.at_end() { Ok(filter) } else { Err(cursor.error("`&` or the end")) }
    }
}

/// Reads the members of a decoded query string.
pub(super) fn terms(text: &str) -> Parsed<Vec<Term>> {
    let mut cursor = Cursor::new(text);
    let mut terms = Vec::new();
    while !cursor.at_end() {
        if !terms.is_empty() && !cursor.eat("&") {
            cursor.expect(",", "`&`, `,` or the end")?;
        }
        terms.push(term(&mut cursor)?);
    }
    Ok(terms)
}

/// Reads a comma list of fields with signs, such as `-created,id`.
pub(super) fn ordering(text: &str) -> Parsed<Vec<Order>> {
    let mut cursor = Cursor::new(text);
    let fields = signed_fields(&mut cursor, Order::signed)?;
    if cursor.at_end() { Ok(fields) } else { Err(cursor.error("`,` or the end")) }
}

fn term(cursor: &mut Cursor<'_>) -> Parsed<Term> {
    if cursor.eat("ordering(") {
        return signed_list(cursor, Order::signed).map(Term::Ordering);
    }
    if cursor.eat("select(") {
        return signed_list(cursor, Select::signed).map(Term::Select);
    }
    expression(cursor).map(Term::Filter)
}

fn signed_list<T>(cursor: &mut Cursor<'_>, make: fn(bool, String) -> T) -> Parsed<Vec<T>> {
    if cursor.eat(")") {
        return Ok(Vec::new());
    }
    let fields = signed_fields(cursor, make)?;
    cursor.expect(")", "`,` or `)`")?;
    Ok(fields)
}

fn signed_fields<T>(cursor: &mut Cursor<'_>, make: fn(bool, String) -> T) -> Parsed<Vec<T>> {
    separated(cursor, ",", |cursor| {
        let minus = cursor.eat("-");
        if !minus {
            cursor.eat("+");
        }
        Ok(make(minus, field_name(cursor)?.to_owned()))
    })
}

/// Reads `expr`, or `expr & expr`: `&` binds tighter than the separators of groups.
fn conjunction(cursor: &mut Cursor<'_>) -> Parsed<Rql> {
    separated(cursor, "&", expression).map(Rql::flat_all)
}

fn expression(cursor: &mut Cursor<'_>) -> Parsed<Rql> {
    cursor.deeper(|cursor| {
        if cursor.eat("(") {
            return group(cursor);
        }
        let start = cursor.position();
        let name = field_name(cursor)?;
        if cursor.eat("(") {
            return call(cursor, name, start);
        }
        cursor.expect("=", "`(` or `=`")?;
        assignment(cursor, name)
    })
}

/// Reads on after `(`: one expression, or several joined by the same separator.
fn group(cursor: &mut Cursor<'_>) -> Parsed<Rql> {
    let first = conjunction(cursor)?;
    let Some(separator) = [",", "|", ";"].into_iter().find(|token| cursor.eat(token)) else {
        return close(cursor, first);
    };
    let mut members = vec![first];
    members.extend(separated(cursor, separator, conjunction)?);
    let joined = if separator == "," { Rql::flat_all(members) } else { Rql::flat_any(members) };
    close(cursor, joined)
}

/// Reads on after `name(`.
fn call(cursor: &mut Cursor<'_>, name: &str, start: usize) -> Parsed<Rql> {
    match name {
        "and" => members(cursor, 2).map(Rql::flat_all),
        "or" => members(cursor, 2).map(Rql::flat_any),
        "not" => negation(cursor),
        "in" => listing(cursor, Test::In),
        "out" => listing(cursor, Test::Out),
        "range" => range(cursor),
        _ => match operator(name) {
            Some(operator) => comparison(cursor, operator),
            None => Err(RqlError::Syntax { position: start, expected: "an operator before `(`" }),
        },
    }
}

fn operator(name: &str) -> Option<Operator> {
    match name {
        "gte" => Some(Operator::Ge),
        "lte" => Some(Operator::Le),
        "like" => Some(Operator::Like),
        "ilike" => Some(Operator::Ilike),
        _ => relation(name),
    }
}

/// Reads the operator of `ge=5`, as it stands after a field's `=`.
pub(super) fn infix_operator(text: &str) -> Option<Operator> {
    relation(text.get(..3)?.strip_suffix('=')?)
}

fn relation(name: &str) -> Option<Operator> {
    use Operator::{Eq, Ge, Gt, Le, Lt, Ne};
    [Eq, Ne, Gt, Ge, Lt, Le].into_iter().find(|operator| operator.as_str() == name)
}

fn members(cursor: &mut Cursor<'_>, at_least: usize) -> Parsed<Vec<Rql>> {
    let members = separated(cursor, ",", conjunction)?;
    if members.len() < at_least {
        return Err(cursor.error("`,` and another expression"));
    }
    close(cursor, members)
}

fn negation(cursor: &mut Cursor<'_>) -> Parsed<Rql> {
    let mut members = if cursor.eat("and(") {
        cursor.deeper(|cursor| members(cursor, 1))?
    } else {
        vec![expression(cursor)?]
    };
    if cursor.eat("&") {
        members.push(conjunction(cursor)?);
    }
    close(cursor, !Rql::flat_all(members))
}

fn listing(cursor: &mut Cursor<'_>, test: fn(Vec<Value>) -> Test) -> Parsed<Rql> {
    let field = argument_field(cursor)?;
    cursor.expect("(", "`(` and the list of values")?;
    let values = if cursor.eat(")") {
        Vec::new()
    } else {
        let values = separated(cursor, ",", value)?;
        close(cursor, values)?
    };
    close(cursor, Rql::Condition(Condition { field, test: test(values) }))
}

fn range(cursor: &mut Cursor<'_>) -> Parsed<Rql> {
    let name = argument_field(cursor)?;
    let least = value(cursor)?;
    cursor.expect(",", "`,` and the upper bound")?;
    let most = value(cursor)?;
    close(cursor, Rql::flat_all(vec![field(&name).ge(least), field(name).le(most)]))
}

fn comparison(cursor: &mut Cursor<'_>, operator: Operator) -> Parsed<Rql> {
    let field = argument_field(cursor)?;
    let test = Test::Is(operator, value(cursor)?);
    close(cursor, Rql::Condition(Condition { field, test }))
}

/// Reads on after `name=`: a value, or an operator, `=` and a value.
fn assignment(cursor: &mut Cursor<'_>, name: &str) -> Parsed<Rql> {
    let operator = infix_operator(cursor.rest());
    if let Some(operator) = operator {
        cursor.eat(operator.as_str());
        cursor.eat("=");
    }
    let test = Test::Is(operator.unwrap_or(Operator::Eq), value(cursor)?);
    Ok(Rql::Condition(Condition { field: name.to_owned(), test }))
}

fn value(cursor: &mut Cursor<'_>) -> Parsed<Value> {
    if cursor.eat("null()") {
        return Ok(Value::Null);
    }
    if cursor.eat("empty()") {
        return Ok(Value::Empty);
    }
    if cursor.eat("t(") {
        let conditions = separated(cursor, ",", tuple_member)?;
        return close(cursor, Value::Tuple(conditions));
    }
    text(cursor).map(|text| Value::Text(text.to_owned()))
}

fn tuple_member(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    match expression(cursor)? {
        Rql::Condition(condition) if matches!(condition.test, Test::Is(..)) => Ok(condition),
        _ => Err(cursor.error("only comparisons with one value inside `t(…)`")),
    }
}

fn text<'t>(cursor: &mut Cursor<'t>) -> Parsed<&'t str> {
    for (quote, token) in [('"', "\""), ('\'', "'")] {
        if cursor.eat(token) {
            return cursor.take_until(quote).ok_or_else(|| cursor.error("the closing quote"));
        }
    }
    cursor
        .take(starts_bare, continues_bare)
        .ok_or_else(|| cursor.error("a value; quote it if it has special characters"))
}

fn argument_field(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let name = field_name(cursor)?;
    cursor.expect(",", "`,` after the field name")?;
    Ok(name.to_owned())
}

fn field_name<'t>(cursor: &mut Cursor<'t>) -> Parsed<&'t str> {
    cursor
        .take(|c| c.is_ascii_alphabetic(), continues_field)
        .ok_or_else(|| cursor.error("a field or an operator"))
}

fn separated<T>(
    cursor: &mut Cursor<'_>,
    separator: &str,
    parse: impl Fn(&mut Cursor<'_>) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let mut members = vec![parse(cursor)?];
    while cursor.eat(separator) {
        members.push(parse(cursor)?);
    }
    Ok(members)
}

fn close<T>(cursor: &mut Cursor<'_>, parsed: T) -> Parsed<T> {
    cursor.expect(")", "`)`")?;
    Ok(parsed)
}
