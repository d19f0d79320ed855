//! Randomness of the system, which nobody can guess.

use std::io;

/// Returns that many random bytes. Fails where the system has none to give.
pub(crate) fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut random = [0; N];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(random)
}

/// Returns 144 random bits as text.
pub(crate) fn secret() -> io::Result<String> {
    Ok(bytes::<18>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}
