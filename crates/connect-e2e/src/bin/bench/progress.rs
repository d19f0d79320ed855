//! What is told to whoever waits.

/// Results go to the standard output, everything else here.
#[expect(clippy::print_stderr, reason = "whoever waits wants to know")]
pub(crate) fn tell(text: &str) {
    eprintln!("{text}");
}
