//! Lists of objects inside a row, such as an asset's parameters.

use connect_model::rql::{Condition, Operator, Test, Value};

use crate::query::error::QueryError;
use crate::query::node::{Node, RowTest};
use crate::query::options::Options;
use crate::query::schema::Schema;

/// Walks the elements of a list of a row.
pub(crate) type Each<T, E> = for<'a> fn(&'a T) -> Box<dyn Iterator<Item = &'a E> + 'a>;

/// A list whatever its elements are.
pub(crate) trait Elements<T>: Send + Sync {
    /// Whether elements have a filter called `member`.
    fn declares(&self, member: &str) -> bool;

    fn is_boolean(&self, member: &str) -> bool;

    /// Returns the test "one element satisfies all conditions"; `None` when none of them is known.
    fn some_element(
        &self,
        conditions: &[Condition],
        options: Options,
    ) -> Result<Option<RowTest<T>>, QueryError>;

    /// Returns the test "some element passes the condition's positive test".
    fn some_member(
        &self,
        condition: &Condition,
        options: Options,
    ) -> Result<Option<RowTest<T>>, QueryError>;
}

pub(crate) struct Listed<T, E: 'static> {
    pub(crate) schema: Schema<E>,
    pub(crate) each: Each<T, E>,
}

impl<T: 'static, E: 'static> Elements<T> for Listed<T, E> {
    fn declares(&self, member: &str) -> bool {
        self.schema.find(member).is_some()
    }

    fn is_boolean(&self, member: &str) -> bool {
        self.schema.has_boolean(member)
    }

    fn some_element(
        &self,
        conditions: &[Condition],
        options: Options,
    ) -> Result<Option<RowTest<T>>, QueryError> {
        let mut tests = Vec::new();
        for condition in conditions {
            tests.extend(self.schema.condition(condition, options)?);
        }
        Ok((!tests.is_empty()).then(|| self.some(tests)))
    }

    fn some_member(
        &self,
        condition: &Condition,
        options: Options,
    ) -> Result<Option<RowTest<T>>, QueryError> {
        let test = self.schema.positive(condition, options)?;
        Ok(test.map(|test| self.some(vec![test])))
    }
}

impl<T: 'static, E: 'static> Listed<T, E> {
    fn some(&self, tests: Vec<Node<E>>) -> RowTest<T> {
        let each = self.each;
        Box::new(move |row| each(row).any(|element| tests.iter().all(|test| test.matches(element))))
    }
}

/// Returns the conditions of `eq(list,t(…))` or `ne(list,t(…))`.
pub(crate) fn tuple(condition: &Condition) -> Result<&[Condition], QueryError> {
    match &condition.test {
        Test::Is(Operator::Eq | Operator::Ne, Value::Tuple(conditions)) => Ok(conditions),
        test => {
            let value = test.values().first().unwrap_or(&Value::Empty);
            Err(QueryError::value(condition, value, "a tuple `t(…)` given to `eq` or `ne`"))
        }
    }
}
