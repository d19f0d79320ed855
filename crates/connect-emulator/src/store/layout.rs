//! The marks by which a file is known for a world of ours.

/// Marks the file as ours: `CnEm` in ASCII.
pub(super) const APPLICATION: i32 = 0x436e_456d;
/// The layout of the file this version writes: since 2 every party has a record of its own.
pub(super) const LAYOUT: i32 = 2;
