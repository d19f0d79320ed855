//! The filters of a collection.

use std::borrow::Cow;
use std::collections::BTreeMap;

use connect_model::rql::{Condition, Filters, Operator, Rql, Test};

use crate::query::elements;
use crate::query::elements::{Each, Elements, Listed};
use crate::query::error::QueryError;
use crate::query::field::ITSELF;
use crate::query::field::{Column, Field, Kind};
use crate::query::literal::cell_test;
use crate::query::node::Node;
use crate::query::options::Options;

/// The filters of a collection with rows of type `T`.
///
/// Names match as declared, and also with `__` for the dots, as old clients write them.
pub(crate) struct Schema<T: 'static> {
    pub(crate) fields: Vec<Field<T>>,
    lists: Vec<List<T>>,
}

struct List<T> {
    name: &'static str,
    elements: Box<dyn Elements<T>>,
}

/// The target of a filter's name.
pub(crate) enum Target<'s, T: 'static> {
    Field(&'s Field<T>),
    List(&'s dyn Elements<T>),
    Member { list: &'static str, elements: &'s dyn Elements<T>, member: String },
}

impl<T: 'static> Schema<T> {
    /// Declares a collection with these filters.
    pub(crate) fn new(fields: impl Into<Vec<Field<T>>>) -> Self {
        Self { fields: fields.into(), lists: Vec::new() }
    }

    /// Adds a list of objects inside each row: `name.member` asks whether some element has such
    /// a member, `eq(name,t(…))` whether one element satisfies all conditions of the tuple.
    #[must_use]
    pub(crate) fn list<E: 'static>(
        mut self,
        name: &'static str,
        schema: Schema<E>,
        each: for<'a> fn(&'a T) -> Box<dyn Iterator<Item = &'a E> + 'a>,
    ) -> Self {
        let each: Each<T, E> = each;
        self.lists.push(List { name, elements: Box::new(Listed { schema, each }) });
        self
    }

    pub(crate) fn find(&self, name: &str) -> Option<Target<'_, T>> {
        let name = dotted(name);
        let field = self.fields.iter().find(|field| field.is_called(&name));
        field.map(Target::Field).or_else(|| self.lists.iter().find_map(|list| list.find(&name)))
    }

    /// Returns the names of filters that the collection does not have.
    pub(crate) fn unknown(&self, filter: &Rql) -> Vec<String> {
        match filter {
            Rql::All(members) | Rql::Any(members) => {
                members.iter().flat_map(|member| self.unknown(member)).collect()
            }
            Rql::Not(inner) => self.unknown(inner),
            Rql::Condition(condition) if self.find(&condition.field).is_none() => {
                vec![condition.field.clone()]
            }
            Rql::Condition(_) => Vec::new(),
        }
    }

    pub(crate) fn orderable(&self, name: &str) -> Option<Column<T>> {
        match self.find(name)? {
            Target::Field(field) if field.is_orderable => Some(field.column),
            _ => None,
        }
    }

    pub(crate) fn has_boolean(&self, name: &str) -> bool {
        match self.find(name) {
            Some(Target::Field(field)) => field.kind == Kind::Bool,
            Some(Target::Member { elements, member, .. }) => elements.is_boolean(&member),
            Some(Target::List(_)) | None => false,
        }
    }

    /// Returns the node of a filter; `None` when every filter in it is unknown and thus ignored.
    pub(crate) fn node(
        &self,
        filter: &Rql,
        options: Options,
    ) -> Result<Option<Node<T>>, QueryError> {
        Ok(match filter {
            Rql::All(members) => some(self.all(members, options)?).map(Node::All),
            Rql::Any(members) => some(self.nodes(members, options)?).map(Node::Any),
            Rql::Not(inner) => self.node(inner, options)?.map(negated),
            Rql::Condition(condition) => self.condition(condition, options)?,
        })
    }

    fn nodes<'r>(
        &self,
        members: impl IntoIterator<Item = &'r Rql>,
        options: Options,
    ) -> Result<Vec<Node<T>>, QueryError> {
        let nodes = members.into_iter().map(|member| self.node(member, options).transpose());
        nodes.flatten().collect()
    }

    /// Returns the nodes of conditions. Those on members of one list that stand beside each other
    /// hold for one and the same element; `ne` and `out` say of all elements that they fail, each
    /// for itself.
    fn all(&self, members: &[Rql], options: Options) -> Result<Vec<Node<T>>, QueryError> {
        let mut alone = Vec::new();
        let mut of_lists: BTreeMap<&'static str, (&dyn Elements<T>, Vec<Condition>)> =
            BTreeMap::new();
        for member in members {
            match self.positive_member(member) {
                Some((list, elements, condition)) => {
                    of_lists.entry(list).or_insert((elements, Vec::new())).1.push(condition);
                }
                None => alone.push(member),
            }
        }
        let mut nodes = self.nodes(alone, options)?;
        for (list, (elements, conditions)) in of_lists {
            let test = elements.some_element(&conditions, options);
            nodes.extend(test.map_err(|error| error.within(list))?.map(Node::Elements));
        }
        Ok(nodes)
    }

    /// Returns the list that a condition asks some element of, with what it asks.
    fn positive_member(&self, member: &Rql) -> Option<(&'static str, &dyn Elements<T>, Condition)> {
        let Rql::Condition(condition) = member else { return None };
        match self.find(&condition.field)? {
            Target::Member { list, elements, member } if !is_negative(condition) => {
                let condition = Condition { field: member, test: condition.test.clone() };
                Some((list, elements, condition))
            }
            _ => None,
        }
    }

    /// Returns the node of a condition; `None` when its filter is unknown and thus ignored.
    pub(crate) fn condition(
        &self,
        condition: &Condition,
        options: Options,
    ) -> Result<Option<Node<T>>, QueryError> {
        let node = self.positive(condition, options)?;
        Ok(if is_negative(condition) { node.map(negated) } else { node })
    }

    /// Returns the node as [`Schema::condition`] does, but with `eq` for `ne` and `in` for `out`:
    /// these two say that the positive test fails, of a list that it fails for every element.
    pub(crate) fn positive(
        &self,
        condition: &Condition,
        options: Options,
    ) -> Result<Option<Node<T>>, QueryError> {
        match self.find(&condition.field) {
            None if options.strict => {
                Err(QueryError::UnknownFilter { field: condition.field.clone() })
            }
            None => Ok(None),
            Some(Target::Field(field)) => {
                Ok(Some(Node::Cell(field.column, cell_test(field, condition)?)))
            }
            Some(Target::List(elements)) => {
                let test = elements.some_element(elements::tuple(condition)?, options);
                Ok(test.map_err(|error| error.within(&condition.field))?.map(Node::Elements))
            }
            Some(Target::Member { list, elements, member }) => {
                let condition = Condition { field: member, test: condition.test.clone() };
                let test = elements.some_member(&condition, options);
                Ok(test.map_err(|error| error.within(list))?.map(Node::Elements))
            }
        }
    }
}

