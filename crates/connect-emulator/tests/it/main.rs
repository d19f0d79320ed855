//! The emulator as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rest;
mod script;
mod store;
mod ui;
mod webhooks;

#[expect(dead_code, reason = "shared with the tests of the world, which use all of it")]
mod world {
    include!("../../../connect-world/tests/it/stage.rs");
}
