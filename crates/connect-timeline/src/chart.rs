//! A timeline as a drawing for a page, above the same in words.

use askama::Template;
use askama::filters::HtmlSafe;
use jiff::Timestamp;

use crate::duration::in_words;
use crate::layout::{Axis, WIDTH, rows};
use crate::timeline::{Detail, Entry, Lane, Timeline};

/// The height of a row.
const ROW: usize = 22;
/// The space above and below the rows of a lane.
const PADDING: usize = 8;
/// The space for the labels of the axis.
const HEAD: usize = 22;
/// The space for the names of the lanes.
const NAMES: f64 = 92.0;
/// The least width of a bar: it has to be seen, and pressed.
const THINNEST: f64 = 5.0;
/// The width of a letter in a bar, roughly.
const LETTER: f64 = 6.4;

/// A timeline as HTML: a drawing whose marks lead to the lines below it, each with what is known about it.
/// It needs no script and brings no style: its classes begin with `tl-`.
///
/// ```
/// use connect_timeline::{Chart, Entry, Lane, Timeline};
///
/// # fn main() -> Result<(), jiff::Error> {
/// let now = "2026-11-01T08:00:00Z".parse()?;
/// let mut timeline = Timeline::new("PR-1-001", now);
/// timeline.add([Entry::new(Lane::Connect, now, "<script>alert(1)</script>")]);
/// let html = Chart::of(&timeline).to_string();
/// assert!(html.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
/// # Ok(())
/// # }
/// ```
#[derive(Template)]
#[template(path = "chart.html")]
pub struct Chart {
    subject: String,
    height: usize,
    lanes: Vec<DrawnLane>,
    labels: Vec<Label>,
    shapes: Vec<Shape>,
    lines: Vec<DrawnLine>,
}

impl HtmlSafe for Chart {}

struct DrawnLane {
    name: &'static str,
    top: usize,
    height: usize,
    middle: usize,
}

struct Label {
    x: String,
    text: String,
}

/// A bar or a mark.
struct Shape {
    no: usize,
    class: String,
    x: String,
    y: usize,
    /// The width of a bar; `None` is a mark.
    width: Option<String>,
    title: String,
    /// The words in it, where there is room.
    words: String,
}

struct DrawnLine {
    no: usize,
    lane: &'static str,
    class: String,
    when: String,
    at: Timestamp,
    text: String,
    details: Vec<Detail>,
}

impl Chart {
    /// Draws a timeline.
    #[must_use]
    pub fn of(timeline: &Timeline) -> Self {
        let axis = Axis::of(timeline);
        let first = timeline.entries().first().map_or(timeline.now, |entry| entry.at);
        let since = |at: Timestamp| in_words(at.duration_since(first));
        let (mut lanes, mut shapes, mut top) = (Vec::new(), Vec::new(), HEAD);
        for lane in Lane::ALL {
            let rows = rows(timeline, lane);
            let height = rows.count * ROW + 2 * PADDING;
            lanes.push(DrawnLane { name: lane.name(), top, height, middle: top + height / 2 });
            shapes.extend(rows.of.iter().filter_map(|(no, row)| {
                let entry = timeline.entries().get(*no)?;
                Some(shape(timeline, &axis, *no, entry, top + PADDING + row * ROW))
            }));
            top += height;
        }
        let label = |(at, x)| Label { x: number(NAMES + x), text: since(at) };
        let told = timeline.entries().iter().enumerate();
        Self {
            subject: timeline.subject.clone(),
            height: top,
            lanes,
            labels: axis.labels().into_iter().map(label).collect(),
            shapes,
            lines: told
                .map(|(no, entry)| DrawnLine {
                    no,
                    lane: entry.lane.name(),
                    class: class(entry),
                    when: since(entry.at),
                    at: entry.at,
                    text: timeline.told(entry),
                    details: entry.details.clone(),
                })
                .collect(),
        }
    }
}

fn shape(timeline: &Timeline, axis: &Axis, no: usize, entry: &Entry, y: usize) -> Shape {
    let begin = axis.place(entry.at);
    let end = timeline.lasting(entry).map(|end| axis.place(end));
    let width = end.map(|end| (end - begin).max(THINNEST));
    let room = width.unwrap_or_default();
    let words = match letters(&entry.text) * LETTER + 8.0 <= room {
        true => entry.text.clone(),
        false => String::new(),
    };
    Shape {
        no,
        class: class(entry),
        x: number(NAMES + begin.min(WIDTH)),
        y,
        width: width.map(number),
        title: format!("{}: {}", entry.lane.name(), timeline.told(entry)),
        words,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing need not be exact")]
fn letters(text: &str) -> f64 {
    text.chars().count() as f64
}

fn class(entry: &Entry) -> String {
    format!("tl-{} tl-{}", entry.kind.word(), entry.tone.word())
}

fn number(it: f64) -> String {
    format!("{it:.1}")
}
