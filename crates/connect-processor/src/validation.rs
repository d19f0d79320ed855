//! Validators, which vendors write: what is wrong with a request before anybody works on it.

use std::future::Future;
use std::sync::Arc;

use connect_model::{Parameter, Request};
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// A draft, or an inquired request with the answers that are about to be sent, as Connect asks
/// about it. It was not ordered: nothing may be done for it, so it takes no steps.
pub struct Draft<R, S> {
    request: R,
    state: Arc<S>,
}

impl<R: Request, S> Draft<R, S> {
    pub(crate) fn new(request: R, state: Arc<S>) -> Self {
        Self { request, state }
    }

    /// Returns the request as it would be.
    #[must_use]
    pub fn request(&self) -> &R {
        &self.request
    }

    /// Returns what the processor was made with: the vendor's client, settings.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Returns the value of a parameter; `None` when it has none yet.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<&str> {
        self.request.params().iter().find(|param| param.id == key).and_then(Parameter::text)
    }
}

/// Validates the drafts of one type of requests: any `async fn(Draft<R, S>) -> Result<Findings, Failure>`.
///
/// Somebody waits for the answer, and it changes nothing but what they are shown. A validator may be
/// asked often, about the same draft, and about drafts that are never ordered.
/// [`Failure::give_up`] refuses to answer with a reason; with any other failure Connect is told only
/// that there is no answer.
///
/// ```
/// use connect_model::AssetRequest;
/// use connect_processor::{Draft, Failure, Validator, Findings};
///
/// async fn purchase(draft: Draft<AssetRequest, ()>) -> Result<Findings, Failure> {
///     Ok(match draft.parameter("admin_email") {
///         Some(email) if email.ends_with("@acme.example") => {
///             Findings::default().error("admin_email", "This address is Acme's own.")
///         }
///         _ => Findings::default(),
///     })
/// }
///
/// fn is_a_validator(_: impl Validator<AssetRequest, ()>) {}
/// is_a_validator(purchase);
/// ```
pub trait Validator<R: Request, S>: Send + Sync + 'static {
    /// Validates one draft.
    fn validate(
        &self,
        draft: Draft<R, S>,
    ) -> impl Future<Output = Result<Findings, Failure>> + Send + 'static;
}

impl<R, S, F, Fut> Validator<R, S> for F
where
    R: Request,
    F: Fn(Draft<R, S>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Findings, Failure>> + Send + 'static,
{
    fn validate(
        &self,
        draft: Draft<R, S>,
    ) -> impl Future<Output = Result<Findings, Failure>> + Send + 'static {
        self(draft)
    }
}

/// What a validator says of the parameters of a draft, by their keys. What it does not name has no
/// error, and is otherwise as it was.
///
/// ```
/// use connect_processor::Findings;
///
/// let findings = Findings::default()
///     .value("domain", "cedar.example")
///     .error("admin_email", "No such mailbox.")
///     .choices("plan", [("s", "Small"), ("l", "Large")])
///     .required("vat_id", true);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings(Vec<(String, Map<String, Value>)>);

impl Findings {
    /// Says what is wrong with a value, in words for the buyer; 512 characters at most.
    #[must_use]
    pub fn error(self, key: &str, words: impl Into<String>) -> Self {
        self.with(key, "value_error", words.into().into())
    }

    /// Says the same for translation: a message of the product and its variables.
    #[must_use]
    pub fn structured_error(self, key: &str, error: Value) -> Self {
        self.with(key, "structured_error", error)
    }

    /// Gives a parameter another value.
    #[must_use]
    pub fn value(self, key: &str, value: impl Into<String>) -> Self {
        self.with(key, "value", value.into().into())
    }

    /// Gives a parameter another value that is more than text.
    #[must_use]
    pub fn structured_value(self, key: &str, value: Value) -> Self {
        self.with(key, "structured_value", value)
    }

    /// Says whether a value has to be given.
    #[must_use]
    pub fn required(self, key: &str, is_required: bool) -> Self {
        self.constraint(key, "required", is_required.into())
    }

    /// Says whether a parameter is left out of the form.
    #[must_use]
    pub fn hidden(self, key: &str, is_hidden: bool) -> Self {
        self.constraint(key, "hidden", is_hidden.into())
    }

    /// Says whether the buyer can only read a value.
    #[must_use]
    pub fn readonly(self, key: &str, is_readonly: bool) -> Self {
        self.constraint(key, "readonly", is_readonly.into())
    }

    /// Offers other values to choose from, each with its label.
    #[must_use]
    pub fn choices<'c>(
        self,
        key: &str,
        choices: impl IntoIterator<Item = (&'c str, &'c str)>,
    ) -> Self {
        let choice = |(value, label)| json!({"value": value, "label": label});
        let choices: Value = choices.into_iter().map(choice).collect();
        self.constraint(key, "choices", choices)
    }

    fn with(mut self, key: &str, field: &str, value: Value) -> Self {
        self.row(key).insert(field.to_owned(), value);
        self
    }

    fn constraint(mut self, key: &str, name: &str, value: Value) -> Self {
        let constraints = self.row(key).entry("constraints").or_insert_with(|| json!({}));
        if let Value::Object(constraints) = constraints {
            constraints.insert(name.to_owned(), value);
        }
        self
    }

    fn row(&mut self, key: &str) -> &mut Map<String, Value> {
        let place = self.0.iter().position(|(its, _)| its == key).unwrap_or(self.0.len());
        if place == self.0.len() {
            self.0.push((key.to_owned(), Map::new()));
        }
        &mut self.0[place].1
    }

    /// Writes it to the parameters of a request. Errors of former answers are gone.
    ///
    /// # Errors
    ///
    /// The key of a parameter that the request does not have.
    pub(crate) fn write(self, params: &mut [Value]) -> Result<(), String> {
        for param in params.iter_mut().filter_map(Value::as_object_mut) {
            param.insert("value_error".to_owned(), "".into());
            param.get_mut("structured_error").into_iter().for_each(|error| *error = Value::Null);
        }
        for (key, said) in self.0 {
            let mut rows = params.iter_mut().filter_map(Value::as_object_mut);
            let named = rows.find(|row| row.get("id").and_then(Value::as_str) == Some(&key));
            let Some(row) = named else { return Err(key) };
            for (field, value) in said {
                match (row.get_mut(&field), value) {
                    (Some(Value::Object(held)), Value::Object(new)) if field == "constraints" => {
                        write_constraints(held, new);
                    }
                    (_, value) => drop(row.insert(field, value)),
                }
            }
        }
        Ok(())
    }
}

/// Writes constraints over others. Connect knows the choices in two places.
fn write_constraints(held: &mut Map<String, Value>, new: Map<String, Value>) {
    if let (Some(choices), Some(Value::Object(meta))) = (new.get("choices"), held.get_mut("meta")) {
        meta.insert("choices".to_owned(), choices.clone());
    }
    held.extend(new);
}