impl<T> List<T> {
    fn find(&self, name: &str) -> Option<Target<'_, T>> {
        let rest = name.strip_prefix(self.name)?;
        let (list, elements) = (self.name, &*self.elements);
        let member = match rest.strip_prefix('.') {
            Some(member) => member,
            None if !rest.is_empty() => return None,
            None if elements.declares(ITSELF) => ITSELF,
            None => return Some(Target::List(elements)),
        };
        let is_declared = elements.declares(member);
        is_declared.then(|| Target::Member { list, elements, member: member.to_owned() })
    }
}

/// The facts that [`Query::parse_compatible`](connect_model::rql::Query::parse_compatible) must
/// know.
impl<T> Filters for Schema<T> {
    fn declares(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn is_boolean(&self, name: &str) -> bool {
        self.has_boolean(name)
    }
}

fn dotted(name: &str) -> Cow<'_, str> {
    if name.contains("__") { name.replace("__", ".").into() } else { name.into() }
}

fn is_negative(condition: &Condition) -> bool {
    matches!(condition.test, Test::Is(Operator::Ne, _) | Test::Out(_))
}

fn some<T>(nodes: Vec<Node<T>>) -> Option<Vec<Node<T>>> {
    (!nodes.is_empty()).then_some(nodes)
}

fn negated<T>(node: Node<T>) -> Node<T> {
    Node::Not(Box::new(node))
}
