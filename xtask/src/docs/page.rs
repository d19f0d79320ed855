//! The blocks of a page, and the script that runs them.

/// A kind of block of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Shell,
    Server,
    Python,
    Rust,
}

impl Kind {
    /// Reads what stands after the backticks.
    fn of(info: &str) -> Option<Self> {
        match info.split_whitespace().collect::<Vec<_>>()[..] {
            ["sh"] | ["sh", "exits", _] => Some(Self::Shell),
            ["sh", "server"] => Some(Self::Server),
            ["python"] => Some(Self::Python),
            ["rust"] => Some(Self::Rust),
            _ => None,
        }
    }
}

/// A block of code that is run, or that it is said of that it is not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// The exit code of the last command, when the page says it.
    exits: Option<String>,
    text: String,
}

impl Block {
    /// The block that stands behind these words, if it is one that is wanted.
    fn begin(info: &str) -> Option<Self> {
        let exits = info.split_once("exits ").map(|(_, code)| code.trim().to_owned());
        Kind::of(info).map(|kind| Self { kind, exits, text: String::new() })
    }
}

/// The blocks of a page. The chores of the repository are left out: one of them runs this.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    let mut wanted = false;
    for line in page.lines() {
        match line.trim_start().strip_prefix("```") {
            Some(_) if inside => (inside, wanted) = (false, false),
            Some(info) => {
                inside = true;
                let block = Block::begin(info);
                wanted = block.is_some();
                blocks.extend(block);
            }
            None if wanted && !line.trim_start().starts_with("cargo xtask") => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            None => {}
        }
    }
    blocks.retain(|block| !block.text.trim().is_empty());
    blocks
}

/// The beginning of the script. Whatever a page leaves running ends with it.
const PRELUDE: &str = r#"set -Eeu
server=
end_server() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" || true; }
    server=
}
answers() {
    for _ in $(seq 600); do
        if [ -z "$1" ] || [ -s "$1" ]; then
            if (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; then return; fi
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    echo "the server of the page does not answer on port 8080" >&2
    return 1
}
exits_with() {
    [ "$1" = "$2" ] || { echo "this command exits with $2 and not with $1: $3" >&2; return 1; }
}
trap 'end_server; kill $(jobs -p) 2>/dev/null || true; wait' EXIT
trap 'echo "this command failed: $BASH_COMMAND" >&2' ERR
"#;

/// A shell script that does what the page says.
pub(crate) fn script(blocks: &[Block]) -> String {
    blocks.iter().fold(PRELUDE.to_owned(), |script, block| script + &block.script())
}

impl Block {
    fn script(&self) -> String {
        let text = &self.text;
        match self.kind {
            Kind::Shell => self.commands(),
            Kind::Server => {
                let (command, file) = (text.trim(), ready_file(text));
                format!("end_server\n( exec {command}\n) &\nserver=$!\nanswers '{file}'\n")
            }
            Kind::Python => format!("python - <<'END OF PYTHON'\n{text}END OF PYTHON\n"),
            Kind::Rust => String::new(),
        }
    }
}

impl Block {
    /// The commands, with a check of how the last one ends when the page says how.
    fn commands(&self) -> String {
        let Some(code) = &self.exits else { return self.text.clone() };
        let text = self.text.trim_end();
        let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let quoted = last.replace('\'', r"'\''");
        format!("{before}\ncode=0; {last} || code=$?; exits_with {code} \"$code\" '{quoted}'\n")
    }
}

/// The file that a server writes once everything answers, if it is told to.
fn ready_file(command: &str) -> &str {
    let mut words = command.split_whitespace().skip_while(|word| *word != "--ready-file");
    words.nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const PAGE: &str = "\
Text.

```sh server
cnct up
```

```text
never
```

```sh exits 5
cnct asset list
cargo xtask test
cnct asset resume AS-1
```

1. in a list
   ```python
   print(1)
   ```
";

    fn kinds(page: &str) -> Vec<Kind> {
        blocks(page).iter().map(|block| block.kind).collect()
    }

    /// Returns how the script of a page ends, and what it says.
    fn follow(page: &str) -> (bool, String) {
        let output = Command::new("bash").args(["-c", &script(&blocks(page))]).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }

    #[test]
    fn a_page_is_its_blocks_of_shell_server_python_and_rust() {
        assert_eq!(kinds(PAGE), [Kind::Server, Kind::Shell, Kind::Python]);
        assert_eq!(kinds("```rust\nfn main() {}\n```\n```json\n{}\n```\n"), [Kind::Rust]);
    }

    #[test]
    fn a_block_with_nothing_but_chores_is_none() {
        assert_eq!(kinds("```sh\ncargo xtask test\n```\n"), []);
        let shell = &blocks(PAGE)[1];
        assert!(!shell.text.contains("xtask"), "{}", shell.text);
    }

    #[test]
    fn a_server_is_waited_for_until_its_ready_file_is_there() {
        let script = script(&blocks("```sh server\ncnct up --ready-file ready.json\n```\n"));
        assert!(script.ends_with("server=$!\nanswers 'ready.json'\n"), "{script}");
        assert!(super::script(&blocks(PAGE)).contains("answers ''\n"));
    }

    #[test]
    fn a_command_that_fails_ends_the_page_and_is_named() {
        let (good, said) = follow("```sh\ntrue\nfalse # a comment\n```\n```sh\necho on >&2\n```\n");
        assert!(!good);
        assert_eq!(said, "this command failed: false\n");
    }

    #[test]
    fn a_command_that_exits_as_the_page_says_is_good() {
        assert!(follow("```sh exits 5\ntrue\n(exit 5)\n```\n").0);
    }

    #[test]
    fn a_command_that_exits_otherwise_than_the_page_says_is_named() {
        for (page, code) in [("true", "0"), ("(exit 6)", "6")] {
            let (good, said) = follow(&format!("```sh exits 5\n{page}\n```\n"));
            assert!(!good);
            assert!(said.contains(&format!("exits with {code} and not with 5: {page}")), "{said}");
        }
    }
}
