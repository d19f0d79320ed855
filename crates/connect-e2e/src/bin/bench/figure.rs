//! Measured values, beside what was aimed at.

use serde::{Serialize, Serializer};

use crate::table::table;

/// One measured value.
#[derive(Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aim: Option<Aim>,
}

#[derive(Clone, Copy)]
enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

impl Figure {
    /// A value that is reported only.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, aim: None }
    }

    pub(crate) fn at_least(self, least: f64) -> Self {
        Self { aim: Some(Aim::AtLeast(least)), ..self }
    }

    pub(crate) fn at_most(self, most: f64) -> Self {
        Self { aim: Some(Aim::AtMost(most)), ..self }
    }

    fn cells(&self) -> [String; 4] {
        let aim = self.aim.map_or_else(String::new, |aim| format!("{aim} {}", self.unit));
        let value = format!("{} {}", rounded(self.value), self.unit);
        [self.name.clone(), aim, value, self.verdict().to_owned()]
    }

    fn verdict(&self) -> &'static str {
        match self.aim {
            None => "",
            Some(Aim::AtLeast(least)) if self.value >= least => "met",
            Some(Aim::AtMost(most)) if self.value <= most => "met",
            Some(_) => "NOT MET",
        }
    }
}

impl std::fmt::Display for Aim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
        }
    }
}

impl Serialize for Aim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Three digits that say something.
pub(crate) fn rounded(value: f64) -> String {
    let decimals = match value.abs() {
        small if small < 10.0 => 2,
        middling if middling < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// The figures as a Markdown table.
pub(crate) fn figures(title: &str, figures: &[Figure]) -> String {
    table([title, "aim", "value", "verdict"], figures.iter().map(Figure::cells).collect())
}

/// The middle one; of an even number, the upper of the two. Not a number when there are none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::print_stdout, reason = "printing is what the program is for")]
pub(crate) fn show(text: &str) {
    println!("{text}");
}
