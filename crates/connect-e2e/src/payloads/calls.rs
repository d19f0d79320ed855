//! Calls of the program's listener.

mod call;
mod consequences;
mod door;
mod scene;
mod subjects;
mod token;

use std::path::PathBuf;

use anyhow::Result;
use connect_clock::{Clock, SystemClock};
use futures::{StreamExt, stream};

use self::call::Call;
use self::scene::Scene;
use super::{Seen, Tally};

/// The calls of one program. Between and after them it is looked at what it did.
const CALLS: usize = 10_000;

/// The calls that are under way at once.
const AT_ONCE: usize = 16;

/// Cases of calls that Connect's webhooks, its users or the vendor's system would make, or somebody
/// else in their name.
pub struct Calls {
    /// The program of Acme's processor.
    pub program: PathBuf,
}

impl Calls {
    /// Has cases with these numbers happen. The same number is the same case.
    ///
    /// What each call is answered is judged at once. That forged ones have no consequence, and that
    /// the others have nothing but looks at the platform, is judged of all calls of one program: of
    /// that, the first case is said.
    ///
    /// # Errors
    ///
    /// When a platform or a program cannot be started.
    pub async fn run(&self, cases: impl IntoIterator<Item = u64>) -> Result<Tally> {
        let cases: Vec<u64> = cases.into_iter().collect();
        let clock: &dyn Clock = &SystemClock;
        let (began, mut tally) = (clock.monotonic(), Tally::default());
        for cases in cases.chunks(CALLS) {
            let scene = Scene::start(&self.program).await?;
            let broken = Self::play(scene, cases, &mut tally).await?;
            // They come first: those of single calls may be many.
            tally.broken.splice(0..0, broken.into_iter().map(|what| (cases[0], what)));
        }
        tally.took = clock.since(began);
        Ok(tally)
    }

    /// Makes the calls that are forged, then those that are signed as they should be, and returns
    /// what they had for consequences and should not have.
    async fn play(scene: Scene, cases: &[u64], tally: &mut Tally) -> Result<Vec<String>> {
        let subjects = scene.subjects();
        let calls = cases.iter().map(|case| Call::of(*case, &subjects));
        let calls = calls.collect::<Result<Vec<_>>>()?.into_iter();
        let (forged, signed): (Vec<Call>, Vec<Call>) = calls.partition(|call| call.is_forged);
        let mark = scene.mark();
        Self::make(&scene, &forged, tally).await;
        let mut broken = scene.must_have_done_nothing(mark).await?;
        broken.extend(scene.must_hear_a_genuine_call().await?);
        let mark = scene.mark();
        Self::make(&scene, &signed, tally).await;
        broken.extend(scene.must_have_looked_only(mark).await?);
        Ok(broken)
    }

    async fn make(scene: &Scene, calls: &[Call], tally: &mut Tally) {
        let seen = stream::iter(calls).map(async |call| {
            let answered = scene.send(call.door, call.token.as_deref(), call.body.clone()).await;
            (call.case, call.seen(&answered))
        });
        let seen: Vec<(u64, Seen)> = seen.buffer_unordered(AT_ONCE).collect().await;
        seen.into_iter().for_each(|(case, seen)| tally.add(case, seen));
    }
}
