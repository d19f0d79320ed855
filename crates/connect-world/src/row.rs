//! The rows of an asset: how much of what, and which values.

use std::sync::Arc;

use connect_model::{ItemId, Quantity, Renewal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::row_constraints::RowConstraints;

/// An item of the product and how much of it, before and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ItemRow {
    pub(crate) item: ItemId,
    pub(crate) quantity: Quantity,
    pub(crate) old_quantity: Quantity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) renewal: Option<Box<Renewal>>,
}

/// A parameter of the product, by key, and its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ParamRow {
    pub(crate) key: Arc<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) value: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) structured_value: Option<Box<Value>>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) value_error: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) structured_error: Option<Box<Value>>,
    /// What a validator said of the parameter; it belongs to the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) constraints: Option<Box<RowConstraints>>,
}

/// A value to be kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Content {
    pub(crate) text: String,
    pub(crate) structured: Option<Value>,
}

/// Rows shared by an asset and its requests until one of them writes.
pub(crate) type Items = Arc<[ItemRow]>;
/// Rows shared by an asset and its requests until one of them writes.
pub(crate) type Params = Arc<[ParamRow]>;

impl ItemRow {
    pub(crate) fn steady(item: ItemId, quantity: Quantity) -> Self {
        Self { item, quantity, old_quantity: quantity, renewal: None }
    }

    pub(crate) fn is_steady(&self) -> bool {
        self.quantity == self.old_quantity && self.renewal.is_none()
    }
}

impl ParamRow {
    pub(crate) fn empty(key: Arc<str>) -> Self {
        Self {
            key,
            value: "".into(),
            structured_value: None,
            value_error: "".into(),
            structured_error: None,
            constraints: None,
        }
    }

    /// Whether there is no value, by the rule of the model.
    pub(crate) fn is_empty(&self) -> bool {
        self.value.is_empty() && self.structured_value.as_deref().is_none_or(says_nothing)
    }

    /// Takes a value in place of what it has.
    pub(crate) fn set_value(&mut self, content: &Content) {
        self.value = content.text.as_str().into();
        self.structured_value = content.structured.clone().map(Box::new);
    }

    /// Whether it has the value of another row.
    pub(crate) fn has_value_of(&self, other: &Self) -> bool {
        (&self.value, &self.structured_value) == (&other.value, &other.structured_value)
    }

    /// Takes the value of another row. An error stays: it belongs to the request.
    pub(crate) fn take_value_of(&mut self, other: &Self) {
        self.value.clone_from(&other.value);
        self.structured_value.clone_from(&other.structured_value);
    }

    pub(crate) fn has_error(&self) -> bool {
        !self.value_error.is_empty() || self.structured_error.is_some()
    }

    pub(crate) fn clear_error(&mut self) {
        self.value_error = "".into();
        self.structured_error = None;
    }

    /// Whether it says more than the value: what belongs to one request.
    pub(crate) fn has_remarks(&self) -> bool {
        self.has_error() || self.constraints.is_some()
    }

    pub(crate) fn clear_remarks(&mut self) {
        self.clear_error();
        self.constraints = None;
    }

    /// Returns a flag that a validator set or took away; none when it did neither.
    pub(crate) fn flag(&self, constraint: &str) -> Option<bool> {
        self.constraints.as_ref().and_then(|all| all.flag(constraint))
    }
}

fn says_nothing(value: &Value) -> bool {
    let structured_value = Some(value.clone());
    connect_model::Parameter { structured_value, ..Default::default() }.is_empty()
}

/// Returns the quantities of an asset as a request that changes none shows them.
pub(crate) fn steady(items: &Items) -> Items {
    if items.iter().all(ItemRow::is_steady) {
        return Arc::clone(items);
    }
    items.iter().map(|row| ItemRow::steady(row.item.clone(), row.quantity)).collect()
}

/// Returns what assets and requests can be asked of one parameter: conditions that stand beside
/// each other, or in one `t(…)`, hold for one and the same.
pub(crate) fn param_schema() -> Schema<ParamRow> {
    Schema::new([
        Field::text("id", |row: &ParamRow| (&*row.key).into()).aliases(&["name"]),
        Field::text("value", |row| (&*row.value).into()),
    ])
}
