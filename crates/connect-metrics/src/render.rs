//! Prometheus' text format.

use std::fmt::Write;
use std::sync::Arc;

use crate::family::{Family, Series};

pub(crate) fn text(families: &[Arc<Family>]) -> String {
    let mut page = String::new();
    for family in families {
        let (name, kind) = (family.description.name, family.description.kind);
        // Writing to a string cannot fail.
        let _ =
            writeln!(page, "# HELP {name} {}\n# TYPE {name} {kind}", family.description.meaning);
        for series in family.all() {
            if family.bounds.is_empty() {
                line(&mut page, family, &series, ("", None), series.value);
            } else {
                histogram(&mut page, family, &series);
            }
        }
    }
    page
}

fn histogram(page: &mut String, family: &Family, series: &Series) {
    let bounds = family.bounds.iter().copied().chain([f64::INFINITY]);
    let mut count = 0;
    for (bound, more) in bounds.zip(&series.buckets) {
        count += more;
        line(page, family, series, ("_bucket", Some(bound)), count as f64);
    }
    line(page, family, series, ("_sum", None), series.value);
    line(page, family, series, ("_count", None), count as f64);
}

fn line(
    page: &mut String,
    family: &Family,
    series: &Series,
    (suffix, bound): (&str, Option<f64>),
    value: f64,
) {
    page.push_str(family.description.name);
    page.push_str(suffix);
    let labels = family.description.labels.iter().zip(&series.labels);
    let mut labels: Vec<String> =
        labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    labels.extend(bound.map(|bound| match bound.is_infinite() {
        true => "le=\"+Inf\"".to_owned(),
        false => format!("le=\"{bound}\""),
    }));
    if !labels.is_empty() {
        let _ = write!(page, "{{{}}}", labels.join(","));
    }
    let _ = writeln!(page, " {value}");
}

/// Escapes what would end the text of a label, and leaves out what steers a terminal.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            c if c.is_control() => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
    text
}
