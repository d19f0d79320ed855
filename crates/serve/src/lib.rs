//! HTTP/1.1 servers: a router of axum over TCP or TLS, or called in the same process.
//!
//! [`BoundServer`] is an address that is listened on, [`Server`] what answers there until it is
//! stopped; [`InProcess`] is a service without a socket. Either way a handler can take
//! `ConnectInfo<Caller>` and [hang up](Caller::hang_up): the caller then gets no answer at all, as
//! when a server dies. Where strangers call, set [`Limits`].
//!
//! ```
//! use axum::{Router, routing::get};
//! use connect_clock::SystemClock;
//! use serve::BoundServer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let router = Router::new().route("/", get(async || "here"));
//! let server = BoundServer::on("127.0.0.1:0".parse()?).await?.serve(router);
//! assert_eq!(reqwest::get(server.url()).await?.text().await?, "here");
//! server.stop(&SystemClock, std::future::ready(())).await?;
//! # Ok(())
//! # }
//! ```

mod accept;
mod caller;
mod in_process;
mod limits;
mod server;
mod tls;
mod wire;

pub use caller::Caller;
pub use in_process::{HungUp, InProcess};
pub use limits::Limits;
pub use server::{BoundServer, Server, url};
pub use tls::{Tls, TlsError};
