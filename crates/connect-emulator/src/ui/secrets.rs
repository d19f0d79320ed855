//! Values of password parameters, which no page shows.

use std::collections::HashSet;

use connect_model::rql::{Query, field};
use connect_model::{ParameterType, Product, ProductParameter};
use serde_json::Value;

use super::page::Trouble;
use super::visitor::Visitor;
use crate::query;
use crate::world::Collection;

/// What stands in place of a secret.
const DOTS: &str = "••••••••";

/// The parameters whose values are secret.
pub(super) struct Secrets(HashSet<String>);

impl Secrets {
    /// The password parameters of all products the visitor sees, by key.
    pub(super) async fn of(visitor: &Visitor) -> Result<Self, Trouble> {
        let all = Query { limit: Some(query::Page::MAX_LIMIT), ..Query::default() };
        let password = field("type").eq(ParameterType::Password.as_str());
        let passwords = Query { filter: Some(password), ..all.clone() };
        let mut keys = HashSet::new();
        for product in visitor.list::<Product>(&Collection::Products, &all).await?.rows {
            let parameters = Collection::Parameters(product.id);
            let found = visitor.list::<ProductParameter>(&parameters, &passwords).await?.rows;
            keys.extend(found.into_iter().map(|parameter| parameter.name));
        }
        Ok(Self(keys))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the secrets out of a body.
    pub(super) fn hide(&self, body: &mut Value) {
        match body {
            Value::Array(rows) => rows.iter_mut().for_each(|row| self.hide(row)),
            Value::Object(fields) => {
                let named = |name: &str| fields.get(name).and_then(Value::as_str);
                let is_secret =
                    ["id", "name"].into_iter().filter_map(named).any(|it| self.0.contains(it));
                fields.values_mut().for_each(|value| self.hide(value));
                for name in ["value", "structured_value"] {
                    match fields.get_mut(name) {
                        Some(value) if is_secret && !says_nothing(value) => *value = DOTS.into(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_values_of_secret_parameters_are_hidden() {
        let secrets = Secrets(HashSet::from(["pin".to_owned()]));
        let mut body = json!({"asset": {"params": [
            {"id": "pin", "value": "1234", "value_error": "too short"},
            {"id": "pin", "value": ""},
            {"id": "color", "value": "1234"},
        ]}});
        secrets.hide(&mut body);
        let expected = json!({"asset": {"params": [
            {"id": "pin", "value": DOTS, "value_error": "too short"},
            {"id": "pin", "value": ""},
            {"id": "color", "value": "1234"},
        ]}});
        assert_eq!(body, expected);
    }
}
