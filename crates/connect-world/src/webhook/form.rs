//! The settings of a webhook as a body gives them: the body that writes one in OpenAPI 37.0.

use connect_model::{ProductId, Refusal, WebhookObjectClass, WebhookType};
use serde_json::{Map, Value};

use crate::denial::{Denial, DenialKind};
use crate::refusal_text::{BLANK, NOT_NULL, REQUIRED};
use crate::webhook::record::WebhookSettings;
use crate::{body, format, refusal_text};

/// The most bytes that `data` has as JSON.
const DATA: usize = 64 * 1024;
/// The most headers a webhook has.
const HEADERS: usize = 50;
/// The most bytes that the name of a header has, and its value.
const HEADER_NAME: usize = 256;
const HEADER_VALUE: usize = 4096;
/// The most characters of a description.
const DESCRIPTION: usize = 4096;

/// Headers that each call has already, and those of the connection.
const OWN_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "authentication",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Reads settings.
///
/// # Errors
///
/// `VAL_001` that names every field that is missing or wrong.
pub(crate) fn read(body: &Value) -> Result<WebhookSettings, Denial> {
    let mut form = Form { body, errors: Vec::new() };
    let settings = WebhookSettings {
        kind: form.kind(),
        object_class: WebhookObjectClass::from(
            form.choice("object_class", WebhookObjectClass::KNOWN).as_str(),
        ),
        label: form.text("label", 100).into(),
        product: ProductId::from(form.text("product_id", 100)),
        external_url: form.url("external_url").into(),
        jwt_secret: form.text("jwt_secret", 100).into(),
        active: form.flag("active"),
        description: form.description().map(Into::into),
        data: form.object("data"),
        headers: form.object("headers"),
    };
    form.choice("http_method", &["POST"]);
    form.check_data(&settings.data);
    form.check_headers(&settings.headers);
    match form.errors {
        errors if errors.is_empty() => Ok(settings),
        errors => {
            let error_code = "VAL_001".to_owned();
            let refusal = Refusal { error_code, errors, ..Refusal::default() };
            Err(Denial { kind: DenialKind::Invalid, refusal })
        }
    }
}

/// A body on its way to settings, with all that is wrong with it so far.
struct Form<'b> {
    body: &'b Value,
    errors: Vec<String>,
}

impl Form<'_> {
    fn refuse(&mut self, field: &str, why: impl AsRef<str>) {
        self.errors.push(format!("{field}: {}", why.as_ref()));
    }

    /// Reads a text that cannot be left out.
    fn text(&mut self, field: &str, most: usize) -> String {
        let why = match self.body.get(field) {
            None => REQUIRED.to_owned(),
            Some(Value::Null) => NOT_NULL.to_owned(),
            Some(value) => match body::scalar(value) {
                None => refusal_text::NOT_A_STRING.to_owned(),
                Some(text) if text.trim().is_empty() => BLANK.to_owned(),
                Some(text) if text.chars().count() > most => refusal_text::too_long(most),
                Some(text) => return text,
            },
        };
        self.refuse(field, why);
        String::new()
    }

    fn choice(&mut self, field: &str, words: &[&str]) -> String {
        let word = self.text(field, 100);
        if !word.is_empty() && !words.contains(&word.as_str()) {
            self.refuse(field, refusal_text::not_a_choice(&word));
        }
        word
    }

    fn kind(&mut self) -> WebhookType {
        match self.body.get("type") {
            None => WebhookType::Event,
            Some(_) => WebhookType::from(self.choice("type", WebhookType::KNOWN).as_str()),
        }
    }

    fn url(&mut self, field: &str) -> String {
        let url = self.text(field, 4096);
        if !format::is_http_url(&url) && !url.is_empty() {
            self.refuse(field, "Enter a valid URL.");
        }
        url
    }

    fn flag(&mut self, field: &str) -> bool {
        match self.body.get(field) {
            Some(Value::Bool(flag)) => return *flag,
            None => self.refuse(field, REQUIRED),
            Some(Value::Null) => self.refuse(field, NOT_NULL),
            Some(_) => self.refuse(field, "Must be a valid boolean."),
        }
        false
    }

    /// Reads the description, which may be `null` and is not to be left out.
    fn description(&mut self) -> Option<String> {
        let value = self.body.get("description");
        match value.map(|value| (value, body::scalar(value))) {
            None => self.refuse("description", REQUIRED),
            Some((Value::Null, _)) => {}
            Some((_, None)) => self.refuse("description", refusal_text::NOT_A_STRING),
            Some((_, Some(text))) if text.chars().count() > DESCRIPTION => {
                self.refuse("description", refusal_text::too_long(DESCRIPTION));
            }
            Some((_, text)) => return text,
        }
        None
    }

    fn object(&mut self, field: &str) -> Map<String, Value> {
        match body::at(self.body, field) {
            Value::Object(members) => return members.clone(),
            value if body::is_nothing(value) => {}
            other => self.refuse(field, refusal_text::not_an_object(other)),
        }
        Map::new()
    }

    fn check_data(&mut self, data: &Map<String, Value>) {
        if serde_json::to_vec(data).is_ok_and(|json| json.len() > DATA) {
            self.refuse(
                "data",
                format!("Ensure this field has no more than {DATA} bytes as JSON."),
            );
        }
    }

    fn check_headers(&mut self, headers: &Map<String, Value>) {
        if headers.len() > HEADERS {
            let text = format!("Ensure this field has no more than {HEADERS} elements.");
            return self.refuse("headers", text);
        }
        let mut names = std::collections::HashSet::new();
        for (name, value) in headers {
            let is_again = !names.insert(name.to_ascii_lowercase());
            if let Some(why) = wrong_header(name, value, is_again) {
                self.refuse("headers", why);
            }
        }
    }
}

/// Says what is wrong with a header. A name that is none is not repeated: it may hold anything.
fn wrong_header(name: &str, value: &Value, is_again: bool) -> Option<String> {
    if name.len() > HEADER_NAME || !format::is_header_name(name) {
        return Some("The name of a header is not valid.".to_owned());
    }
    if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return Some(format!("\"{name}\" is set by the platform."));
    }
    if is_again {
        return Some(format!("\"{name}\" is there twice."));
    }
    let is_right = value
        .as_str()
        .is_some_and(|text| text.len() <= HEADER_VALUE && format::is_header_value(text));
    (!is_right).then(|| format!("The value of \"{name}\" is not valid."))
}
