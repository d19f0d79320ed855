//! Values that are seldom sent.

use std::collections::HashSet;

use arbitrary::{Result, Unstructured};
use serde_json::{Value, json};

/// Texts that mean something somewhere, or should mean nothing.
const TEXTS: [&str; 36] = [
    "",
    " ",
    "\0",
    "a",
    "0",
    "-1",
    "1.5",
    "1e400",
    "NaN",
    "unlimited",
    "null",
    "true",
    "é\u{301}\u{202e}\u{feff}",
    "😀",
    "../../x?y=z#w",
    "<script>alert(1)</script>",
    "{{ asset.params.subscription_id }}{% if",
    "{{{{{{",
    "a@b",
    "http://[::1]:99999/",
    "2024-02-30T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "-009999-01-01T00:00:00Z",
    "2024-06-30",
    "2024-07-01T00:00:00+23:59",
    "draft",
    "pending",
    "purchase",
    "approved",
    "asset",
    "tier1",
    "tier2",
    "customer",
    "preview",
    "ES",
    "79228162514264337593543950336",
];

/// The ids that calls may name, in the order in which they came to be known.
#[derive(Debug, Default)]
pub(super) struct Ids {
    known: Vec<String>,
    seen: HashSet<String>,
}

impl Ids {
    /// Learns the ids in a value: what objects are called, and what stands in their `id`.
    pub(super) fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|it| self.learn(it)),
            Value::Object(members) => {
                if let Some(Value::String(id)) = members.get("id") {
                    self.add(id);
                }
                members.values().for_each(|it| self.learn(it));
            }
            _ => {}
        }
    }

    fn add(&mut self, id: &str) {
        if self.seen.insert(id.to_owned()) {
            self.known.push(id.to_owned());
        }
    }

    /// Returns the most recent id that begins so; nothing when there is none.
    pub(super) fn latest(&self, start: &str) -> String {
        let mut recent = self.known.iter().rev();
        recent.find(|id| id.starts_with(start)).cloned().unwrap_or_default()
    }

    /// Chooses an id that begins so, mostly a recent one, rarely one of something else or none.
    pub(super) fn choose(&self, input: &mut Unstructured<'_>, start: &str) -> Result<String> {
        let which: u8 = input.arbitrary()?;
        let start = if which == 255 { "" } else { start };
        let fitting = || self.known.iter().rev().filter(|id| id.starts_with(start));
        let count = fitting().count();
        if which == 254 || count == 0 {
            return Ok(format!("{start}1"));
        }
        // Half of all bytes are the most recent.
        let place = usize::from(which.saturating_sub(127)) % count;
        Ok(fitting().nth(place).map_or_else(String::new, |id| escaped(id)))
    }
}

/// Returns an id as it stands in a path: some are what somebody sent.
fn escaped(id: &str) -> String {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let bytes = id.bytes().take(64);
    bytes.map(|it| if stays(it) { char::from(it).into() } else { format!("%{it:02X}") }).collect()
}

/// Chooses one of several.
pub(super) fn pick<'t, T>(input: &mut Unstructured<'_>, from: &'t [T]) -> Result<&'t T> {
    let which: u8 = input.arbitrary()?;
    from.get(usize::from(which) % from.len().max(1)).ok_or(arbitrary::Error::EmptyChoose)
}

/// Chooses a text.
pub(super) fn text(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(match input.arbitrary::<u8>()? {
        0..192 => (*pick(input, &TEXTS)?).to_owned(),
        192..200 => "x".repeat(input.arbitrary::<u16>()?.into()),
        _ => {
            let length = usize::from(input.arbitrary::<u8>()? % 48).min(input.len());
            String::from_utf8_lossy(input.bytes(length)?).into_owned()
        }
    })
}

/// Chooses a value.
pub(super) fn value(input: &mut Unstructured<'_>, ids: &Ids) -> Result<Value> {
    Ok(match input.arbitrary::<u8>()? % 24 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!(0),
        4 => json!(-1),
        5 => json!(input.arbitrary::<i64>()?),
        6 => json!(u64::MAX),
        7 => json!(input.arbitrary::<f64>()?),
        8 => json!(1e308),
        9 => json!([]),
        10 => json!({}),
        11 => json!([null]),
        12 => json!([[]]),
        13 => json!({"id": null}),
        14 => json!([{}, {}]),
        15 => json!({"id": ids.choose(input, "")?}),
        16 => json!(ids.choose(input, "")?),
        17 => (0..70).fold(json!(1), |inner, _| json!([inner])),
        _ => json!(text(input)?),
    })
}
