//! What a call brings.

use arbitrary::{Result, Unstructured};
use connect_model::{BillingRow, UsageCategory, UsageRow, UsageSheet};
use serde_json::Value;

use super::routes::{Route, Routes};
use super::value::{Ids, pick, text, value};

/// A body and its media type.
pub(super) struct Payload {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl Payload {
    pub(super) fn nothing() -> Self {
        Self { kind: JSON, bytes: Vec::new() }
    }

    pub(super) fn json(body: &Value) -> Self {
        Self { kind: JSON, bytes: body.to_string().into_bytes() }
    }
}

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data; boundary=b";

/// Chooses a body for a route.
pub(super) fn choose(input: &mut Unstructured<'_>, route: &Route, ids: &Ids) -> Result<Payload> {
    let sheet = ["/upload", "/reconciliation"].iter().find(|end| route.path.ends_with(**end));
    let choice: u8 = input.arbitrary()?;
    match (choice, sheet) {
        (0..8, _) => {
            let length = usize::from(input.arbitrary::<u8>()?).min(input.len());
            Ok(Payload { kind: JSON, bytes: input.bytes(length)?.to_vec() })
        }
        (_, Some(&"/upload")) => Ok(form("usage_file", &records(input, ids)?)),
        (_, Some(_)) => Ok(form("recon_file", &bills(input, ids)?)),
        (_, None) if route.samples.is_empty() => Ok(Payload::nothing()),
        (_, None) => {
            let mut body = pick(input, &route.samples)?.clone();
            fill(input, &mut body, ids)?;
            for _ in 0..choice.saturating_sub(128) / 32 {
                change(input, &mut body, ids)?;
            }
            Ok(Payload::json(&body))
        }
    }
}

/// Puts ids where a sample has how they begin, in braces.
fn fill(input: &mut Unstructured<'_>, body: &mut Value, ids: &Ids) -> Result<()> {
    match body {
        Value::Array(elements) => elements.iter_mut().try_for_each(|it| fill(input, it, ids)),
        Value::Object(members) => members.values_mut().try_for_each(|it| fill(input, it, ids)),
        Value::String(text) => {
            let start = text.strip_prefix('{').and_then(|it| it.strip_suffix("-}"));
            if let Some(start) = start {
                *text = ids.choose(input, &format!("{start}-"))?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Changes a body in one place.
fn change(input: &mut Unstructured<'_>, body: &mut Value, ids: &Ids) -> Result<()> {
    let mut which = usize::from(input.arbitrary::<u8>()?) % count(body);
    let Some(place) = nth(body, &mut which) else { return Ok(()) };
    let how = input.arbitrary::<u8>()? % 4;
    match (how, place) {
        (0, Value::Object(members)) => {
            let name = pick(input, &Routes::get().fields)?;
            members.insert(name.clone(), value(input, ids)?);
        }
        (1, Value::Object(members)) if !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            members.shift_remove(pick(input, &names)?);
        }
        (2, Value::Array(elements)) if !elements.is_empty() => {
            let again = pick(input, elements)?.clone();
            elements.push(again);
        }
        (_, place) => *place = value(input, ids)?,
    }
    Ok(())
}

/// Returns how many values there are in one, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Returns the value that comes after so many others.
fn nth<'v>(value: &'v mut Value, others: &mut usize) -> Option<&'v mut Value> {
    if *others == 0 {
        return Some(value);
    }
    *others -= 1;
    match value {
        Value::Array(elements) => elements.iter_mut().find_map(|it| nth(it, others)),
        Value::Object(members) => members.values_mut().find_map(|it| nth(it, others)),
        _ => None,
    }
}

/// Returns a form with a workbook in a field.
pub(super) fn form(field: &str, workbook: &[u8]) -> Payload {
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n");
    let bytes = [head.as_bytes(), workbook, b"\r\n--b--\r\n"].concat();
    Payload { kind: FORM, bytes }
}

/// Chooses the workbook of a usage file.
fn records(input: &mut Unstructured<'_>, ids: &Ids) -> Result<Vec<u8>> {
    let mut sheet = UsageSheet::default();
    for line in 0..input.arbitrary::<u8>()? % 4 {
        let mut row = UsageRow::new(format!("r{line}"))
            .item(*pick(input, &["MPN-HOURS", "MPN-A"])?)
            .asset(ids.choose(input, "AS-")?)
            .quantity("12.5")
            .between("2024-05-01 00:00:00", "2024-06-01 00:00:00");
        for _ in 0..input.arbitrary::<u8>()?.saturating_sub(128) / 32 {
            let text = text(input)?;
            match row.cell_mut(pick(input, &UsageRow::COLUMNS)?) {
                Some(cell) => *cell = text.into(),
                None => row.params.push(("own".into(), text.into())),
            }
        }
        sheet.records.push(row);
    }
    if input.arbitrary()? {
        let (id, name) = (text(input)?, text(input)?);
        sheet.categories.push(UsageCategory { id, name, ..UsageCategory::default() });
    }
    Ok(usage_sheet::write(&sheet).unwrap_or_default())
}

/// Chooses the workbook that closes records.
fn bills(input: &mut Unstructured<'_>, ids: &Ids) -> Result<Vec<u8>> {
    let mut rows = Vec::new();
    for line in 0..input.arbitrary::<u8>()? % 4 {
        let record_id = match input.arbitrary()? {
            true => format!("r{line}"),
            false => ids.choose(input, "UFR-")?,
        };
        let (external_billing_id, external_billing_note) =
            (text(input)?.into(), text(input)?.into());
        let record_id = record_id.into();
        rows.push(BillingRow { record_id, external_billing_id, external_billing_note });
    }
    Ok(usage_sheet::write_bills(&rows).unwrap_or_default())
}
