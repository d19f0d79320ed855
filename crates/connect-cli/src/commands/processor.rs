//! `cnct run --exec`: a processor whose handlers are another program's.

use std::ffi::OsString;
use std::process::ExitCode;

use connect_exec::ExecSettings;
use connect_runner::Program;

/// Returns the arguments of a processor, when these are some and not those of a command: a program of its
/// own, with the settings that every processor's has.
pub(crate) fn processor_arguments(
    arguments: impl Iterator<Item = OsString>,
) -> Option<Vec<OsString>> {
    let arguments: Vec<OsString> = arguments.skip(1).collect();
    let (run, rest) = arguments.split_first()?;
    let names_handlers = |argument: &OsString| {
        let argument = argument.to_string_lossy();
        ["--exec", "--template"].iter().any(|name| argument.starts_with(name))
    };
    (run == "run" && rest.iter().any(names_handlers))
        .then(|| std::iter::once("cnct run".into()).chain(rest.iter().cloned()).collect())
}

/// Runs a processor to its end.
pub(crate) fn run_processor(arguments: Vec<OsString>) -> ExitCode {
    Program::new("cnct")
        .about("Processes Connect's requests with handlers in any language")
        .version(env!("CARGO_PKG_VERSION"))
        .run_with(arguments, ExecSettings::start, connect_exec::processor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_processor(line: &str) -> bool {
        processor_arguments(line.split(' ').map(OsString::from)).is_some()
    }

    #[test]
    fn run_is_a_processor_when_it_names_handlers() {
        assert!(is_processor("cnct run --once --exec python3"));
        assert!(is_processor("cnct run --exec=python3 --help"));
        assert!(is_processor("cnct run --template project"));
        assert!(!is_processor("cnct run list --state parked"));
        assert!(!is_processor("cnct run --help"));
        assert!(!is_processor("cnct journal --exec"));
        assert!(!is_processor("cnct"));
    }
}
