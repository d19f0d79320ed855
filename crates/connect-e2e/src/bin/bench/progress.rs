//! Words for whoever waits.

/// Tells everything but results, which go to the standard output.
#[expect(clippy::print_stderr, reason = "whoever waits wants to know")]
pub(crate) fn tell(text: &str) {
    eprintln!("{text}");
}
