//! Checking the rows of a sheet. A row is right or wrong by itself, but for the ids that must differ;
//! all that is wrong with it is said.

use std::collections::HashSet;
use std::str::FromStr;

use connect_model::{
    Capability, DateTime, Precision, UsageCellError, UsageRecordStatus, UsageRow, UsageSchema,
    UsageSheet,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

use crate::product::record::ProductRecord;
use crate::refusal_text;
use crate::state::State;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_record::lookup::{Assets, ItemFound, Items};
use crate::usage_record::record::UsageRecord;

/// The most errors that are kept of a file: who mends as many uploads it again.
const MOST_ERRORS: usize = 1_000;
/// The most characters of a cell. The platform's documents say it of some columns.
const LONGEST_TEXT: usize = 255;
/// The largest number, up or down (OpenAPI 37.0).
const LARGEST: Decimal = Decimal::from_parts(0x6FC1_0000, 0x0023_86F2, 0, false, 0);
/// The largest number of a tier (OpenAPI 37.0).
const LARGEST_TIER: u32 = i32::MAX as u32;

/// The rows of a sheet as records, and the errors of the wrong ones.
pub(crate) struct Checked {
    pub(crate) records: Vec<UsageRecord>,
    pub(crate) errors: Vec<UsageCellError>,
    pub(crate) invalid: usize,
}

/// Checks the rows of a sheet for a file.
pub(crate) fn check(
    state: &State,
    file: &UsageFileRecord,
    product: &ProductRecord,
    sheet: UsageSheet,
) -> Checked {
    let mut checker = Checker::new(state, file, product, &sheet);
    let mut checked = Checked { records: Vec::new(), errors: Vec::new(), invalid: 0 };
    checked.records.reserve(sheet.records.len());
    for (place, mut row) in sheet.records.into_iter().enumerate() {
        if file.schema == UsageSchema::Quantity {
            // It is ignored, whatever it is.
            row.amount = "".into();
        }
        let mut cells = Cells { place, errors: Vec::new() };
        let (item, asset) = checker.row(&row, &mut cells);
        let status = match cells.errors.is_empty() {
            true => UsageRecordStatus::Valid,
            false => UsageRecordStatus::Invalid,
        };
        checked.invalid += usize::from(status == UsageRecordStatus::Invalid);
        let room = MOST_ERRORS.saturating_sub(checked.errors.len());
        checked.errors.extend(cells.errors.into_iter().take(room));
        checked.records.push(UsageRecord { row, status, item, asset, closing: None });
    }
    checked
}

struct Checker<'w> {
    product: &'w ProductRecord,
    schema: &'w UsageSchema,
    items: Items<'w>,
    assets: Assets<'w>,
    ids: HashSet<Box<str>>,
    categories: HashSet<Box<str>>,
    period: Option<(Timestamp, Timestamp)>,
}

/// The errors of the cells of one row.
struct Cells {
    place: usize,
    errors: Vec<UsageCellError>,
}

impl Cells {
    fn wrong(&mut self, column: &str, message: impl Into<Box<str>>) {
        self.errors.push(UsageCellError {
            record: self.place,
            column: column.into(),
            message: message.into(),
        });
    }

    /// Notes what is wrong with a cell, and returns what is right.
    fn read<T>(&mut self, column: &str, read: Result<T, impl Into<Box<str>>>) -> Option<T> {
        read.map_err(|message| self.wrong(column, message)).ok()
    }
}

type Found = (Option<connect_model::ItemId>, Option<connect_model::AssetId>);

impl<'w> Checker<'w> {
    fn new(
        state: &'w State,
        file: &'w UsageFileRecord,
        product: &'w ProductRecord,
        sheet: &UsageSheet,
    ) -> Self {
        let takes_reservations = product.is_on(Capability::ReservationConsumption);
        Self {
            product,
            schema: &file.schema,
            items: Items::new(product, takes_reservations),
            assets: Assets::new(state, file, product),
            ids: HashSet::with_capacity(sheet.records.len()),
            categories: sheet
                .categories
                .iter()
                .map(|category| category.id.as_str().into())
                .collect(),
            period: period(file),
        }
    }

    fn row(&mut self, row: &UsageRow, cells: &mut Cells) -> Found {
        self.id(row, cells);
        let found = self.item(row, cells);
        self.quantity(row, found.as_ref(), cells);
        self.amount(row, cells);
        self.times(row, cells);
        let asset = (&*row.asset_search_criteria, &*row.asset_search_value);
        let asset = match filled(
            [("asset_search_criteria", asset.0), ("asset_search_value", asset.1)],
            cells,
        ) {
            true => cells.read("asset_search_value", self.assets.find(asset.0, asset.1)),
            false => None,
        };
        self.texts(row, cells);
        (found.map(|found| found.id.clone()), asset.cloned())
    }

    fn id(&mut self, row: &UsageRow, cells: &mut Cells) {
        if filled([("record_id", &*row.record_id)], cells)
            && !self.ids.insert(row.record_id.clone())
        {
            cells.wrong("record_id", format!("{} is the id of an earlier record.", row.record_id));
        }
    }

