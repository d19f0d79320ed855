//! Texts that should be JSON.

use connect_world::Denial;
use serde_json::Value;
use serde_json::error::Category;

/// The deepest nesting of objects and lists in a body: half of what is read back from disk, where a
/// body is wrapped in the few levels of a record.
pub(crate) const DEEPEST: usize = 64;

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

/// Whether a value nests at most so many levels deep.
pub(crate) fn fits(value: &Value, levels: usize) -> bool {
    let fits_inside = |part: &Value| fits(part, levels.saturating_sub(1));
    match value {
        Value::Array(elements) => levels > 0 && elements.iter().all(fits_inside),
        Value::Object(members) => levels > 0 && members.values().all(fits_inside),
        _ => true,
    }
}
