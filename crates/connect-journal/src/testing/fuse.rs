//! Ends a life at a chosen call.

use std::collections::BTreeMap;
use std::fmt;
use std::future::{Future, pending};
use std::sync::Arc;

use tokio::sync::watch;

/// A place in a life where it may end: the `n`-th time it comes to somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    place: String,
    nth: u32,
}

impl Point {
    /// The `nth` time, counted from 1, that a life comes to a place.
    pub fn new(place: impl Into<String>, nth: u32) -> Self {
        Self { place: place.into(), nth }
    }

    /// Returns the place: `before journal record`, `after vendor PUT tenant/*/enable`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns which time it is, from 1.
    #[must_use]
    pub fn nth(&self) -> u32 {
        self.nth
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.place, self.nth)
    }
}

/// The way of a life, and the point where it ends: whatever the life does goes through its
/// fuse, and once it has come to the chosen point nothing returns any more. A test runs a life
/// until it ends or the fuse has blown, drops it, and starts the next. A life without accident
/// says which points there are; walking through them meets every way to die.
///
/// ```
/// # use connect_journal::testing::{Fuse, Point};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let fuse = Fuse::at(Point::new("record", 2));
/// let life = async {
///     fuse.pass("record").await;
///     fuse.pass("record").await;
///     unreachable!("the second pass never returns");
/// };
/// tokio::select! {
///     () = life => {}
///     () = fuse.blown() => {}
/// }
/// assert_eq!(fuse.points(), [Point::new("record", 1), Point::new("record", 2)]);
/// # }
/// ```
///
/// Clones are handles on the same fuse.
#[derive(Clone, Debug)]
pub struct Fuse {
    end: Option<Point>,
    most: usize,
    way: Arc<watch::Sender<Progress>>,
}

/// The points that a life has passed.
#[derive(Debug, Default)]
struct Progress {
    passes: BTreeMap<String, u32>,
    points: Vec<Point>,
    blown: bool,
}

impl Fuse {
    /// A fuse that only remembers.
    #[must_use]
    pub fn never() -> Self {
        Self { end: None, most: usize::MAX, way: Arc::new(watch::Sender::new(Progress::default())) }
    }

    /// A fuse that blows at a point.
    #[must_use]
    pub fn at(point: Point) -> Self {
        Self { end: Some(point), ..Self::never() }
    }

    /// Has it blow after so many points, too: a life that does not end passes ever more.
    #[must_use]
    pub fn at_most(self, points: usize) -> Self {
        Self { most: points, ..self }
    }

    /// Remembers, and returns unless the fuse blows now or has blown before.
    pub async fn pass(&self, place: impl Into<String>) {
        let place = place.into();
        let mut blown = false;
        self.way.send_modify(|way| {
            let nth = way.passes.entry(place.clone()).or_default();
            *nth += 1;
            let point = Point::new(place, *nth);
            way.blown |= self.end.as_ref() == Some(&point);
            way.points.push(point);
            way.blown |= way.points.len() >= self.most;
            blown = way.blown;
        });
        if blown {
            pending::<()>().await;
        }
    }

    /// Returns once the fuse has blown.
    pub fn blown(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut way = self.way.subscribe();
        // Keeps the sender alive, so that waiting can only end by blowing.
        let fuse = self.clone();
        async move {
            let _ = way.wait_for(|way| way.blown).await;
            drop(fuse);
        }
    }

    /// The points passed so far, in their order, those that never returned included.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        self.way.borrow().points.clone()
    }
}
