//! The world on disk: one SQLite file, one thread that writes it.
//!
//! Records are JSON by kind and id, so the file can be looked at with any SQLite tool. Commands
//! that arrive together are committed together. A commit is in the file before its command is
//! answered, and before anything that was seen of it is told to anybody: the end of the process,
//! even by `kill -9`, loses nothing that was acknowledged. The file is synced to the disk only now
//! and then (`synchronous=NORMAL` in WAL mode), so the end of the machine may lose the last
//! moments, but never leaves a broken file.
//!
//! A file is made beside its place and put there whole, so that a cut or emptied one is known for
//! damaged and never taken for new. It holds the keys of the world, and whoever reads it can speak
//! as vendor or distributor: it is its owner's alone. Removed or replaced while it is open, it is
//! written to no more, because nobody would find what is in it.

mod create;
mod error;
mod layout;
mod open;
mod place;
mod records;
mod writer;

pub use error::StoreError;
pub(crate) use open::open;
pub(crate) use writer::{Batch, Store};
