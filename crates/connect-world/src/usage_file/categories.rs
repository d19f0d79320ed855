//! The categories of a sheet, which its records name by their ids.

use std::collections::HashSet;

use connect_model::UsageCategory;

use crate::denial::Denial;
use crate::refusal_text;

/// The most characters of a cell (OpenAPI 37.0).
const LONGEST_TEXT: usize = 255;

/// Refuses categories without an id, with that of another, or with a text that is too long.
pub(crate) fn must_be_sound(categories: &[UsageCategory]) -> Result<(), Denial> {
    let mut ids = HashSet::new();
    for (row, category) in (1..).zip(categories) {
        let wrong = |column: &str, why: String| {
            let text = format!("usage_file: Tab categories, category {row}: {column}: {why}");
            Err(Denial::invalid(text))
        };
        if category.id.is_empty() {
            return wrong("category_id", refusal_text::REQUIRED.to_owned());
        }
        if !ids.insert(&*category.id) {
            let why = format!("{} is the id of an earlier category.", category.id);
            return wrong("category_id", why);
        }
        for (column, text) in [
            ("category_id", &*category.id),
            ("category_name", &*category.name),
            ("category_description", &*category.description),
        ] {
            if text.chars().count() > LONGEST_TEXT {
                return wrong(column, refusal_text::too_long(LONGEST_TEXT));
            }
        }
    }
    Ok(())
}
