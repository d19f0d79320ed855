//! The kinds of values that the fields of bodies hold, by name: one of another kind is refused, and
//! never taken for one that was left out.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::refusal_text;

/// What a field holds. All may be `null`.
#[derive(Clone, Copy)]
enum Kind {
    /// A text; numbers and booleans count as text.
    Text,
    /// An object; an empty text counts as none.
    Object,
    /// A list of objects.
    List,
    /// A text in some bodies, an object in others; who reads it knows which.
    TextOrObject,
    /// Anything: JSON of the caller's own, or what has rules of its own where it is read.
    Any,
}

/// What fields of these names hold in the bodies of all commands (OpenAPI 37.0). Of others only the
/// inside matters, if at all.
static KINDS: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| {
    let kinds = [
        (
            Kind::Text,
            "acceptance_note action activation_tile address_line1 address_line2 after \
             area_code asset_external_uid asset_id body city country country_code currency \
             delta description detailed_description display_name effective_date email \
             end_datetime_utc extension external_billing_id external_billing_note external_id \
             external_name external_uid first_name from global_id hint id item_type label \
             last_name local_id mpn name next_date note notes period_delta period_from \
             period_to period_uom phase placeholder planned_date postal_code precision \
             purchase_model quantity reason rejection_note representation rule scope \
             short_description start_datetime_utc state status tax_id template_id text \
             tier_level title to type uom",
        ),
        (
            Kind::Object,
            "account asset billing commitment configuration connection contact \
             contact_info contract customer gravity group item marketplace parameter parent \
             parent_account parent_configuration product renewal template tier1 tier2 tiers \
             ui usage_rule",
        ),
        (Kind::List, "items params"),
        (Kind::TextOrObject, "category period phone_number unit"),
        (
            Kind::Any,
            "attributes capabilities constraints customer_ui_settings data default events \
             external_attributes headers meta provider settings structured_error \
             structured_value translations value value_error vendor",
        ),
    ];
    let named = |(kind, names): (Kind, &'static str)| {
        names.split_whitespace().map(move |name| (name, kind))
    };
    kinds.into_iter().flat_map(named).collect()
});

/// Refuses a body that is no object, and one in which a field, however deep, holds a value of a kind
/// that it never has. Of a list of objects each is looked at.
///
/// # Errors
///
/// `VAL_001` with the path of the first such field.
pub(crate) fn must_hold(body: &Value) -> Result<(), Denial> {
    match body {
        Value::Null => Ok(()),
        Value::Object(_) | Value::Array(_) => must_hold_inside(body, ""),
        other => Err(Denial::not_an_object(other)),
    }
}

fn must_hold_inside(value: &Value, path: &str) -> Result<(), Denial> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let kind = KINDS.get(name.as_str()).copied();
            if let Some(why) = kind.and_then(|kind| kind.refuses(value)) {
                return Err(Denial::invalid(format!("{path}: {why}")));
            }
            match kind {
                Some(Kind::Any) => Ok(()),
                _ => must_hold_inside(value, &path),
            }
        }),
        Value::Array(rows) => rows.iter().try_for_each(|row| must_hold_inside(row, path)),
        _ => Ok(()),
    }
}

impl Kind {
    /// Says why a field of the kind cannot hold a value; nothing when it can.
    fn refuses(self, value: &Value) -> Option<String> {
        let is_text = !matches!(value, Value::Array(_) | Value::Object(_));
        match (self, value) {
            (Self::Any, _) | (_, Value::Null) => None,
            (Self::TextOrObject, Value::Array(_)) => Some(refusal_text::not_an_object(value)),
            (Self::TextOrObject, _) => None,
            (Self::Text, _) => (!is_text).then(|| refusal_text::NOT_A_STRING.to_owned()),
            (Self::Object, _) => body::wrong_object(value),
            (Self::List, Value::Array(rows)) => {
                let wrong = rows.iter().find(|row| !row.is_object());
                wrong.map(refusal_text::not_an_object)
            }
            (Self::List, other) => Some(refusal_text::not_a_list(other)),
        }
    }
}
