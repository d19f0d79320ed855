//! The filters of a list, as the document describes them.

use serde_json::Value;

use crate::document::Operation;

/// A filter as the document describes it: in the prose of a query parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The name, such as `asset.product.id`.
    pub name: String,
    /// The operators it can be asked with, such as `eq` and `ilike`; none for a name that can only
    /// be selected.
    pub lookups: Vec<String>,
    /// The kind of its values: `date-time`, `integer`, `boolean` or `string`.
    pub kind: String,
    /// The only values it takes; none when it takes any.
    pub words: Vec<String>,
    /// Whether the list can be sorted by it.
    pub is_orderable: bool,
    /// Whether `search=` looks into it.
    pub is_searched: bool,
    /// Whether the name can be selected or left out.
    pub is_selected: bool,
}

impl Filter {
    /// Returns the filters of an operation. `limit` and `offset` are none.
    pub(crate) fn all_of(operation: &Operation<'_>) -> Vec<Self> {
        operation.query_parameters().filter_map(Self::of).collect()
    }

    fn of(parameter: &Value) -> Option<Self> {
        let name = parameter["name"].as_str()?.to_owned();
        let prose = parameter["description"].as_str().unwrap_or_default();
        let said = |key: &str| {
            let (_, rest) = prose.split_once(&format!("**{key}:**"))?;
            Some(rest.lines().next().unwrap_or_default().trim())
        };
        let list = |text: &str| text.split(',').map(|it| it.trim().to_owned()).collect();
        let lookups = said("lookups")?;
        let schema = &parameter["schema"];
        let kind = ["format", "type"].iter().find_map(|key| schema[key].as_str());
        let words = parameter.pointer("/schema/enum").and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        Some(Self {
            name,
            lookups: if lookups.is_empty() { Vec::new() } else { list(lookups) },
            kind: kind.unwrap_or("string").to_owned(),
            words: words.map(str::to_owned).collect(),
            is_orderable: said("ordering") == Some("true"),
            is_searched: said("search") == Some("true"),
            is_selected: prose.contains("select("),
        })
    }
}
