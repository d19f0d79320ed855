//! Texts that should be JSON.

use connect_world::Denial;
use serde_json::Value;
use serde_json::error::Category;

/// Reads the JSON of a text. A refusal says where it goes wrong.
pub(crate) fn parse(text: &[u8], what: &str) -> Result<Value, Denial> {
    serde_json::from_slice(text).map_err(|error| {
        let why = match error.classify() {
            Category::Eof => "it ends too early",
            _ => "it is not JSON",
        };
        let (line, column) = (error.line(), error.column());
        Denial::invalid(format!(
            "{what}: JSON parse error: {why} (line {line}, character {column})."
        ))
    })
}
