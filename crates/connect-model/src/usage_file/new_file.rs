//! The bodies that create usage files, and change them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::id::{ContractId, ProductId};
use crate::usage_file::UsagePeriod;

/// The body of `POST /usage/files`: a draft, to which a sheet is uploaded next.
///
/// ```
/// use connect_model::{ContractId, NewUsageFile, ProductId, UsagePeriod};
///
/// let product: ProductId = "PRD-418-220-915".parse()?;
/// let contract: ContractId = "CRD-41207-55310-88642".parse()?;
/// let may = UsagePeriod { from: "2024-05-01".to_owned(), to: "2024-05-31".to_owned() };
/// let body = NewUsageFile::new("Nimbus May 2024", &product, &contract, may)
///     .external_id("nmb-2024-05")
///     .currency("EUR");
/// assert_eq!(
///     serde_json::to_value(body).unwrap(),
///     serde_json::json!({
///         "name": "Nimbus May 2024", "description": "", "external_id": "nmb-2024-05",
///         "currency": "EUR", "product": {"id": product}, "contract": {"id": contract},
///         "period": {"from": "2024-05-01", "to": "2024-05-31"},
///     })
/// );
/// # Ok::<(), connect_model::BadId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewUsageFile {
    name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    product: Value,
    contract: Value,
    period: UsagePeriod,
}

impl NewUsageFile {
    /// Returns a file with a name, for a product under a contract and the days of a period.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        product: &ProductId,
        contract: &ContractId,
        period: UsagePeriod,
    ) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            external_id: None,
            currency: None,
            product: json!({"id": product}),
            contract: json!({"id": contract}),
            period,
        }
    }

    /// Returns the same with the vendor's own id, by which it finds the file again.
    #[must_use]
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// Returns the same with a description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Returns the same with the currency of the amounts; otherwise the marketplace's.
    #[must_use]
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = Some(currency.into());
        self
    }
}

/// The body of `PUT /usage/files/{id}`; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UsageFileUpdate {
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The vendor's own note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The vendor's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The currency of the amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The days that are reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<UsagePeriod>,
}