    fn item(&mut self, row: &UsageRow, cells: &mut Cells) -> Option<ItemFound<'w>> {
        let (criterion, value) = (&*row.item_search_criteria, &*row.item_search_value);
        let given = [("item_search_criteria", criterion), ("item_search_value", value)];
        if !filled(given, cells) {
            return None;
        }
        match cells.read("item_search_criteria", self.items.find(criterion, value))? {
            Some(item) if item.is_reported => Some(item),
            Some(_) => {
                cells.wrong("item_search_value", "Usage of the item is not reported.");
                None
            }
            None if self.product.is_on(Capability::UsageDynamic) => {
                let new = [("item_name", &*row.item_name), ("item_unit", &*row.item_unit)];
                filled(new, cells);
                let precision = &*row.item_precision;
                if !precision.is_empty() && !is_precision(precision) {
                    cells.wrong("item_precision", refusal_text::not_a_choice(precision));
                }
                None
            }
            None => {
                let text = format!("USG_011: The product has no item with {criterion} {value}.");
                cells.wrong("item_search_value", text);
                None
            }
        }
    }

    /// Checks the quantity by the precision of its item, or of the one that the row describes.
    fn quantity(&self, row: &UsageRow, item: Option<&ItemFound<'_>>, cells: &mut Cells) {
        if !filled([("quantity", &*row.quantity)], cells) {
            return;
        }
        let described = Precision::from(&*row.item_precision);
        let places = item.map_or(&described, |item| item.precision).places();
        let Some(quantity) = cells.read("quantity", number(&row.quantity)) else { return };
        if quantity < Decimal::ZERO {
            cells.wrong("quantity", "A quantity is not below 0.");
        } else if places.is_some_and(|places| quantity.normalize().scale() > places) {
            let places = places.unwrap_or_default();
            cells.wrong("quantity", format!("The item has {places} decimal places."));
        }
    }

    fn amount(&self, row: &UsageRow, cells: &mut Cells) {
        match (&*row.amount, self.schema) {
            (_, UsageSchema::Quantity) => {}
            ("", _) => cells.wrong("amount", refusal_text::REQUIRED),
            (amount, _) => drop(cells.read("amount", number(amount))),
        }
    }

    fn times(&self, row: &UsageRow, cells: &mut Cells) {
        let (start, end) = (&*row.start_time_utc, &*row.end_time_utc);
        if !filled([("start_time_utc", start), ("end_time_utc", end)], cells) {
            return;
        }
        let start = cells.read("start_time_utc", time(start));
        let end = cells.read("end_time_utc", time(end));
        let (Some(start), Some(end)) = (start, end) else { return };
        if end <= start {
            cells.wrong("end_time_utc", "The use ends before it begins.");
        }
        let Some((first, last)) = self.period else { return };
        if start < first && !self.product.is_on(Capability::UsageLate) {
            cells.wrong("start_time_utc", "The use begins before the period of the file.");
        }
        if end > last && !self.product.is_on(Capability::UsageFuture) {
            cells.wrong("end_time_utc", "The use ends after the period of the file.");
        }
    }

    fn texts(&self, row: &UsageRow, cells: &mut Cells) {
        for (column, text) in UsageRow::COLUMNS.into_iter().zip(row.cells()) {
            if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT {
                cells.wrong(column, refusal_text::too_long(LONGEST_TEXT));
            }
        }
        if !row.category_id.is_empty() && !self.categories.contains(&row.category_id) {
            let text = format!("The tab categories has no category {}.", row.category_id);
            cells.wrong("category_id", text);
        }
        let tier = row.tier.parse().ok().filter(|tier: &u32| *tier <= LARGEST_TIER);
        if !row.tier.is_empty() && tier.is_none() {
            cells.wrong("tier", "A tier is a whole number from 0.");
        }
        for name in self.product.product.capabilities.required_usage_columns() {
            let value = row.params.iter().find(|(held, _)| **held == *name);
            if value.is_none_or(|(_, value)| value.is_empty()) {
                cells.wrong(&format!("v.{name}"), refusal_text::REQUIRED);
            }
        }
    }
}

/// Whether items can have a precision. Its capitals do not matter.
fn is_precision(word: &str) -> bool {
    Precision::KNOWN.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether all of these cells have a text.
fn filled<const N: usize>(given: [(&str, &str); N], cells: &mut Cells) -> bool {
    let absent = given.into_iter().filter(|(_, text)| text.is_empty());
    let before = cells.errors.len();
    absent.for_each(|(column, _)| cells.wrong(column, refusal_text::REQUIRED));
    cells.errors.len() == before
}

/// Returns a number within the platform's limits.
pub(crate) fn number(text: &str) -> Result<Decimal, &'static str> {
    // Decimals could be read with underscores, too.
    let number = Decimal::from_str(text).ok().filter(|_| !text.contains('_'));
    number.filter(|it| it.abs() <= LARGEST).ok_or("A valid number is required.")
}

/// Returns an instant. A bare day is none: it does not say which end of the day is meant.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    const DAY: usize = "2024-07-01".len();
    let at = DateTime::from_str(text).ok().filter(|_| text.len() > DAY);
    let wanted = "Use YYYY-MM-DD HH:MM:SS.";
    at.map(DateTime::timestamp).ok_or_else(|| format!("Datetime has wrong format. {wanted}"))
}

/// Returns the beginning of a file's first day, and the end of its last.
fn period(file: &UsageFileRecord) -> Option<(Timestamp, Timestamp)> {
    let begin = |day: Date| Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    let first: Date = file.texts.period.from.parse().ok()?;
    let last: Date = file.texts.period.to.parse().ok()?;
    Some((begin(first)?, begin(last.checked_add(1.day()).ok()?)?))
}
