//! The world on disk: one SQLite file, one thread that writes it.
//!
//! Records are JSON by kind and id, so the file can be looked at with any SQLite tool. Commands
//! that arrive together are committed together. A commit is in the file before its command is
//! answered, and before anything that was seen of it is told to anybody: the end of the process, even by `kill -9`, loses nothing that was acknowledged. The
//! file is synced to the disk only now and then (`synchronous=NORMAL` in WAL mode), so the end of
//! the machine may lose the last moments, but never leaves a broken file.
//!
//! The file holds the keys of the world; whoever reads it can speak as vendor or distributor.

mod open;
mod writer;

pub use open::StoreError;
pub(crate) use open::open;
pub(crate) use writer::{Batch, Store};
