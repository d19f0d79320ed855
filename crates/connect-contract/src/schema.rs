//! OpenAPI 3.0 schemas as JSON Schema.
//!
//! The two dialects differ in small things: `nullable`, properties that exist in requests only, and
//! formats, which the document does not use consistently and which are therefore left aside.

use serde_json::{Map, Value, json};

use crate::document::Document;

/// Keywords that mean the same in both dialects.
const SHARED: [&str; 9] = [
    "type",
    "enum",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
];

/// Returns a self-contained JSON Schema (2020-12) that says what `schema` says of answers.
pub(super) fn from_openapi(document: &Document, schema: &Value) -> Value {
    let mut converter = Converter { document, definitions: Map::new() };
    let root = converter.convert(schema);
    json!({"allOf": [root], "$defs": converter.definitions})
}

struct Converter<'a> {
    document: &'a Document,
    definitions: Map<String, Value>,
}

impl Converter<'_> {
    fn convert(&mut self, schema: &Value) -> Value {
        let converted = match schema.get("$ref") {
            Some(reference) => self.reference(reference),
            None => self.inline(schema),
        };
        match schema.get("nullable") {
            Some(Value::Bool(true)) => json!({"anyOf": [{"type": "null"}, converted]}),
            _ => converted,
        }
    }

    /// Points at a definition, adding it first; a definition may contain itself.
    fn reference(&mut self, reference: &Value) -> Value {
        let Some(target) = self.document.target(reference) else { return Value::Bool(true) };
        let name = reference.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default();
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name.to_owned(), Value::Bool(true));
            let definition = self.convert(target);
            self.definitions.insert(name.to_owned(), definition);
        }
        json!({"$ref": format!("#/$defs/{name}")})
    }

    fn inline(&mut self, schema: &Value) -> Value {
        let Some(schema) = schema.as_object() else { return Value::Bool(true) };
        let mut converted = Map::new();
        for (keyword, value) in schema {
            match keyword.as_str() {
                "properties" => insert(&mut converted, keyword, self.properties(value)),
                "items" | "additionalProperties" | "not" => {
                    insert(&mut converted, keyword, self.convert(value));
                }
                "oneOf" | "anyOf" | "allOf" => insert(&mut converted, keyword, self.each(value)),
                "required" => insert(&mut converted, keyword, answered(schema, value)),
                shared if SHARED.contains(&shared) => {
                    insert(&mut converted, keyword, value.clone());
                }
                _ => {}
            }
        }
        Value::Object(converted)
    }

    fn properties(&mut self, properties: &Value) -> Value {
        let properties = properties.as_object().into_iter().flatten();
        properties.map(|(name, schema)| (name.clone(), self.convert(schema))).collect()
    }

    fn each(&mut self, schemas: &Value) -> Value {
        schemas.as_array().into_iter().flatten().map(|schema| self.convert(schema)).collect()
    }
}

fn insert(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    schema.insert(keyword.to_owned(), value);
}

/// Returns the required properties without those that only requests carry.
fn answered(schema: &Map<String, Value>, required: &Value) -> Value {
    let write_only = |name: &Value| {
        let property = schema.get("properties").and_then(|all| all.get(name.as_str()?));
        property.and_then(|property| property.get("writeOnly")).and_then(Value::as_bool)
    };
    let names = required.as_array().into_iter().flatten();
    names.filter(|name| write_only(name) != Some(true)).cloned().collect()
}
