//! A world to play with: the emulator, the demo vendor and the example's processor in one process,
//! and a story that is played on them.
//!
//! ```
//! use connect_playground::{Plan, Playground, Story};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), connect_playground::Error> {
//! let playground = Playground::start(Plan::quick(7)).await?;
//! let story = Story::play(&playground, 7, |_| Ok::<_, connect_playground::Error>(())).await?;
//! assert_eq!(story.chapters.len(), 5);
//! playground.stop().await
//! # }
//! ```
//!
//! A [`Ready`] file tells other processes where everything is.

mod chapter;
mod crash_test;
mod error;
mod evidence;
mod playground;
mod ready;
mod remind;
mod stage;
mod story;

pub use chapter::{Chapter, Moment, Who};
pub use connect_testing::{Certificate, TestError};
pub use crash_test::{crash_test, crash_test_names};
pub use error::Error;
pub use playground::{Plan, Playground, demo_keys, demo_vendor, platform};
pub use ready::{Ready, ReadyFile};
pub use story::{OVERDUE, Story};
