//! The page of documentation names everything there is.

const PAGE: &str = include_str!("../../../../docs/cli.md");

/// The stable error codes that the sources mention.
fn codes(source: &str) -> Vec<&str> {
    let quoted = source.split('"').skip(1).step_by(2);
    quoted.filter(|word| word.starts_with("CLI_")).collect()
}

/// The commands that a help page lists.
fn commands(help: &str) -> Vec<&str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| line.starts_with("  "));
    listed.filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn every_error_code_is_documented() {
    let codes = codes(include_str!("../../src/exit.rs"));
    assert!(codes.len() > 10);
    for code in codes {
        assert!(PAGE.contains(&format!("`{code}`")), "docs/cli.md does not mention {code}");
    }
}

#[test]
fn every_command_is_documented() {
    for group in ["", "request", "asset", "product", "fault", "run"] {
        let help = crate::cnct::cnct(&format!("{group} --help")).output().unwrap().stdout;
        let help = String::from_utf8(help).unwrap();
        let commands = commands(&help);
        assert!(commands.len() > 2, "{help}");
        for command in commands.iter().filter(|command| **command != "help") {
            let name = format!("cnct {group} {command}").replace("  ", " ");
            assert!(PAGE.contains(&name), "docs/cli.md does not mention {name}");
        }
    }
}
