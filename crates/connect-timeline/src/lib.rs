//! What happened to a request, in the order of time and on four lanes: customer, Connect, processor,
//! vendor.
//!
//! A [`Timeline`] is a value that whoever knows a part of the story adds [`Entry`]s to: the journal of a
//! processor, the platform, the log of a vendor. It is told as [lines](Timeline::lines) for a terminal,
//! drawn as a [`Chart`] for a page, and serialised for programs. Lasting things are bars, all others marks;
//! what goes on now has no end yet.
//!
//! The crate knows no journal and no platform.
//!
//! ```
//! use connect_timeline::{Entry, Kind, Lane, Timeline, Tone};
//!
//! # fn main() -> Result<(), jiff::Error> {
//! let mut timeline = Timeline::new("PR-1-001", "2026-11-01T08:00:09Z".parse()?);
//! let asked = Entry::new(Lane::Customer, "2026-11-01T08:00:00Z".parse()?, "asks to resume");
//! let called = Entry::new(Lane::Vendor, "2026-11-01T08:00:01Z".parse()?, "PUT /tenant/t-1/enable → 503")
//!     .kind(Kind::Call)
//!     .tone(Tone::Bad)
//!     .until("2026-11-01T08:00:02.5Z".parse()?);
//! timeline.add([called, asked]);
//! let told: Vec<String> = timeline.lines().map(|line| format!("{} {}", line.when, line.text)).collect();
//! assert_eq!(told, ["0 ms asks to resume", "1.0 s PUT /tenant/t-1/enable → 503, 1.5 s"]);
//! # Ok(())
//! # }
//! ```

mod chart;
mod duration;
mod layout;
mod lines;
mod timeline;

pub use chart::Chart;
pub use duration::in_words;
pub use lines::Line;
pub use timeline::{Detail, End, Entry, Kind, Lane, Timeline, Tone};
