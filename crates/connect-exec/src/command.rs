//! The program that workers run, and how they are spoken to.

use std::fmt;
use std::str::FromStr;

/// A program with its arguments, as it is written in a shell: `python3 "my handlers.py"`. No shell reads
/// it: words are parted and quotes removed, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
}

/// A text that is no command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCommandLine {
    /// A quote that is not closed.
    #[error("a quote in it is not closed")]
    Quote,
    /// Nothing is in it.
    #[error("it names no program; write for example \"python3 handlers.py\"")]
    Empty,
}

impl FromStr for CommandLine {
    type Err = BadCommandLine;

    fn from_str(text: &str) -> Result<Self, BadCommandLine> {
        let mut words = shlex::split(text).ok_or(BadCommandLine::Quote)?.into_iter();
        let program = words.next().filter(|program| !program.is_empty());
        Ok(Self { program: program.ok_or(BadCommandLine::Empty)?, arguments: words.collect() })
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.program)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

/// Where the messages go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Channel {
    /// They are read from standard input and written to standard output.
    #[default]
    Stdio,
    /// Standard input is a socket for both, and standard output is for the log.
    Socket,
}

impl Channel {
    /// Returns the word that workers find in `CONNECT_CHANNEL`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::Socket => "socket",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_as_a_shell_does() {
        let line: CommandLine = r#"python3 -u "my handlers.py" --flag='a b'"#.parse().unwrap();
        assert_eq!(line.program, "python3");
        assert_eq!(line.arguments, ["-u", "my handlers.py", "--flag=a b"]);
        assert_eq!("'open".parse::<CommandLine>(), Err(BadCommandLine::Quote));
        assert_eq!("  ".parse::<CommandLine>(), Err(BadCommandLine::Empty));
    }
}
