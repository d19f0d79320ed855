//! Counters, gauges and histograms, and their text for Prometheus.
//!
//! A [`Registry`] has families of numbers, each with a fixed list of labels. The values of labels
//! may come from outside: a family keeps [`MOST_SERIES`] of their combinations, and counts all
//! further ones together as `other`.
//!
//! ```
//! use connect_metrics::Registry;
//!
//! let registry = Registry::default();
//! let calls = registry.counter("calls_total", "Calls that were answered", &["status"]);
//! calls.add(&["200"], 2);
//! assert_eq!(
//!     registry.render(),
//!     "# HELP calls_total Calls that were answered\n# TYPE calls_total counter\n\
//!      calls_total{status=\"200\"} 2\n"
//! );
//! ```

mod family;
mod render;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use family::{Family, Kind};

pub use family::{Description, MOST_SERIES};

/// The bounds of histograms of times, in seconds.
const SECONDS: &[f64] = &[0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 600.0];

/// The bounds of histograms of sizes.
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];

/// Families of numbers. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Registry(Arc<Mutex<Vec<Arc<Family>>>>);

/// A number that only grows.
#[derive(Clone, Debug)]
pub struct Counter(Arc<Family>);

/// A number as it is now.
#[derive(Clone, Debug)]
pub struct Gauge(Arc<Family>);

/// The distribution of values that are told one by one.
#[derive(Clone, Debug)]
pub struct Histogram(Arc<Family>);

type Labels = &'static [&'static str];

impl Registry {
    /// Adds a counter; by convention its name ends in `_total`.
    #[must_use]
    pub fn counter(&self, name: &'static str, meaning: &'static str, labels: Labels) -> Counter {
        Counter(self.add(Family::new(name, meaning, labels, Kind::Counter, &[])))
    }

    /// Adds a gauge.
    #[must_use]
    pub fn gauge(&self, name: &'static str, meaning: &'static str, labels: Labels) -> Gauge {
        Gauge(self.add(Family::new(name, meaning, labels, Kind::Gauge, &[])))
    }

    /// Adds a histogram of times, from 1 ms to 10 minutes; by convention its name ends in
    /// `_seconds`.
    #[must_use]
    pub fn times(&self, name: &'static str, meaning: &'static str, labels: Labels) -> Histogram {
        Histogram(self.add(Family::new(name, meaning, labels, Kind::Histogram, SECONDS)))
    }

    /// Adds a histogram of sizes, from 1 to 1,024.
    #[must_use]
    pub fn sizes(&self, name: &'static str, meaning: &'static str, labels: Labels) -> Histogram {
        Histogram(self.add(Family::new(name, meaning, labels, Kind::Histogram, SIZES)))
    }

    /// Returns what there is, in the order in which it was added.
    #[must_use]
    pub fn descriptions(&self) -> Vec<Description> {
        self.families().iter().map(|family| family.description).collect()
    }

    /// Returns all numbers in Prometheus' text format, version 0.0.4. A family without a number is
    /// named all the same.
    #[must_use]
    pub fn render(&self) -> String {
        render::text(&[(None, self.families().clone())])
    }

    /// Returns the numbers of several registries in one text: each number has a further label, with
    /// the value that its registry goes with.
    ///
    /// ```
    /// use connect_metrics::Registry;
    ///
    /// let [one, other] = [Registry::default(), Registry::default()];
    /// one.gauge("waiting", "Runs that wait", &[]).set(&[], 3.0);
    /// other.gauge("waiting", "Runs that wait", &[]).set(&[], 4.0);
    /// assert_eq!(
    ///     Registry::render_all("account", [("a", &one), ("b", &other)]),
    ///     "# HELP waiting Runs that wait\n# TYPE waiting gauge\n\
    ///      waiting{account=\"a\"} 3\nwaiting{account=\"b\"} 4\n"
    /// );
    /// ```
    pub fn render_all<'a>(
        label: &str,
        registries: impl IntoIterator<Item = (&'a str, &'a Self)>,
    ) -> String {
        let labelled = |(value, registry): (&'a str, &'a Self)| {
            (Some((label, value)), registry.families().clone())
        };
        let labelled: Vec<render::Labelled<'_>> = registries.into_iter().map(labelled).collect();
        render::text(&labelled)
    }

    fn add(&self, family: Family) -> Arc<Family> {
        let family = Arc::new(family);
        self.families().push(Arc::clone(&family));
        family
    }

    fn families(&self) -> MutexGuard<'_, Vec<Arc<Family>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counter {
    /// Adds to the number with these values of the labels.
    pub fn add(&self, labels: &[&str], more: u64) {
        self.0.change(labels, |series| series.value += more as f64);
    }
}

