//! The words of the command line.

use anyhow::{Context, Result, bail};

/// The seconds that a target runs for unless told otherwise.
const SECONDS: u32 = 60;

/// What the words ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) seconds: u32,
    /// Whether the corpus is to become what was found.
    pub(super) minimise: bool,
    pub(super) targets: Vec<String>,
}

impl Words {
    /// Reads the words; without a target they mean all.
    pub(super) fn read(words: &[&str], all: &[String]) -> Result<Self> {
        let mut read = Self { seconds: SECONDS, minimise: false, targets: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.split_once('=').unwrap_or((word, "")) {
                ("--seconds", "") => read.seconds = seconds(words.next().copied())?,
                ("--seconds", joined) => read.seconds = seconds(Some(joined))?,
                ("--minimise", "") => read.minimise = true,
                _ if all.iter().any(|name| name == word) => read.targets.push((*word).to_owned()),
                _ => bail!("there is no target `{word}`: there are {}", all.join(", ")),
            }
        }
        if read.targets.is_empty() {
            all.clone_into(&mut read.targets);
        }
        Ok(read)
    }
}

fn seconds(word: Option<&str>) -> Result<u32> {
    let seconds = word.and_then(|word| word.parse().ok()).filter(|seconds| *seconds > 0);
    seconds.context("--seconds needs a number of seconds, such as `--seconds 300`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Words> {
        Words::read(words, &["bodies".to_owned(), "rql".to_owned()])
    }

    #[test]
    fn all_targets_run_for_a_minute_unless_told_otherwise() {
        let all = vec!["bodies".to_owned(), "rql".to_owned()];
        let wanted = Words { seconds: 60, minimise: false, targets: all };
        assert_eq!(read(&[]).unwrap(), wanted);
        let wanted = Words { seconds: 9, minimise: true, targets: vec!["rql".to_owned()] };
        assert_eq!(read(&["--seconds", "9", "rql", "--minimise"]).unwrap(), wanted);
        assert_eq!(read(&["--minimise", "--seconds=9", "rql"]).unwrap(), wanted);
    }

    #[test]
    fn what_is_no_target_and_no_number_of_seconds_is_refused() {
        let refusal = |words: &[&str]| read(words).unwrap_err().to_string();
        assert_eq!(refusal(&["sql"]), "there is no target `sql`: there are bodies, rql");
        for words in [&["--seconds"][..], &["--seconds", "soon"], &["--seconds=0"]] {
            assert!(refusal(words).starts_with("--seconds needs a number"), "{words:?}");
        }
    }
}
