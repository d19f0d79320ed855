//! Texts of refusals that several fields and bodies share, in the platform's words.

use serde_json::Value;

/// Says that a field is not there.
pub(crate) const REQUIRED: &str = "This field is required.";
/// Says that there is `null` where a value should be.
pub(crate) const NOT_NULL: &str = "This field may not be null.";
/// Says that a text is empty that should not be.
pub(crate) const BLANK: &str = "This field may not be blank.";
/// Says that something else stands where a text should.
pub(crate) const NOT_A_STRING: &str = "Not a valid string.";

/// Says that a text has more than so many characters.
pub(crate) fn too_long(most: impl std::fmt::Display) -> String {
    format!("Ensure this field has no more than {most} characters.")
}

/// Says that a word is none of those to choose from.
pub(crate) fn not_a_choice(word: &str) -> String {
    format!("\"{word}\" is not a valid choice.")
}

/// Says that something else stands where an object should.
pub(crate) fn not_an_object(found: &Value) -> String {
    format!("Invalid data. Expected a dictionary, but got {}.", type_name(found))
}

/// Says that something else stands where a list should.
pub(crate) fn not_a_list(found: &Value) -> String {
    format!("Expected a list of items but got type \"{}\".", type_name(found))
}

/// Names the type of a value in the words of the platform, which is written in Python.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}
