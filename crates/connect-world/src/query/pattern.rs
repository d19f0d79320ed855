//! Patterns of `like` and `ilike`.

/// Texts with stars between them.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    first: String,
    middle: Vec<String>,
    /// The text after the last star. `None` when there is no star: then `first` is the whole text.
    last: Option<String>,
    case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Sensitive,
    Insensitive,
}

impl Case {
    fn folded(self, text: &str) -> Option<String> {
        (self == Self::Insensitive).then(|| text.to_lowercase())
    }
}

impl Pattern {
    /// Reads a pattern: `*` is any run, `\*` a star, `\\` a backslash. `**` is refused.
    pub(crate) fn parse(pattern: &str, case: Case) -> Option<Self> {
        let folded = case.folded(pattern);
        let mut parts = parts(folded.as_deref().unwrap_or(pattern))?;
        let last = if parts.len() > 1 { parts.pop() } else { None };
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or_default();
        Some(Self { first, middle: parts.collect(), last, case })
    }

    /// Returns the pattern of `search=term`: `term` anywhere, without regard to case.
    pub(crate) fn containing(term: &str) -> Option<Self> {
        let start = if term.starts_with('*') { "" } else { "*" };
        let end = if term.ends_with('*') { "" } else { "*" };
        Self::parse(&format!("{start}{term}{end}"), Case::Insensitive)
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let folded = self.case.folded(text);
        let text = folded.as_deref().unwrap_or(text);
        let Some(last) = &self.last else {
            return text == self.first;
        };
        let inner = text.strip_prefix(&*self.first).and_then(|rest| rest.strip_suffix(&**last));
        inner.is_some_and(|inner| self.middle_in(inner))
    }

    fn middle_in(&self, mut rest: &str) -> bool {
        for part in &self.middle {
            match rest.split_once(&**part) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        true
    }
}

/// Returns the literal texts before, between and after the stars.
fn parts(pattern: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => return None,
            '*' => parts.push(std::mem::take(&mut part)),
            '\\' => part.push(chars.next_if(|next| matches!(next, '*' | '\\')).unwrap_or(c)),
            _ => part.push(c),
        }
    }
    parts.push(part);
    Some(parts)
}
