//! The fields that a filter pins to known texts, for answering from an index.

use std::collections::{BTreeMap, BTreeSet};

use connect_model::rql::{Condition, Operator, Rql, Test, Value};

use crate::query::field::{Field, Kind};
use crate::query::schema::{Schema, Target};

/// The texts that the top-level conjunction leaves possible, per field.
#[derive(Debug, Default)]
pub(crate) struct Exact {
    texts: BTreeMap<&'static str, BTreeSet<String>>,
    /// Whether the filter says anything else.
    pub(crate) has_more: bool,
}

impl Exact {
    pub(crate) fn of<T>(schema: &Schema<T>, filter: Option<&Rql>) -> Self {
        let mut exact = Self::default();
        let members = match filter {
            Some(Rql::All(members)) => members.as_slice(),
            other => other.map(std::slice::from_ref).unwrap_or_default(),
        };
        for member in members {
            exact.add(schema, member);
        }
        exact
    }

    fn add<T>(&mut self, schema: &Schema<T>, member: &Rql) {
        let Rql::Condition(condition) = member else {
            self.has_more = true;
            return;
        };
        match schema.find(&condition.field) {
            None => {}
            Some(Target::Field(field)) => match pinned(field, condition) {
                Some(texts) => self.restrict(field.name, texts),
                None => self.has_more = true,
            },
            Some(Target::List(_) | Target::Member { .. }) => self.has_more = true,
        }
    }

    fn restrict(&mut self, field: &'static str, texts: BTreeSet<String>) {
        match self.texts.get_mut(field) {
            Some(known) => known.retain(|text| texts.contains(text)),
            None => {
                self.texts.insert(field, texts);
            }
        }
    }

    pub(crate) fn texts(&self, field: &str) -> Option<Vec<&str>> {
        Some(self.texts.get(field)?.iter().map(String::as_str).collect())
    }

    pub(crate) fn is_covered_by(&self, fields: &[&str]) -> bool {
        !self.has_more && self.texts.keys().all(|field| fields.contains(field))
    }
}

fn pinned<T>(field: &Field<T>, condition: &Condition) -> Option<BTreeSet<String>> {
    let has_texts = matches!(field.kind, Kind::Text | Kind::Choice(_));
    let is_positive = matches!(condition.test, Test::Is(Operator::Eq, _) | Test::In(_));
    if !has_texts || !is_positive {
        return None;
    }
    let text = |value: &Value| match value {
        Value::Text(text) if !field.is_null_id(text) => Some(text.clone()),
        _ => None,
    };
    condition.test.values().iter().map(text).collect()
}
