//! The place in a JSON text of a value of another kind than expected.

use std::collections::HashMap;

use serde_json::value::RawValue;

/// Finds the field that could not be read, such as `asset.params[2].value`, by the line and column
/// of the error; the empty path is the whole text, or one that is no JSON up to there.
///
/// The error costs nothing until something fails, where a deserializer that keeps track of
/// its path is a second copy of the code of every type that is read.
///
/// ```
/// let json = r#"{"id": "PR-1", "items": [{"quantity": "3"}, {"quantity": []}]}"#;
/// # #[derive(serde::Deserialize)] struct Item { #[serde(rename = "quantity")] _quantity: String }
/// # #[derive(serde::Deserialize)] struct Request { #[serde(rename = "items")] _items: Vec<Item> }
/// let error = serde_json::from_str::<Request>(json).err().unwrap();
/// assert_eq!(connect_client::failing_path(json.as_bytes(), &error), "items[1].quantity");
/// ```
#[must_use]
pub fn failing_path(json: &[u8], error: &serde_json::Error) -> String {
    let mut path = String::new();
    let (mut whole, Some(at)) = (json, offset(json, error)) else { return path };
    let at = json.as_ptr().addr() + at;
    while let Some((step, part)) = part_at(whole, at) {
        path.push_str(&step);
        whole = part;
    }
    path.strip_prefix('.').map(str::to_owned).unwrap_or(path)
}

/// Returns the number of bytes that had been read when the error came up.
fn offset(json: &[u8], error: &serde_json::Error) -> Option<usize> {
    let mut lines = json.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.by_ref().take(error.line().checked_sub(1)?).map(<[u8]>::len).sum();
    Some(before + error.column())
}

/// Returns the part of an object or array that the reader stood at: within it, at its end, or
/// before one that it did not enter. Between two parts is always a separator, so there is never
/// more than one.
fn part_at(whole: &[u8], at: usize) -> Option<(String, &[u8])> {
    let parts: Vec<(String, &RawValue)> = match whole.trim_ascii_start().first()? {
        b'{' => {
            let fields: HashMap<String, &RawValue> = serde_json::from_slice(whole).ok()?;
            fields.into_iter().map(|(name, part)| (format!(".{name}"), part)).collect()
        }
        b'[' => {
            let rows: Vec<&RawValue> = serde_json::from_slice(whole).ok()?;
            rows.into_iter().enumerate().map(|(row, part)| (format!("[{row}]"), part)).collect()
        }
        _ => return None,
    };
    let mut parts = parts.into_iter().map(|(step, part)| (step, part.get().as_bytes()));
    parts.find(|(_, part)| {
        let range = part.as_ptr_range();
        // A reader only stops before an array or object; before another value it refused the whole.
        let first =
            range.start.addr() + usize::from(!part.starts_with(b"[") && !part.starts_with(b"{"));
        (first..=range.end.addr()).contains(&at)
    })
}

#[cfg(test)]
mod tests {
    use connect_model::AssetRequest;
    use serde_json::{Value, json};

    use super::*;

    /// Returns the place where reading a request fails that has `odd` at a place.
    fn place(at: &str, odd: &Value, pretty: bool) -> String {
        let item = json!({"id": "1", "quantity": "1", "params": []});
        let mut request = json!({
            "id": "PR-1", "type": "purchase", "status": "pending", "zeta": [[0, {}], "ü"],
            "asset": {
                "id": "AS-1", "external_id": "x", "items": [item, item],
                "tiers": {"customer": {"id": "TA-1", "name": "C"}},
                "events": {"created": {"at": "2026-01-01T00:00:00+00:00"}},
            },
        });
        *request.pointer_mut(at).expect(at) = odd.clone();
        let json = if pretty { format!("\n{request:#}") } else { request.to_string() };
        let error = serde_json::from_str::<AssetRequest>(&json).expect_err(at);
        failing_path(json.as_bytes(), &error)
    }

    #[test]
    fn an_odd_value_is_found_wherever_it_stands() {
        let values = [json!(["a", 1]), json!([]), json!({"a": {"b": [1]}})];
        let lists = [json!(7), json!("x"), json!({"a": {"b": [1]}})];
        let objects = [json!(7), json!("x")];
        for (at, expected, odd) in [
            ("/id", "id", values.as_slice()),
            ("/type", "type", &values),
            ("/asset", "asset", &objects),
            ("/asset/external_id", "asset.external_id", &values),
            ("/asset/items", "asset.items", &lists),
            ("/asset/items/1", "asset.items[1]", &objects),
            ("/asset/items/1/quantity", "asset.items[1].quantity", &values),
            ("/asset/items/0/params", "asset.items[0].params", &lists),
            ("/asset/tiers/customer", "asset.tiers.customer", &objects),
            ("/asset/tiers/customer/name", "asset.tiers.customer.name", &values),
            ("/asset/events/created/at", "asset.events.created.at", &[json!("never"), json!([])]),
            ("/asset/items/0/quantity", "asset.items[0].quantity", &[json!("many"), json!(true)]),
        ] {
            for odd in odd {
                assert_eq!(place(at, odd, false), expected, "{odd}");
                assert_eq!(place(at, odd, true), expected, "{odd}");
            }
        }
    }

    #[test]
    fn what_lacks_a_field_is_the_place_of_the_fault() {
        assert_eq!(place("/asset/items/1", &json!({"mpn": "M"}), false), "asset.items[1]");
        assert_eq!(place("/asset", &json!({"items": []}), true), "asset");
    }

    #[test]
    fn a_text_that_is_no_object_has_no_path() {
        for json in ["7", "[", "", "{\"id\": }"] {
            let error = serde_json::from_str::<AssetRequest>(json).unwrap_err();
            assert_eq!(failing_path(json.as_bytes(), &error), "", "{json}");
        }
    }
}
