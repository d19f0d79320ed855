//! Numbers of one name.

use std::sync::{Mutex, PoisonError};

/// The most combinations of labels' values that a family keeps apart.
pub const MOST_SERIES: usize = 200;

/// The longest value of a label, in characters; what is longer is cut.
const LONGEST_VALUE: usize = 64;

/// What a family is, for people and programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// The name.
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// The names of the labels.
    pub labels: &'static [&'static str],
    /// What is counted.
    pub meaning: &'static str,
}

/// What a family's numbers are.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Numbers of one name.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) description: Description,
    /// The upper bounds of a histogram's buckets; the last bucket has none.
    pub(crate) bounds: &'static [f64],
    /// In the order of the labels' values.
    series: Mutex<Vec<Series>>,
}

/// The number of one combination of labels' values.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) labels: Box<[Box<str>]>,
    /// The number; of a histogram, the sum of what was told.
    pub(crate) value: f64,
    /// Of a histogram, how many values are in each bucket.
    pub(crate) buckets: Vec<u64>,
}

impl Family {
    pub(crate) fn new(
        name: &'static str,
        meaning: &'static str,
        labels: &'static [&'static str],
        kind: Kind,
        bounds: &'static [f64],
    ) -> Self {
        let description = Description { name, kind: kind.word(), labels, meaning };
        Self { description, bounds, series: Mutex::default() }
    }

    /// Changes the number with these values of the labels; beyond the bound, that of all others.
    pub(crate) fn change(&self, labels: &[&str], change: impl FnOnce(&mut Series)) {
        let mut all = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match find(&all, labels) {
            Ok(place) => place,
            Err(place) if all.len() < MOST_SERIES => {
                all.insert(place, self.series(labels));
                place
            }
            Err(_) => {
                let others = vec!["other"; labels.len()];
                find(&all, &others).unwrap_or_else(|place| {
                    all.insert(place, self.series(&others));
                    place
                })
            }
        };
        change(&mut all[place]);
    }

    pub(crate) fn all(&self) -> Vec<Series> {
        self.series.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        self.series.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn series(&self, labels: &[&str]) -> Series {
        debug_assert_eq!(labels.len(), self.description.labels.len(), "{:?}", self.description);
        let labels = labels.iter().map(|label| cut(label).into()).collect();
        Series { labels, value: 0.0, buckets: vec![0; self.bounds.len() + 1] }
    }
}

fn find(all: &[Series], labels: &[&str]) -> Result<usize, usize> {
    all.binary_search_by(|series| {
        series.labels.iter().map(|label| &**label).cmp(labels.iter().map(|label| cut(label)))
    })
}

fn cut(value: &str) -> &str {
    value.char_indices().nth(LONGEST_VALUE).map_or(value, |(end, _)| &value[..end])
}
