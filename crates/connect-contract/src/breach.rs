//! A disagreement between an answer and the document, before errata are consulted.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

/// The longest piece of a body that is quoted, in characters.
const LONGEST_QUOTE: usize = 80;

pub(super) struct Breach {
    pub(super) pointer: String,
    pub(super) wanted: String,
    pub(super) found: String,
    pub(super) kind: Kind,
}

/// The sort of a disagreement, so that an erratum of another sort does not explain it.
pub(super) enum Kind {
    /// A thing that the document requires is not there.
    Missing,
    /// A value in the body is not what the document says.
    Value(Value),
    /// The document does not list the status.
    Status(u16),
    /// The document does not list the path, or the method on it.
    Unlisted,
    /// The answer as a whole has the wrong form.
    Form,
}

impl Breach {
    pub(super) fn missing(pointer: &str) -> Self {
        Self::new(pointer, "it to be present", "nothing", Kind::Missing)
    }

    pub(super) fn unlisted() -> Self {
        Self::new("", "another path or method", "one it does not list", Kind::Unlisted)
    }

    pub(super) fn undocumented(status: u16) -> Self {
        let wanted = "a status it lists for the operation";
        Self::new("", wanted, &status.to_string(), Kind::Status(status))
    }

    pub(super) fn content_type(wanted: &str, found: Option<&str>) -> Self {
        let found = found.unwrap_or("no content type");
        Self::new("", &format!("content type {wanted}"), found, Kind::Form)
    }

    pub(super) fn body_of_204(length: usize) -> Self {
        Self::new("", "no body with 204", &format!("{length} bytes"), Kind::Form)
    }

    pub(super) fn not_json() -> Self {
        Self::new("", "a JSON body", "something else", Kind::Form)
    }

    pub(super) fn unusable(error: &anyhow::Error) -> Self {
        Self::new("", "what cannot be checked", &format!("{error:#}"), Kind::Form)
    }

    fn new(pointer: &str, wanted: &str, found: &str, kind: Kind) -> Self {
        Self {
            pointer: pointer.to_owned(),
            wanted: wanted.to_owned(),
            found: found.to_owned(),
            kind,
        }
    }
}

/// Returns every disagreement between a body and its schema.
pub(super) fn of(validator: &Validator, body: &Value) -> Vec<Breach> {
    validator.iter_errors(body).flat_map(|error| from_error(&error)).collect()
}

fn from_error(error: &ValidationError<'_>) -> Vec<Breach> {
    let pointer = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            vec![Breach::missing(&format!("{pointer}/{property}"))]
        }
        // A nullable value that is not null: what matters is how it misses the other choice.
        ValidationErrorKind::AnyOf { context } => {
            context.last().into_iter().flatten().flat_map(from_error).collect()
        }
        kind => {
            let found = error.instance();
            let kept = Kind::Value(found.as_ref().clone());
            vec![Breach::new(pointer, &wanted(kind), &quote(found), kept)]
        }
    }
}

fn wanted(kind: &ValidationErrorKind) -> String {
    match kind {
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => format!("type {kind}"),
        ValidationErrorKind::Enum { options } => format!("one of {}", quote(options)),
        ValidationErrorKind::MaxLength { limit } => format!("at most {limit} characters"),
        ValidationErrorKind::OneOfNotValid { .. } => "one of the shapes it lists".to_owned(),
        other => format!("what its keyword {} says", other.keyword()),
    }
}

fn quote(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_QUOTE).and_then(|(end, _)| text.get(..end)) {
        Some(beginning) => format!("{beginning}…"),
        None => text,
    }
}
