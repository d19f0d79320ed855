//! The page of documentation names everything there is.

const PAGE: &str = include_str!("../../../../docs/cli.md");

/// The stable error codes that the sources mention.
fn codes(source: &str) -> Vec<&str> {
    let quoted = source.split('"').skip(1).step_by(2);
    quoted.filter(|word| word.starts_with("CLI_")).collect()
}

fn help(command: &str) -> String {
    let help = crate::cnct::cnct(&format!("{command} --help")).output().unwrap().stdout;
    String::from_utf8(help).unwrap()
}

/// The commands that a help page lists, with what it says of each.
fn commands(help: &str) -> Vec<(&str, &str)> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| line.starts_with("  "));
    let named = listed.filter_map(|line| line.trim().split_once("  "));
    named.map(|(name, about)| (name, about.trim())).filter(|(name, _)| *name != "help").collect()
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
    for group in ["", "request", "asset", "product", "usage", "webhook", "fault", "run"] {
        let help = help(group);
        let commands = commands(&help);
        assert!(commands.len() > 1, "{help}");
        for (command, _) in commands {
            let name = format!("cnct {group} {command}").replace("  ", " ");
            assert!(PAGE.contains(&name), "docs/cli.md does not mention {name}");
        }
    }
}

#[test]
fn a_command_says_of_itself_what_its_group_says_of_it() {
    for group in ["", "request", "asset", "product", "usage", "webhook", "fault", "run"] {
        for (command, about) in commands(&help(group)) {
            let own = help(&format!("{group} {command}"));
            assert!(own.starts_with(about), "cnct {group} {command} --help: {own}");
        }
    }
}
