//! Takes secrets out of what is kept of calls.

use std::collections::BTreeMap;

use connect_processor::Exchange;
use http::HeaderMap;
use http::header::HeaderName;
use reqwest::Url;
use serde_json::Value;

/// The longest text that is kept of a body, in bytes.
const LONGEST: usize = 4096;
/// The longest value of a header that is kept, in bytes, and the most headers.
const LONGEST_HEADER: usize = 256;
const MOST_HEADERS: usize = 32;
/// The shortest value that is looked for in other places, in bytes: a shorter one says nothing.
const SHORTEST_SECRET: usize = 6;

/// What stands in the place of a secret.
const HIDDEN: &str = "…";

/// Parts of the names of headers and fields that hold secrets.
const SECRET_NAMES: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "token",
    "secret",
    "key",
    "auth",
    "cookie",
    "credential",
    "session",
    "signature",
    "otp",
];

/// What is told in words has no header for keys.
const NO_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What is kept of the calls of one API.
pub(crate) struct Redaction {
    /// The secrets that the API's own headers hold.
    known: Vec<String>,
    /// The header that takes the step's key, which is none.
    key_header: http::HeaderName,
}

impl Redaction {
    pub(crate) fn of(headers: &HeaderMap, key_header: &http::HeaderName) -> Self {
        let secret =
            headers.iter().filter(|(name, value)| value.is_sensitive() || is_secret(name.as_str()));
        let words = secret.filter_map(|(_, value)| value.to_str().ok());
        let words = words.flat_map(|value| std::iter::once(value).chain(value.split_whitespace()));
        let long = words.filter(|word| word.len() >= SHORTEST_SECRET);
        let known = long.map(ToOwned::to_owned).collect();
        Self { known, key_header: key_header.clone() }
    }

    /// The headers, without the values of those that hold secrets.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> BTreeMap<String, String> {
        let shown = headers.iter().take(MOST_HEADERS).map(|(name, value)| {
            let is_key = *name == self.key_header;
            let shown = match value.to_str() {
                _ if value.is_sensitive() || (!is_key && is_secret(name.as_str())) => {
                    HIDDEN.to_owned()
                }
                Ok(text) => cut(self.text(text), LONGEST_HEADER),
                Err(_) => HIDDEN.to_owned(),
            };
            (name.as_str().to_owned(), shown)
        });
        shown.collect()
    }

    /// A body: JSON without the values of fields that hold secrets. Of anything else nobody knows where
    /// its secrets are, so only its length is told.
    pub(crate) fn body(&self, body: &[u8]) -> String {
        if body.is_empty() {
            return String::new();
        }
        match serde_json::from_slice::<Value>(body) {
            Ok(mut value) => {
                hide(&mut value);
                cut(self.text(&value.to_string()), LONGEST)
            }
            Err(_) => format!("({} bytes that are no JSON)", body.len()),
        }
    }

    /// An address without the values of its query.
    pub(crate) fn address(&self, url: &Url) -> String {
        let names: Vec<_> = url.query_pairs().map(|(name, _)| format!("{name}={HIDDEN}")).collect();
        let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
        let host = url.host_str().unwrap_or_default();
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let address = format!("{}://{host}{port}{}{query}", url.scheme(), url.path());
        cut(self.text(&address), LONGEST)
    }

    /// A text without the secrets that are known.
    pub(crate) fn text(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }
}

/// Takes secrets out of an exchange that was told in words: values of an address's query, and of headers and
/// fields whose names are those of secrets. Bodies are cut to 4 KiB; of what is no JSON only the length stays.
#[must_use]
pub fn redacted(told: Exchange) -> Exchange {
    let redaction = Redaction { known: Vec::new(), key_header: NO_KEY };
    let address = Url::parse(&told.address).map(|url| redaction.address(&url));
    Exchange {
        method: cut(told.method, LONGEST_HEADER),
        address: address.unwrap_or_else(|_| HIDDEN.to_owned()),
        headers: shown(told.headers),
        body: redaction.body(told.body.as_bytes()),
        answer_headers: shown(told.answer_headers),
        answer: redaction.body(told.answer.as_bytes()),
        ..told
    }
}

fn shown(headers: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let shown = headers.into_iter().take(MOST_HEADERS).map(|(name, value)| {
        let value = if is_secret(&name) { HIDDEN.to_owned() } else { cut(value, LONGEST_HEADER) };
        (cut(name, LONGEST_HEADER), value)
    });
    shown.collect()
}

/// Whether a header or field of this name holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

/// Hides the values of fields that hold secrets, at whatever depth.
fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if is_secret(name) && !field.is_null() {
                    *field = Value::from(HIDDEN);
                } else {
                    hide(field);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(hide),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The beginning of a text, and how long it is where that is not all.
fn cut(text: String, longest: usize) -> String {
    if text.len() <= longest {
        return text;
    }
    let told = format!("… ({} bytes)", text.len());
    let mut end = longest - told.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{told}", &text[..end])
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    fn redaction() -> Redaction {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_static("Bearer hunter2-hunter2"));
        Redaction::of(&headers, &HeaderName::from_static("idempotency-key"))
    }

    #[test]
    fn a_field_that_holds_a_secret_is_hidden_at_whatever_depth() {
        let body = json!({
            "id": "t-1", "admin": {"password": "x", "Api-Key": 7, "name": "Ines"},
            "tokens": ["a", "b"], "said": "it was hunter2-hunter2", "client_secret": null,
        });
        let kept = redaction().body(body.to_string().as_bytes());
        insta::assert_snapshot!(kept, @r#"{"id":"t-1","admin":{"password":"…","Api-Key":"…","name":"Ines"},"tokens":"…","said":"it was …","client_secret":null}"#);
    }

    #[test]
    fn of_what_is_no_json_only_the_length_is_kept() {
        assert_eq!(redaction().body(b"password=hunter2"), "(16 bytes that are no JSON)");
        assert_eq!(redaction().body(b""), "");
    }

    #[test]
    fn headers_keep_the_steps_key_and_no_secret() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer hunter2-hunter2"),
            ("idempotency-key", "PR-1:enable"),
            ("x-api-key", "other"),
            ("set-cookie", "session=1"),
            ("content-type", "application/json"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let mut sensitive = HeaderValue::from_static("plain");
        sensitive.set_sensitive(true);
        headers.insert("x-tenant", sensitive);
        insta::assert_snapshot!(format!("{:?}", redaction().headers(&headers)), @r#"{"authorization": "…", "content-type": "application/json", "idempotency-key": "PR-1:enable", "set-cookie": "…", "x-api-key": "…", "x-tenant": "…"}"#);
    }

    #[test]
    fn a_long_body_is_cut_and_says_so() {
        let body = json!({"text": "ä".repeat(5000)}).to_string();
        let kept = redaction().body(body.as_bytes());
        assert!(kept.len() <= LONGEST && kept.ends_with("… (10011 bytes)"), "{}", kept.len());
    }

    #[test]
    fn an_address_has_no_values_of_its_query() {
        let url = Url::parse("https://vendor.example/api/tenants?code=hunter2&page=1").unwrap();
        assert_eq!(redaction().address(&url), "https://vendor.example/api/tenants?code=…&page=…");
    }
}
