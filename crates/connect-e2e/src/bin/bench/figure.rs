//! What was measured, beside what was aimed at.

/// One measured value.
pub(crate) struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
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
        let aim = match self.aim {
            None => String::new(),
            Some(Aim::AtLeast(least)) => format!("≥ {least} {}", self.unit),
            Some(Aim::AtMost(most)) => format!("≤ {most} {}", self.unit),
        };
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

/// Three digits that say something.
fn rounded(value: f64) -> String {
    let decimals = match value.abs() {
        small if small < 10.0 => 2,
        middling if middling < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// The figures as a Markdown table.
pub(crate) fn table(title: &str, figures: &[Figure]) -> String {
    let head = [title, "aim", "value", "verdict"].map(str::to_owned);
    let mut rows = vec![head];
    rows.extend(figures.iter().map(Figure::cells));
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    rows.insert(1, widths.map(|width| "-".repeat(width)));
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    format!("| {} |\n", padded.collect::<Vec<_>>().join(" | "))
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
