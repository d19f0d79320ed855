//! Values on the command line.

use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use connect_model::{BadId, Quantity, TierAccountId};
use jiff::SignedDuration;
use jiff::civil::Date;

/// `KEY=TEXT`.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) text: String,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, text)) if !key.is_empty() => {
                Ok(Self { key: key.to_owned(), text: text.to_owned() })
            }
            _ => Err("write it as KEY=TEXT".to_owned()),
        }
    }
}

/// `ITEM=QUANTITY`.
#[derive(Clone)]
pub(crate) struct ItemQuantity {
    pub(crate) item: String,
    pub(crate) quantity: Quantity,
}

impl FromStr for ItemQuantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Pair { key: item, text } =
            text.parse().map_err(|_| "write it as ITEM=QUANTITY".to_owned())?;
        let quantity: Quantity = match text.trim() {
            "" => return Err(format!("say how much of {item}: {item}=5")),
            text => text.parse().map_err(|bad| format!("{item}: {bad}"))?,
        };
        Ok(Self { item, quantity })
    }
}

/// `YYYY-MM`, as its first day.
pub(crate) fn month(text: &str) -> Result<Date, String> {
    let day = format!("{text}-01");
    day.parse().map_err(|_| "write it as YYYY-MM".to_owned())
}

/// A tier account: one that the platform knows, or an invented one.
#[derive(Clone)]
pub(crate) enum Account {
    Known(TierAccountId),
    Invented,
}

impl FromStr for Account {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "new" => Ok(Self::Invented),
            id => id.parse().map(Self::Known).map_err(|bad: BadId| format!("{bad}, or `new`")),
        }
    }
}

/// An id of the platform, in its shape. Said aloud on every argument: left alone, clap would take
/// any text.
pub(crate) fn id<T: FromStr<Err = BadId>>(text: &str) -> Result<T, BadId> {
    text.parse()
}

/// One of the platform's words.
pub(crate) fn word<T>(known: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: for<'a> From<&'a str> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(known).map(|word| T::from(word.as_str()))
}

/// A time such as `30s` or `5m`.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    time.ok_or_else(|| "write a time like `30s` or `5m`".to_owned())
}
