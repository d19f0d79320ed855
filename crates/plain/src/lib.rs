//! Words of others, made harmless.
//!
//! A platform, a vendor or a customer may write anything into a name or a message: sequences that
//! set a terminal's title or clear its screen, a line break that forges the next line of a log, a
//! mark that turns the direction of all text behind it. Whatever comes from outside goes through
//! [`text`] before a person reads it, through [`json`] where a program does, and with the feature
//! `tracing` through [`Fields`] where it is logged.
//!
//! ```
//! assert_eq!(plain::text("t-1\u{1b}[2J\nERROR all is lost"), "t-1\u{fffd}[2J ERROR all is lost");
//! assert_eq!(plain::json("\"a\u{202e}b\""), r#""a\u202eb""#);
//! ```

#[cfg(feature = "tracing")]
mod fields;

use std::borrow::Cow;
use std::fmt::Write;

#[cfg(feature = "tracing")]
pub use fields::Fields;

/// Returns the text as one line that steers nothing: white space of all kinds is a space, what
/// would steer a terminal or turn the direction of text is `�`, and marks that show nothing are
/// gone.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| instead(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match instead(c) {
            None => plain.push(c),
            Some(other) => plain.push_str(other),
        }
    }
    Cow::Owned(plain)
}

/// Returns JSON of the same value in which nothing steers a terminal: what [`text`] would replace
/// is written as `\u` and four digits, once or twice. In JSON such characters can stand inside of
/// strings only; line breaks and tabs between the values stay.
#[must_use]
pub fn json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(must_be_escaped) {
        return Cow::Borrowed(json);
    }
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if must_be_escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(c);
        }
    }
    Cow::Owned(plain)
}

fn must_be_escaped(c: char) -> bool {
    !matches!(c, '\n' | '\r' | '\t') && instead(c).is_some()
}

/// Returns the text that stands in a character's place; `None` leaves the character.
fn instead(c: char) -> Option<&'static str> {
    match c {
        ' '..='~' => None,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(" "),
        // C0, DEL, C1.
        _ if c.is_control() => Some("\u{fffd}"),
        // Embeddings, overrides and isolates turn what follows.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("\u{fffd}"),
        // Marks for one direction, the deprecated format characters, a byte order mark.
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{206a}'..='\u{206f}' | '\u{feff}' => Some(""),
        // Marks that are not seen: places for a break, invisible operators, annotations and tags. Two words
        // that look the same would differ, and a text hold another. Joiners stay: scripts need them.
        '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' => Some(""),
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => Some(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns everything that steers a terminal or the direction of text, or is not seen.
    fn harmful() -> impl Iterator<Item = char> {
        let controls = ('\0'..=' ').filter(|c| *c != ' ').chain('\u{7f}'..='\u{9f}');
        let turns = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        let marks = ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2029}', '\u{feff}'];
        let breaks = ['\u{ad}', '\u{200b}'].into_iter().chain('\u{2060}'..='\u{2064}');
        let tags = ('\u{fff9}'..='\u{fffb}').chain('\u{e0000}'..='\u{e007f}');
        controls.chain(turns).chain(marks).chain(breaks).chain(tags)
    }

    #[test]
    fn nothing_that_steers_is_left_in_text() {
        assert!(harmful().count() > 200);
        for c in harmful() {
            let words = format!("a{c}b");
            let plain = text(&words);
            assert!(!plain.contains(c) && plain.starts_with('a') && plain.ends_with('b'), "{c:?}");
            assert_eq!(plain.lines().count(), 1, "{c:?}");
        }
    }

    #[test]
    fn sequences_of_terminals_lose_their_power() {
        for (words, plain) in [
            ("\u{1b}]0;title\u{7}x", "\u{fffd}]0;title\u{fffd}x"),
            ("\u{1b}[2J\u{1b}[31mred", "\u{fffd}[2J\u{fffd}[31mred"),
            ("\u{9b}2J", "\u{fffd}2J"),
            ("a\r\nb\tc", "a  b c"),
            ("evil\u{202e}txt.exe", "evil\u{fffd}txt.exe"),
        ] {
            assert_eq!(text(words), plain);
        }
    }

    #[test]
    fn words_of_all_scripts_stay_as_they_are() {
        for words in ["", "Ärger & Söhne", "株式会社", "شركة", "חברה", "👩‍💻", "نمی\u{200c}خواهم"]
        {
            assert!(matches!(text(words), Cow::Borrowed(same) if same == words), "{words}");
        }
    }

    #[test]
    fn json_keeps_its_value_and_steers_nothing() {
        for c in harmful() {
            let value = serde_json::json!({format!("k{c}"): [format!("v{c}w")]});
            for written in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                let plain = json(&written);
                assert_eq!(serde_json::from_str::<serde_json::Value>(&plain).unwrap(), value);
                assert!(!plain.chars().any(must_be_escaped), "{c:?}: {plain}");
            }
        }
    }
}
