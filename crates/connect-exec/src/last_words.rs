//! What a program printed last, for whoever is told that it has ended.

use std::collections::VecDeque;
use std::fmt;

/// The most lines that are kept. The traces of languages end, or nearly end, with what is wrong.
const MOST_LINES: usize = 16;
/// The most of one line, in characters.
const LONGEST_LINE: usize = 400;

/// The last lines that a program printed; those that are empty say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWords(VecDeque<String>);

impl LastWords {
    /// Adds a line, as it is logged.
    pub(crate) fn add(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if self.0.len() == MOST_LINES {
            self.0.pop_front();
        }
        let cut =
            line.char_indices().nth(LONGEST_LINE).map(|(end, _)| format!("{} …", &line[..end]));
        self.0.push_back(cut.unwrap_or_else(|| line.to_owned()));
    }
}

/// On one line, as the log has it.
impl fmt::Display for LastWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.0.iter();
        let Some(first) = lines.next() else { return f.write_str("it printed nothing") };
        write!(f, "it printed last: {first}")?;
        lines.try_for_each(|line| write!(f, " | {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: impl IntoIterator<Item = String>) -> String {
        let mut words = LastWords::default();
        lines.into_iter().for_each(|line| words.add(&line));
        words.to_string()
    }

    #[test]
    fn the_last_lines_are_kept_within_limits() {
        assert_eq!(of([]), "it printed nothing");
        assert_eq!(of(["  a".into(), String::new(), "b ".into()]), "it printed last: a | b");
        let long = of((0..1000).map(|line| format!("{line} {}", "ü".repeat(4096))));
        assert!(long.starts_with("it printed last: 984 ü"), "{long}");
        assert!(long.contains(" | 999 ü") && long.ends_with("ü …"), "{long}");
        assert_eq!(long.matches(" … | ").count(), MOST_LINES - 1);
        assert!(long.chars().count() < MOST_LINES * (LONGEST_LINE + 10));
    }
}
