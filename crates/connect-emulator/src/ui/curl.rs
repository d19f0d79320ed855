//! Calls as commands for a shell.

use http::Method;

/// A call to be made again.
pub(super) struct Curl<'a> {
    pub(super) method: &'a Method,
    pub(super) url: String,
    /// Whether the caller had a key. The command takes it from the shell's `CONNECT_API_KEY`: a key
    /// is never written down.
    pub(super) with_key: bool,
    /// The body; empty when the call had none.
    pub(super) body: &'a str,
}

impl Curl<'_> {
    /// Returns the command, a line for each argument.
    pub(super) fn command(&self) -> String {
        let lines = [Some(self.call()), self.key(), self.kind(), self.data()];
        lines.into_iter().flatten().collect::<Vec<_>>().join(" \\\n  ")
    }

    /// Returns the call itself. Braces and brackets would be patterns to curl, and `HEAD` has an
    /// option of its own.
    fn call(&self) -> String {
        let plain = if self.url.contains(['{', '[']) { " --globoff" } else { "" };
        let method = match *self.method {
            Method::GET => String::new(),
            Method::HEAD => " --head".to_owned(),
            ref other => format!(" -X {}", quoted(other.as_str())),
        };
        format!("curl{plain}{method} {}", quoted(&self.url))
    }

    fn key(&self) -> Option<String> {
        self.with_key.then(|| r#"-H "Authorization: $CONNECT_API_KEY""#.to_owned())
    }

    fn kind(&self) -> Option<String> {
        self.has_body().then(|| format!("-H {}", quoted("Content-Type: application/json")))
    }

    fn data(&self) -> Option<String> {
        self.has_body().then(|| format!("--data-raw {}", quoted(self.body)))
    }

    fn has_body(&self) -> bool {
        !self.body.is_empty()
    }
}

/// Returns a text as one word of a POSIX shell: within single quotes nothing has a meaning but
/// their end.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        let texts = [
            "",
            "plain-word_1.2/x",
            "two words",
            "it's",
            "'",
            "''quoted''",
            r"back\slash\'",
            "$HOME `id` $(id) !! \"x\" # ~ * ;&|",
            "-X",
            "line\nbreak\ttab",
            "żółw 🐢",
        ];
        for text in texts {
            let script = format!("printf %s {}", quoted(text));
            let said = Command::new("sh").args(["-c", &script]).output().unwrap();
            // `printf %s -X` prints an option-like word as it is.
            assert_eq!(String::from_utf8(said.stdout).unwrap(), text, "{script}");
        }
    }

    #[test]
    fn commands_name_the_key_and_do_not_hold_it() {
        let command = |method, url: &str, body| {
            Curl { method: &method, url: url.to_owned(), with_key: true, body }.command()
        };
        let body = r#"{"reason":"It's over"}"#;
        insta::assert_snapshot!(command(Method::POST, "http://127.0.0.1:1/requests/PR-1/fail", body), @r#"
        curl -X POST http://127.0.0.1:1/requests/PR-1/fail \
          -H "Authorization: $CONNECT_API_KEY" \
          -H 'Content-Type: application/json' \
          --data-raw '{"reason":"It'\''s over"}'
        "#);
        insta::assert_snapshot!(command(Method::GET, "http://127.0.0.1:1/requests?like(note,*[a]*)", ""), @r#"
        curl --globoff 'http://127.0.0.1:1/requests?like(note,*[a]*)' \
          -H "Authorization: $CONNECT_API_KEY"
        "#);
    }
}
