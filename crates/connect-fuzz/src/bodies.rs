//! Calls of the emulator's REST API, with bodies that are right, nearly right, or anything.

mod body;
mod call;
mod routes;
mod stage;
mod story;
mod value;

use arbitrary::Unstructured;

use stage::Stage;

pub use routes::Route;

/// The most calls of one input.
const MOST_CALLS: usize = 24;

/// Returns the routes that are called.
#[must_use]
pub fn routes() -> &'static [Route] {
    &routes::Routes::get().all
}

/// Makes the calls that the input chooses, of a new emulator in this process. None meets a defect of the
/// emulator, one that is refused changes nothing, and a refusal has a code and says why. In the end all lists
/// can be read, and a world that is restored from the records of this one is the same.
///
/// # Panics
///
/// When one of this is not so; the message has the calls.
pub fn check(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.expect("the system starts a runtime");
    runtime.block_on(async {
        let mut stage = Stage::open().await;
        // One input in four begins in a world where nothing has happened.
        if input.arbitrary::<u8>().is_ok_and(|byte| byte >= 64) {
            stage.live().await;
        }
        for _ in 0..MOST_CALLS {
            if input.is_empty() {
                break;
            }
            let Ok(call) = call::choose(&mut input, stage.ids()) else { break };
            stage.send(call).await;
        }
        stage.close().await;
    });
}
