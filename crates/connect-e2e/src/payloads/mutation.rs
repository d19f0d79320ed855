//! Alters a body.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// The share of bodies that are altered as JSON, in percent; the others are altered as bytes.
const AS_JSON: u32 = 75;

/// Returns the body with one to three alterations.
pub(super) fn mutate(body: &[u8], rng: &mut Rng) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) if rng.u32(..100) < AS_JSON => {
            mutate_json(&mut value, rng);
            value.to_string().into_bytes()
        }
        _ => bytes(body.to_vec(), rng),
    }
}

/// Makes one to three alterations.
pub(super) fn mutate_json(value: &mut Value, rng: &mut Rng) {
    for _ in 0..rng.usize(1..=3) {
        let at = rng.usize(..count(value));
        if let Some(place) = place(value, at) {
            alter(place, rng);
        }
    }
}

/// Counts a value and all within it.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Returns the value at a place, counted as [`count`] does.
fn place(value: &mut Value, at: usize) -> Option<&mut Value> {
    if at == 0 {
        return Some(value);
    }
    let within: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(fields) => Box::new(fields.values_mut()),
        _ => return None,
    };
    let mut left = at - 1;
    for child in within {
        let size = count(child);
        if left < size {
            return place(child, left);
        }
        left -= size;
    }
    None
}

fn alter(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(fields) if rng.bool() => alter_fields(fields, rng),
        Value::Array(items) if !items.is_empty() && rng.bool() => {
            let at = rng.usize(..items.len());
            if rng.bool() {
                items.remove(at);
            } else {
                items.insert(at, items[at].clone());
            }
        }
        Value::String(text) if rng.bool() => match rng.u32(..3) {
            0 => drop(text.pop()),
            1 => text.push('\u{202e}'),
            _ => *text = text.to_uppercase(),
        },
        other => *other = stranger(rng),
    }
}

fn alter_fields(fields: &mut Map<String, Value>, rng: &mut Rng) {
    let keys: Vec<String> = fields.keys().cloned().collect();
    let Some(key) = rng.choice(keys) else { return };
    if let Some(value) = fields.remove(&key)
        && rng.bool()
    {
        fields.insert(format!("{key}x"), value);
    }
}

/// A value that nobody expects.
fn stranger(rng: &mut Rng) -> Value {
    match rng.u32(..13) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(1e308),
        5 => json!(u64::MAX),
        6 => json!(""),
        7 => json!("ä\u{0}\n"),
        8 => json!("x".repeat(10_000)),
        9 => json!([]),
        10 => json!({}),
        11 => json!([null, {"id": null}]),
        _ => (0..100).fold(json!([]), |inner, _| json!([inner])),
    }
}

fn bytes(mut body: Vec<u8>, rng: &mut Rng) -> Vec<u8> {
    if body.is_empty() {
        return vec![rng.u8(..)];
    }
    let at = rng.usize(..body.len());
    match rng.u32(..3) {
        0 => body.truncate(at),
        1 => body[at] = rng.u8(..),
        _ => body.insert(at, rng.u8(..)),
    }
    body
}
