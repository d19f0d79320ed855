//! A query as the text behind the `?` of a URL.

use super::check::Inexpressible;
use super::django::{self, Filters};
use super::error::RqlError;
use super::parse::{self, Term};
use super::query::{Order, Query, Select};
use super::{Condition, Operator, Rql, Test, Value, encode};

impl Query {
    /// Returns the query as it goes after the `?` of a URL: [`Display`](std::fmt::Display),
    /// percent-encoded so that decoding it once gives the printed query back.
    ///
    /// ```
    /// use connect_model::rql::{Query, field};
    ///
    /// let query = Query::from(field("name").eq("Smith & Sons"));
    /// assert_eq!(query.to_string(), r#"eq(name,"Smith & Sons")"#);
    /// assert_eq!(query.to_query_string()?, "eq(name,%22Smith%20%26%20Sons%22)");
    /// # Ok::<(), connect_model::rql::Inexpressible>(())
    /// ```
    ///
    /// # Errors
    /// When a part of the query cannot be written in RQL.
    pub fn to_query_string(&self) -> Result<String, Inexpressible> {
        self.check()?;
        Ok(encode::encode(&self.to_string()))
    }

    /// Reads a query string of RQL as received, decoding percent-escapes once.
    ///
    /// # Errors
    /// When the string is not RQL, or too long or too deeply nested.
    pub fn parse(raw: &str) -> Result<Self, RqlError> {
        encode::check_length(raw)?;
        let text = encode::decode(&encode::spaced_search(raw))?;
        Assembly::of(parse::terms(&text)?)
    }

    /// Reads what [`Query::parse`] reads, and also the older Django style
    /// (`status__in=pending,inquiring&order_by=-created`), as the platform does. Telling the styles
    /// apart takes the names of the endpoint's filters.
    ///
    /// # Errors
    /// As [`Query::parse`], and for Django lookups that RQL does not have.
    pub fn parse_compatible(raw: &str, filters: &dyn Filters) -> Result<Self, RqlError> {
        encode::check_length(raw)?;
        match django::terms(&encode::spaced_search(raw), filters)? {
            Some(terms) => Assembly::of(terms),
            None => Self::parse(raw),
        }
    }
}

/// The parts of a query as they are found.
#[derive(Default)]
struct Assembly {
    select: Option<Vec<Select>>,
    filters: Vec<Rql>,
    ordering: Option<Vec<Order>>,
    limit: Option<Option<u32>>,
    offset: Option<Option<u64>>,
    search: Option<String>,
}

impl Assembly {
    fn of(terms: Vec<Term>) -> Result<Query, RqlError> {
        let mut assembly = Self::default();
        for term in terms {
            assembly.add(term)?;
        }
        Ok(assembly.into_query())
    }

    fn add(&mut self, term: Term) -> Result<(), RqlError> {
        match term {
            Term::Ordering(orders) => once(&mut self.ordering, orders, RqlError::SeveralOrderings),
            Term::Select(selects) => once(&mut self.select, selects, RqlError::SeveralSelects),
            Term::Filter(Rql::Condition(condition)) => self.add_condition(condition),
            Term::Filter(filter) => {
                self.filters.push(filter);
                Ok(())
            }
        }
    }

    /// Adds a condition, or takes it for the `limit`, `offset` or `search` that it looks like.
    fn add_condition(&mut self, condition: Condition) -> Result<(), RqlError> {
        match condition.field.as_str() {
            "limit" => {
                once(&mut self.limit, page_number(condition.test, u32::MAX)?, RqlError::Page)
            }
            "offset" => {
                once(&mut self.offset, page_number(condition.test, u64::MAX)?, RqlError::Page)
            }
            "search" => {
                let term = equal_text(condition.test).ok_or(RqlError::Search)?;
                once(&mut self.search, term, RqlError::Search)
            }
            _ => {
                self.filters.push(Rql::Condition(condition));
                Ok(())
            }
        }
    }

    fn into_query(self) -> Query {
        let filter = (!self.filters.is_empty()).then(|| Rql::flat_all(self.filters));
        Query {
            select: self.select.unwrap_or_default(),
            filter,
            ordering: self.ordering.unwrap_or_default(),
            limit: self.limit.flatten(),
            offset: self.offset.flatten(),
            search: self.search.filter(|term| !term.is_empty()),
        }
    }
}

fn once<T>(slot: &mut Option<T>, value: T, twice: RqlError) -> Result<(), RqlError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice),
    }
}

fn equal_text(test: Test) -> Option<String> {
    match test {
        Test::Is(Operator::Eq, Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Reads a `limit` or `offset`. What is not a number counts as not given; a number too large as the
/// largest.
fn page_number<N: std::str::FromStr>(test: Test, largest: N) -> Result<Option<N>, RqlError> {
    let text = equal_text(test).ok_or(RqlError::Page)?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    Ok(digits.then(|| text.parse().unwrap_or(largest)))
}
