//! Prometheus' text format.

use std::fmt::Write;
use std::sync::Arc;

use crate::family::{Family, Series};

/// The families of one registry, with a label that all their numbers have, if any.
pub(crate) type Labelled<'a> = (Option<(&'a str, &'a str)>, Vec<Arc<Family>>);

/// Writes down the families of registries. Those of one name are one family of the text, which is
/// named where the first registry has it.
pub(crate) fn text(registries: &[Labelled<'_>]) -> String {
    let mut page = String::new();
    let mut named: Vec<&str> = Vec::new();
    for family in registries.iter().flat_map(|(_, families)| families) {
        let (name, kind) = (family.description.name, family.description.kind);
        if named.contains(&name) {
            continue;
        }
        named.push(name);
        // Writing to a string cannot fail.
        let _ =
            writeln!(page, "# HELP {name} {}\n# TYPE {name} {kind}", family.description.meaning);
        for (label, families) in registries {
            let of_name = families.iter().filter(|it| it.description.name == name);
            of_name.for_each(|family| numbers(&mut page, family, *label));
        }
    }
    page
}

fn numbers(page: &mut String, family: &Family, label: Option<(&str, &str)>) {
    for series in family.all() {
        let of = (family, &series, label);
        if family.bounds.is_empty() {
            line(page, of, ("", None), series.value);
        } else {
            histogram(page, of);
        }
    }
}

/// A series of a family, with the label of its registry.
type Of<'a> = (&'a Family, &'a Series, Option<(&'a str, &'a str)>);

fn histogram(page: &mut String, of: Of<'_>) {
    let (family, series, _) = of;
    let bounds = family.bounds.iter().copied().chain([f64::INFINITY]);
    let mut count = 0;
    for (bound, more) in bounds.zip(&series.buckets) {
        count += more;
        line(page, of, ("_bucket", Some(bound)), count as f64);
    }
    line(page, of, ("_sum", None), series.value);
    line(page, of, ("_count", None), count as f64);
}

fn line(
    page: &mut String,
    (family, series, label): Of<'_>,
    (suffix, bound): (&str, Option<f64>),
    value: f64,
) {
    page.push_str(family.description.name);
    page.push_str(suffix);
    let labels = family.description.labels.iter().zip(&series.labels);
    let labels = label.into_iter().chain(labels.map(|(name, value)| (*name, &**value)));
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
