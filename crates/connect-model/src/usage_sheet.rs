//! The sheet of a usage file: what is uploaded, as the text that its cells have. How it is written in
//! a spreadsheet is not said here.

/// A sheet with records of usage, and the categories that they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageSheet {
    /// The rows of the tab `records`.
    pub records: Vec<UsageRow>,
    /// The rows of the tab `categories`.
    pub categories: Vec<UsageCategory>,
}

impl From<Vec<UsageRow>> for UsageSheet {
    /// Returns a sheet of records without categories.
    fn from(records: Vec<UsageRow>) -> Self {
        Self { records, categories: Vec::new() }
    }
}

/// A category of records: a row of the tab `categories`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UsageCategory {
    /// The id that records name.
    pub id: String,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The description.
    #[serde(default)]
    pub description: String,
}

/// A record of usage, as a row of a sheet has it: all its cells are text, and what is not said is
/// empty.
///
/// ```
/// use connect_model::UsageRow;
///
/// let row = UsageRow::new("may-1")
///     .item("MPN-C")
///     .asset_parameter("subscription_id", "tenant-1")
///     .quantity("12.5")
///     .between("2024-05-01 00:00:00", "2024-06-01 00:00:00");
/// assert_eq!(&*row.asset_search_criteria, "parameter.subscription_id");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UsageRow {
    /// The vendor's id of the record, unique within the file.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub record_id: Box<str>,
    /// A note.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub record_note: Box<str>,
    /// The field that the item is looked up by: `item.mpn`, `item.id` or `item.local_id`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub item_search_criteria: Box<str>,
    /// The value that the item has in that field.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub item_search_value: Box<str>,
    /// How much was used.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub quantity: Box<str>,
    /// The amount of money, for all schemas but [`UsageSchema::Quantity`](crate::UsageSchema).
    #[serde(skip_serializing_if = "str::is_empty")]
    pub amount: Box<str>,
    /// The beginning of the use, `YYYY-MM-DD HH:MM:SS` in UTC.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub start_time_utc: Box<str>,
    /// Its end.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub end_time_utc: Box<str>,
    /// The field that the asset is looked up by: `asset.id`, or `parameter.` and a parameter's id.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub asset_search_criteria: Box<str>,
    /// The value that the asset has in that field.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub asset_search_value: Box<str>,
    /// The id of the category.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub category_id: Box<str>,
    /// The level of the sale that the amount is for.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub tier: Box<str>,
    /// The name of an item that the product does not have yet.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub item_name: Box<str>,
    /// Its unit.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub item_unit: Box<str>,
    /// Its part number.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub item_mpn: Box<str>,
    /// The number of its decimal places, such as `Decimal(2)`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub item_precision: Box<str>,
    /// The columns of the vendor's own, `v.` and a name, without the `v.`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(Box<str>, Box<str>)>,
}

/// The names of the columns of the tab `records`, in the order in which the platform writes them, each
/// with its place in a row.
macro_rules! columns {
    ($($name:ident)+) => {
        impl UsageRow {
            /// The names of the columns, in the platform's order; the vendor's own come after them.
            pub const COLUMNS: [&'static str; [$(stringify!($name)),+].len()] =
                [$(stringify!($name)),+];

            /// Returns the cells, in the order of [`COLUMNS`](Self::COLUMNS).
            #[must_use]
            pub fn cells(&self) -> [&str; Self::COLUMNS.len()] {
                [$(&self.$name),+]
            }

            /// Returns the cell of a column, to be filled; none when there is no such column.
            pub fn cell_mut(&mut self, column: &str) -> Option<&mut Box<str>> {
                match column {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

columns! {
    record_id record_note item_search_criteria item_search_value quantity start_time_utc end_time_utc
    asset_search_criteria asset_search_value category_id amount tier item_name item_unit item_mpn
    item_precision
}

impl UsageRow {
    /// Returns a record with the vendor's id of it.
    #[must_use]
    pub fn new(record_id: impl Into<Box<str>>) -> Self {
        Self { record_id: record_id.into(), ..Self::default() }
    }

    /// Returns the same for an item, by its part number.
    #[must_use]
    pub fn item(mut self, mpn: impl Into<Box<str>>) -> Self {
        (self.item_search_criteria, self.item_search_value) = ("item.mpn".into(), mpn.into());
        self
    }

    /// Returns the same for the asset with an id.
    #[must_use]
    pub fn asset(mut self, id: impl Into<Box<str>>) -> Self {
        (self.asset_search_criteria, self.asset_search_value) = ("asset.id".into(), id.into());
        self
    }

    /// Returns the same for the asset that has a value in a parameter. The parameter must be one of
    /// those that the product reconciles by.
    #[must_use]
    pub fn asset_parameter(mut self, parameter: &str, value: impl Into<Box<str>>) -> Self {
        self.asset_search_criteria = format!("parameter.{parameter}").into();
        self.asset_search_value = value.into();
        self
    }

    /// Returns the same with a quantity.
    #[must_use]
    pub fn quantity(mut self, quantity: impl Into<Box<str>>) -> Self {
        self.quantity = quantity.into();
        self
    }

    /// Returns the same with an amount of money.
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Box<str>>) -> Self {
        self.amount = amount.into();
        self
    }

    /// Returns the same between two times, `YYYY-MM-DD HH:MM:SS` in UTC.
    #[must_use]
    pub fn between(mut self, start: impl Into<Box<str>>, end: impl Into<Box<str>>) -> Self {
        (self.start_time_utc, self.end_time_utc) = (start.into(), end.into());
        self
    }

    /// Returns the same with a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<Box<str>>) -> Self {
        self.record_note = note.into();
        self
    }
}

/// An error in a cell of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UsageCellError {
    /// The place of the record among the records, from 0.
    pub record: usize,
    /// The name of the column.
    pub column: Box<str>,
    /// The reason why the cell is wrong.
    pub message: Box<str>,
}

/// A row of a sheet that closes records: what the distributor billed them as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillingRow {
    /// The vendor's id of the record.
    pub record_id: Box<str>,
    /// The distributor's id of the bill.
    pub external_billing_id: Box<str>,
    /// A note of the distributor.
    pub external_billing_note: Box<str>,
}
