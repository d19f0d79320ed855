//! Connections that can be hung up on from inside a handler of axum: the caller then gets no answer
//! at all, as when a server dies.
//!
//! Over the network, serve a router with a [`HangUpListener`] and
//! `into_make_service_with_connect_info::<HangUp>()`; in the same process, call it as an
//! [`InProcess`] service. A handler that takes `ConnectInfo<HangUp>` can then call
//! [`HangUp::hang_up`] and return whatever it likes.

mod hang_up;
mod in_process;

pub use hang_up::{HangUp, HangUpListener, Wire};
pub use in_process::{HungUp, InProcess};
