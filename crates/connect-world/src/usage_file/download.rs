//! The sheets that can be downloaded, by links that are made and read here.

use connect_model::{BillingRow, ProductId, UsageCellError, UsageSheet};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::state::State;
use crate::usage_file::create::schema;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_file::sheet::{records, sheet_of};

/// The path of all links, below the address of the platform.
pub const DOWNLOAD_PATH: &str = "/download/usage";

/// A sheet to be downloaded.
#[derive(Clone, Debug, PartialEq)]
pub enum Download {
    /// A sheet with records.
    Records {
        /// The records and categories.
        sheet: UsageSheet,
        /// The attributes of the report, names and values; none of a sheet as it was uploaded.
        general: Vec<(&'static str, String)>,
        /// The errors, in the order of the records.
        errors: Vec<UsageCellError>,
    },
    /// The closed records of a file.
    Bills(Vec<BillingRow>),
}

/// The sheets that a file has, by the ends of their links.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    Uploaded,
    Processed,
    Bills,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Uploaded => "usage_file.xlsx",
            Self::Processed => "processed_file.xlsx",
            Self::Bills => "reconciliation_file.xlsx",
        }
    }
}

const TEMPLATE: &str = "template.xlsx";

/// Returns the link to a sheet of a file that has any.
pub(crate) fn link(state: &State, file: &UsageFileRecord, part: Part) -> Option<String> {
    let code = file.code.as_ref()?;
    let (base, name) = (&state.setting.base_url, part.as_str());
    Some(format!("{base}{DOWNLOAD_PATH}/files/{}/{name}?code={code}", file.id))
}

/// Returns the link to the empty sheet of a product that the caller sees.
pub(crate) fn template_link(state: &State, who: &Actor, id: &ProductId) -> Result<String, Denial> {
    schema(state.shared.visible_product(who, id)?)?;
    Ok(format!("{}{DOWNLOAD_PATH}/products/{id}/{TEMPLATE}", state.setting.base_url))
}

/// Returns what is behind a link: its path below [`DOWNLOAD_PATH`], and its code.
pub(crate) fn download(state: &State, path: &str, code: Option<&str>) -> Result<Download, Denial> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match segments.as_slice() {
        ["products", product, TEMPLATE] => template(state, product),
        ["files", file, name] => {
            let file = state.usage_files.get(file).filter(|it| it.code.is_some());
            let file = file.filter(|file| file.code.as_deref() == code);
            let part = [Part::Uploaded, Part::Processed, Part::Bills];
            let part = part.into_iter().find(|part| part.as_str() == *name);
            let (file, part) = file.zip(part).ok_or_else(Denial::not_found)?;
            Ok(sheet(state, file, part))
        }
        _ => Err(Denial::not_found()),
    }
}

fn template(state: &State, product: &str) -> Result<Download, Denial> {
    let product = state.shared.product(product).ok_or_else(Denial::not_found)?;
    let general = vec![
        ("usage_schema", schema(product)?.as_str().to_ascii_uppercase()),
        ("product_id", product.id().to_string()),
        ("product_name", product.product.name.clone()),
    ];
    Ok(Download::Records { sheet: UsageSheet::default(), general, errors: Vec::new() })
}

fn sheet(state: &State, file: &UsageFileRecord, part: Part) -> Download {
    let sheet = || sheet_of(state, file);
    match part {
        Part::Uploaded => {
            Download::Records { sheet: sheet(), general: Vec::new(), errors: Vec::new() }
        }
        Part::Processed => Download::Records {
            sheet: sheet(),
            general: general(state, file),
            errors: file.errors.clone(),
        },
        Part::Bills => Download::Bills(bills_of(state, file)),
    }
}

/// Returns the closed records of a file, with what closed them.
pub(crate) fn bills_of(state: &State, file: &UsageFileRecord) -> Vec<BillingRow> {
    let closed = records(state, file).filter_map(|record| {
        let closing = record.closing.as_ref()?;
        Some(BillingRow {
            record_id: record.row.record_id.clone(),
            external_billing_id: closing.billing_id.clone(),
            external_billing_note: closing.billing_note.clone(),
        })
    });
    closed.collect()
}

/// Returns the attributes of a report, by the names that the platform gives them.
pub(crate) fn general(state: &State, file: &UsageFileRecord) -> Vec<(&'static str, String)> {
    let parties = &state.shared.parties;
    let product = state.shared.product(file.product.as_str());
    let marketplace = parties.marketplace(file.marketplace.as_str());
    let name = |id: &connect_model::AccountId| parties.account_ref(id).name.unwrap_or_default();
    let provider = file.provider.as_ref();
    vec![
        ("report_name", file.texts.name.as_deref().unwrap_or_default().to_owned()),
        // The note is the vendor's own, and the distributor reads the workbook, too.
        ("report_note", String::new()),
        ("report_id", file.id.to_string()),
        ("report_start_time_utc", format!("{} 00:00:00", file.texts.period.from)),
        ("report_end_time_utc", format!("{} 23:59:59", file.texts.period.to)),
        ("usage_schema", file.schema.as_str().to_ascii_uppercase()),
        ("currency", file.texts.currency.as_deref().unwrap_or_default().to_owned()),
        ("product_id", file.product.to_string()),
        ("product_name", product.map(|it| it.product.name.clone()).unwrap_or_default()),
        ("marketplace_id", file.marketplace.to_string()),
        ("marketplace_name", marketplace.map(|it| it.name.clone()).unwrap_or_default()),
        ("vendor_account_id", file.vendor.to_string()),
        ("vendor_account_name", name(&file.vendor)),
        ("distributor_account_id", provider.map(ToString::to_string).unwrap_or_default()),
        ("distributor_account_name", provider.map(name).unwrap_or_default()),
        ("distribution_contract_id", file.contract.to_string()),
    ]
}
