//! Where the parts of a drawing stand.
//!
//! Between two moments there may be a millisecond or a week. So the axis is not true to scale: a gap is as
//! wide as its length has digits, roughly, and what happened one after the other stands one beside the other.

use jiff::Timestamp;

use crate::timeline::{Entry, Lane, Timeline};

/// The width of the axis.
pub(crate) const WIDTH: f64 = 1000.0;

/// The least distance between two labels of the axis.
const BETWEEN_LABELS: f64 = 90.0;

/// The most rows of a lane: what overlaps more stands on the last one.
const MOST_ROWS: usize = 4;

/// The places of moments on the axis.
pub(crate) struct Axis {
    moments: Vec<Timestamp>,
    places: Vec<f64>,
}

impl Axis {
    pub(crate) fn of(timeline: &Timeline) -> Self {
        let ends = timeline.entries().iter().filter_map(|entry| timeline.lasting(entry));
        let begins = timeline.entries().iter().map(|entry| entry.at);
        let mut moments: Vec<Timestamp> = begins.chain(ends).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut places = Vec::with_capacity(moments.len());
        let mut place = 0.0;
        for (index, moment) in moments.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| moments.get(before));
            place += before.map_or(0.0, |before| gap(*before, *moment));
            places.push(place);
        }
        let scale = if place > 0.0 { WIDTH / place } else { 0.0 };
        places.iter_mut().for_each(|place| *place *= scale);
        Self { moments, places }
    }

    /// Returns where a moment stands that some entry begins or ends at.
    pub(crate) fn place(&self, moment: Timestamp) -> f64 {
        let index = self.moments.partition_point(|it| *it < moment);
        self.places.get(index).or(self.places.last()).copied().unwrap_or_default()
    }

    /// Returns the moments that are labelled, with their places: as many as there is room for.
    pub(crate) fn labels(&self) -> Vec<(Timestamp, f64)> {
        let mut labels: Vec<(Timestamp, f64)> = Vec::new();
        for (moment, place) in self.moments.iter().zip(&self.places) {
            if labels.last().is_none_or(|(_, last)| place - last >= BETWEEN_LABELS) {
                labels.push((*moment, *place));
            }
        }
        labels
    }
}

/// Returns the width of the gap between two moments, before all is scaled to fit.
#[expect(clippy::cast_precision_loss, reason = "a drawing need not be exact")]
fn gap(before: Timestamp, after: Timestamp) -> f64 {
    let ms = after.duration_since(before).as_micros() as f64 / 1000.0;
    (1.0 + ms).log2().max(0.3)
}

/// The rows of one lane: things that overlap stand below each other.
pub(crate) struct Rows {
    /// For each entry of the lane, by its place in the timeline: its row.
    pub(crate) of: Vec<(usize, usize)>,
    pub(crate) count: usize,
}

/// Puts the entries of a lane on rows.
pub(crate) fn rows(timeline: &Timeline, lane: Lane) -> Rows {
    let mut ends: Vec<Timestamp> = Vec::new();
    let mut of = Vec::new();
    for (index, entry) in timeline.entries().iter().enumerate().filter(|(_, it)| it.lane == lane) {
        let end = end(timeline, entry);
        let free = ends.iter().position(|end| *end <= entry.at);
        let row = match free {
            Some(row) => row,
            None if ends.len() < MOST_ROWS => {
                ends.push(end);
                ends.len() - 1
            }
            None => MOST_ROWS - 1,
        };
        if let Some(last) = ends.get_mut(row) {
            *last = end.max(*last);
        }
        of.push((index, row));
    }
    Rows { of, count: ends.len().max(1) }
}

fn end(timeline: &Timeline, entry: &Entry) -> Timestamp {
    timeline.lasting(entry).unwrap_or(entry.at)
}
