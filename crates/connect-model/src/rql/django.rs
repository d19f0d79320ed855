//! The older Django style of filters, as the platform's compatibility layer reads it.
//!
//! The rules follow CloudBlue's public `django-rql`, with one difference: a `+` stays a plus.

use super::error::RqlError;
use super::parse::{self, Term};
use super::{Condition, Operator, Rql, Test, Value, check, encode, is_field_name};

/// The filters an endpoint declares.
pub trait Filters {
    /// Whether the endpoint has a filter called `name`.
    fn declares(&self, name: &str) -> bool;

    /// Whether that filter is of booleans; old clients write these as `True`, `1`, `False`, `0`.
    fn is_boolean(&self, name: &str) -> bool;
}

/// Reads the terms of `raw` when it is written in the old style; `None` when it is RQL.
pub(super) fn terms(raw: &str, filters: &dyn Filters) -> Result<Option<Vec<Term>>, RqlError> {
    let parameters = parameters(raw)?;
    let old = raw.ends_with('&') || style(&parameters, filters)? == Style::Old;
    if !old {
        return Ok(None);
    }
    let mut terms = Vec::new();
    for parameter in &parameters {
        terms.extend(parameter.terms(filters)?);
    }
    Ok(Some(terms))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Old,
    Rql,
}

/// Tells the style: the first parameter that shows it decides, then ordering words and Django
/// lookups do.
fn style(parameters: &[Parameter], filters: &dyn Filters) -> Result<Style, RqlError> {
    let mut undecided = Style::Rql;
    for parameter in parameters {
        if let Some(style) = parameter.tells_style() {
            return Ok(style);
        }
        if parameter.has_regex() {
            return Err(parameter.unconvertible("regular expressions are not supported"));
        }
        if parameter.is_ordering() || parameter.has_undeclared_lookup(filters) {
            undecided = Style::Old;
        }
    }
    Ok(undecided)
}

/// One `name=value` of the query string, decoded.
struct Parameter {
    name: String,
    value: String,
}

fn parameters(raw: &str) -> Result<Vec<Parameter>, RqlError> {
    raw.split('&').filter(|part| !part.is_empty()).map(Parameter::read).collect()
}

impl Parameter {
    fn read(raw: &str) -> Result<Self, RqlError> {
        let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
        Ok(Self { name: encode::decode(name)?, value: encode::decode(value)? })
    }

    fn tells_style(&self) -> Option<Style> {
        if !self.is_select() {
            if self.name.contains(['(', ',', ')', ' ', '\'', '"']) {
                return Some(Style::Rql);
            }
            if self.value.is_empty() {
                return Some(Style::Old);
            }
        }
        if matches!(self.value.as_str(), "True" | "False") {
            return Some(Style::Old);
        }
        if parse::infix_operator(&self.value).is_some() {
            return Some(Style::Rql);
        }
        let quoted = ['"', '\''].iter().any(|&quote| self.value.matches(quote).count() > 1);
        let telling = |c| !quoted && self.value.contains(c);
        if telling(' ') {
            return Some(Style::Old);
        }
        telling('=').then_some(Style::Rql)
    }

    fn is_select(&self) -> bool {
        self.name.contains("select(")
    }

    fn is_ordering(&self) -> bool {
        matches!(self.name.as_str(), "order_by" | "ordering")
    }

    fn has_regex(&self) -> bool {
        self.name.ends_with("__regex") || self.name.ends_with("__iregex")
    }

    fn has_undeclared_lookup(&self, filters: &dyn Filters) -> bool {
        self.lookup().is_some() && !filters.declares(&self.name)
    }

    /// Splits the name into filter and Django lookup, if it ends in one.
    fn lookup(&self) -> Option<(&str, &str)> {
        self.name.rsplit_once("__").filter(|(_, lookup)| LOOKUPS.contains(lookup))
    }

    fn terms(&self, filters: &dyn Filters) -> Result<Vec<Term>, RqlError> {
        if self.is_select() {
            return parse::terms(&self.name);
        }
        if self.value.is_empty() {
            return Ok(Vec::new());
        }
        let term = if self.is_ordering() {
            Term::Ordering(parse::ordering(&self.value)?)
        } else {
            Term::Filter(Rql::Condition(self.condition(filters)?))
        };
        Ok(vec![term])
    }

    fn condition(&self, filters: &dyn Filters) -> Result<Condition, RqlError> {
        let undeclared = |_: &(&str, &str)| !filters.declares(&self.name);
        let (name, test) = match self.lookup().filter(undeclared) {
            Some((name, lookup)) => (name, self.test(lookup)?),
            None => (self.name.as_str(), self.equality(filters)?),
        };
        if !is_field_name(name) {
            return Err(self.unconvertible("the name is not a field name"));
        }
        check::check_text(&self.value)
            .map_err(|_| self.unconvertible("the value holds both kinds of quotes"))?;
        Ok(Condition { field: name.to_owned(), test })
    }

    fn equality(&self, filters: &dyn Filters) -> Result<Test, RqlError> {
        if filters.is_boolean(&self.name) {
            return Ok(Test::Is(Operator::Eq, self.boolean()?.into()));
        }
        Ok(Test::Is(Operator::Eq, self.value.as_str().into()))
    }

    fn test(&self, lookup: &str) -> Result<Test, RqlError> {
        let value = self.value.as_str();
        Ok(match lookup {
            "in" => Test::In(value.split(',').filter(|v| !v.is_empty()).map(Value::from).collect()),
            "isnull" if self.boolean()? => Test::Is(Operator::Eq, Value::Null),
            "isnull" => Test::Is(Operator::Ne, Value::Null),
            "gt" => Test::Is(Operator::Gt, value.into()),
            "gte" => Test::Is(Operator::Ge, value.into()),
            "lt" => Test::Is(Operator::Lt, value.into()),
            "lte" => Test::Is(Operator::Le, value.into()),
            pattern => match pattern.strip_prefix('i') {
                Some(pattern) => Test::Is(Operator::Ilike, starred(pattern, value).into()),
                None => Test::Is(Operator::Like, starred(pattern, value).into()),
            },
        })
    }

    fn boolean(&self) -> Result<bool, RqlError> {
        match self.value.as_str() {
            "True" | "true" | "1" => Ok(true),
            "False" | "false" | "0" => Ok(false),
            _ => Err(self.unconvertible("write `true` or `false`")),
        }
    }

    fn unconvertible(&self, reason: &'static str) -> RqlError {
        RqlError::Unconvertible { parameter: format!("{}={}", self.name, self.value), reason }
    }
}

const LOOKUPS: [&str; 14] = [
    "in",
    "isnull",
    "gt",
    "gte",
    "lt",
    "lte",
    "exact",
    "iexact",
    "contains",
    "icontains",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
];

/// Returns the value as a pattern, with the stars that the lookup implies and the client left out.
fn starred(lookup: &str, value: &str) -> String {
    let open_start = matches!(lookup, "contains" | "endswith") && !value.starts_with('*');
    let open_end = matches!(lookup, "contains" | "startswith") && !value.ends_with('*');
    let star = |open: bool| if open { "*" } else { "" };
    format!("{}{value}{}", star(open_start), star(open_end))
}
