//! `/marketplaces`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, elements, numbers, schema, searched, shown, texts, times};

/// Currencies by ISO 4217, as the platform has them (OpenAPI 37.0).
#[rustfmt::skip]
const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
    "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW",
    "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA",
    "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG",
    "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XCD", "XDR",
    "XOF", "XPD", "XPF", "XPT", "XSU", "XTS", "XUA", "XXX", "YER", "ZAR", "ZMW", "ZWL",
];

/// The marketplaces where products are sold.
pub(crate) struct Marketplaces;

impl Shown for Marketplaces {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &MARKETPLACES
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let parties = &state.shared.parties;
        let all = parties.marketplaces.iter();
        Ok(shown(all.filter(|it| parties.may_see_marketplace(&token.account, it))))
    }
}

static MARKETPLACES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let fields = schema([
        searched(texts!["id" "name" "owner.id" "owner.name"]),
        searched(choices![
            "currency": CURRENCIES,
            "alt_currency_1": CURRENCIES,
            "alt_currency_2": CURRENCIES,
        ]),
        texts!["description"],
        numbers!["stats.contracts" "stats.hubs"],
        times!["events.created.at" "events.updated.at"],
    ]);
    fields
        .list("agreements", Schema::new(texts!["id"]), |row| elements(row, "agreements"))
        .list("countries", Schema::new(texts!["id"]), |row| elements(row, "countries"))
        .list("locales", Schema::new(texts!["id" "name"]), |row| elements(row, "locales"))
        .list("hubs", hub(), |row| elements(row, "hubs"))
});

/// Returns the filters of a hub that sells on the marketplace.
fn hub() -> Schema<Value> {
    Schema::new([
        Field::text("id", |row: &Value| body::text(row, "hub.id").into()).nullable(),
        Field::text("name", |row: &Value| body::text(row, "hub.name").into()),
    ])
}