impl Gauge {
    /// Sets the number with these values of the labels.
    pub fn set(&self, labels: &[&str], value: f64) {
        self.0.change(labels, |series| series.value = value);
    }

    /// Forgets all numbers, where those that are no more are not 0.
    pub fn clear(&self) {
        self.0.clear();
    }
}

impl Histogram {
    /// Takes down a time.
    pub fn time(&self, labels: &[&str], time: Duration) {
        self.take(labels, time.as_secs_f64());
    }

    /// Takes down a size.
    pub fn size(&self, labels: &[&str], size: usize) {
        self.take(labels, size as f64);
    }

    fn take(&self, labels: &[&str], value: f64) {
        let bounds = self.0.bounds;
        let place = bounds.iter().position(|bound| value <= *bound).unwrap_or(bounds.len());
        self.0.change(labels, |series| {
            series.buckets[place] += 1;
            series.value += value;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_prometheus_wants_them() {
        let registry = Registry::default();
        let ended = registry.counter("ended_total", "Runs that ended", &["type", "ending"]);
        let waiting = registry.gauge("waiting", "Runs that wait", &[]);
        let took = registry.times("took_seconds", "Times of steps", &["step"]);
        ended.add(&["resume", "failed"], 1);
        ended.add(&["purchase", "approved"], 2);
        ended.add(&["purchase", "approved"], 1);
        waiting.set(&[], 3.0);
        waiting.set(&[], 1.5);
        for millis in [1, 40, 700_000] {
            took.time(&["a\"b\\c\nd"], Duration::from_millis(millis));
        }
        insta::assert_snapshot!(registry.render(), @r#"
            # HELP ended_total Runs that ended
            # TYPE ended_total counter
            ended_total{type="purchase",ending="approved"} 3
            ended_total{type="resume",ending="failed"} 1
            # HELP waiting Runs that wait
            # TYPE waiting gauge
            waiting 1.5
            # HELP took_seconds Times of steps
            # TYPE took_seconds histogram
            took_seconds_bucket{step="a\"b\\c\nd",le="0.001"} 1
            took_seconds_bucket{step="a\"b\\c\nd",le="0.005"} 1
            took_seconds_bucket{step="a\"b\\c\nd",le="0.02"} 1
            took_seconds_bucket{step="a\"b\\c\nd",le="0.1"} 2
            took_seconds_bucket{step="a\"b\\c\nd",le="0.5"} 2
            took_seconds_bucket{step="a\"b\\c\nd",le="2"} 2
            took_seconds_bucket{step="a\"b\\c\nd",le="10"} 2
            took_seconds_bucket{step="a\"b\\c\nd",le="60"} 2
            took_seconds_bucket{step="a\"b\\c\nd",le="600"} 2
            took_seconds_bucket{step="a\"b\\c\nd",le="+Inf"} 3
            took_seconds_sum{step="a\"b\\c\nd"} 700.041
            took_seconds_count{step="a\"b\\c\nd"} 3
            "#);
    }

    #[test]
    fn what_others_name_makes_no_page_longer_than_its_bound() {
        let registry = Registry::default();
        let steps = registry.counter("steps_total", "Steps", &["step"]);
        for number in 0..10 * MOST_SERIES {
            steps.add(&[&format!("{number:<2000}")], 1);
        }
        let page = registry.render();
        assert_eq!(page.lines().count(), 2 + MOST_SERIES + 1);
        assert!(page.len() < 100 * MOST_SERIES, "{}", page.len());
        let rest = format!("steps_total{{step=\"other\"}} {}", 9 * MOST_SERIES);
        assert!(page.contains(&rest), "{rest}");
    }
}
