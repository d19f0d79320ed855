//! The API key, wherever others repeat it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use connect_model::Refusal;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// The text that stands in its place.
const HIDDEN: &str = "[redacted]";

/// Secrets shorter than this are only looked for together with their token's id: a short word is
/// everywhere.
const TELLING: usize = 8;

/// Finds the API key in what a server wrote. Servers, and what stands before them, repeat headers
/// in their complaints, plainly or in the spellings of URLs, JSON and HTML.
#[derive(Clone)]
pub(crate) struct Secret(Arc<[SecretString]>);

impl Secret {
    /// Takes the key as the platform shows it: `ApiKey SU-…:…`.
    pub(crate) fn of(key: &str) -> Self {
        let token = key.split_once(' ').map_or(key, |(_, token)| token);
        let secret = token.split_once(':').map_or(token, |(_, secret)| secret);
        let mut forms = [key, token, secret].map(spellings).concat();
        forms.retain(|form| form.len() >= TELLING || form.contains(':') || form.contains("%3"));
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self(forms.into_iter().map(SecretString::from).collect())
    }

    /// Returns the same text without the key.
    pub(crate) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, form| {
            let form = form.expose_secret();
            if text.contains(form) { text.replace(form, HIDDEN) } else { text }
        })
    }

    /// Returns the same reasons without the key.
    pub(crate) fn hide_in(&self, refusal: Refusal) -> Refusal {
        Refusal {
            error_code: self.hide(&refusal.error_code),
            errors: refusal.errors.iter().map(|error| self.hide(error)).collect(),
            params: refusal
                .params
                .into_iter()
                .map(|(name, value)| (self.hide(&name), self.hide_in_value(value)))
                .collect(),
        }
    }

    /// Returns the same JSON without the key.
    pub(crate) fn hide_in_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.hide(&text)),
            Value::Array(rows) => rows.into_iter().map(|row| self.hide_in_value(row)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (self.hide(&name), self.hide_in_value(value)))
                .collect(),
            other => other,
        }
    }

    /// Returns the same body without the key; byte for byte where there is none in it. JSON is read
    /// first: it can spell the key with more escapes than it needs.
    pub(crate) fn hide_in_body(&self, body: &Bytes) -> Bytes {
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            let hidden = self.hide_in_value(value.clone());
            return if hidden == value { body.clone() } else { hidden.to_string().into() };
        }
        let text = String::from_utf8_lossy(body);
        let hidden = self.hide(&text);
        if hidden == text { body.clone() } else { hidden.into() }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// Returns the spellings of a text: as it is, in a URL, in JSON, in HTML.
fn spellings(text: &str) -> Vec<String> {
    let escaped = |is_plain: fn(u8) -> bool, upper: bool| -> String {
        let escape = |byte: u8| match (is_plain(byte), upper) {
            (true, _) => char::from(byte).to_string(),
            (false, true) => format!("%{byte:02X}"),
            (false, false) => format!("%{byte:02x}"),
        };
        text.bytes().map(escape).collect()
    };
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let in_query = |byte: u8| byte.is_ascii_graphic() && !b"%&+#\"<>".contains(&byte);
    let quoted = Value::from(text).to_string();
    let in_json = quoted.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
    let in_json = in_json.unwrap_or(text).to_owned();
    let in_html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut forms = vec![
        text.to_owned(),
        escaped(unreserved, true),
        escaped(unreserved, false),
        escaped(unreserved, true).replace("%20", "+"),
        escaped(in_query, true),
        in_json.replace('/', "\\/"),
        in_json,
        in_html.replace('"', "&quot;").replace('\'', "&#39;"),
        in_html.replace('"', "&#34;").replace('\'', "&#x27;"),
    ];
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ApiKey SU-123-456-789:very/secret\"&<k>y+1%2";

    #[test]
    fn the_key_is_hidden_in_every_spelling() {
        let secret = Secret::of(KEY);
        let token = KEY.split_once(' ').map_or(KEY, |(_, token)| token);
        for whole in [KEY, token, "very/secret\"&<k>y+1%2"] {
            for form in spellings(whole) {
                let hidden = secret.hide(&format!("bad header: {form}, go away"));
                assert_eq!(hidden, "bad header: [redacted], go away", "{form}");
            }
        }
    }

    #[test]
    fn a_short_secret_is_hidden_with_its_token_and_leaves_other_words_alone() {
        let secret = Secret::of("ApiKey SU-1:x");
        assert_eq!(secret.hide("ApiKey SU-1:x is not max"), "[redacted] is not max");
        assert_eq!(secret.hide("SU-1:x and SU-1%3Ax"), "[redacted] and [redacted]");
        assert_eq!(format!("{secret:?}"), "[redacted]");
    }
}
