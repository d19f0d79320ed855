//! A place in a query's text.

use super::error::{MAX_DEPTH, RqlError};

pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Steps over `token` if it comes next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn expect(&mut self, token: &str, expected: &'static str) -> Result<(), RqlError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(expected)) }
    }

    /// Takes a character that is `first` and all that follow and are `next`.
    pub(super) fn take(
        &mut self,
        first: fn(char) -> bool,
        next: fn(char) -> bool,
    ) -> Option<&'t str> {
        let rest = self.rest();
        if !rest.starts_with(first) {
            return None;
        }
        let (taken, _) = rest.split_at(rest.find(|c| !next(c)).unwrap_or(rest.len()));
        self.at += taken.len();
        Some(taken)
    }

    /// Takes everything before the next `end`, and `end` itself.
    pub(super) fn take_until(&mut self, end: char) -> Option<&'t str> {
        let (taken, _) = self.rest().split_once(end)?;
        self.at += taken.len() + end.len_utf8();
        Some(taken)
    }

    /// Runs `parse` one level deeper; the levels are bounded so that the stack is.
    pub(super) fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, RqlError>,
    ) -> Result<T, RqlError> {
        if self.depth == MAX_DEPTH {
            return Err(RqlError::TooDeep { position: self.at });
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    pub(super) fn error(&self, expected: &'static str) -> RqlError {
        RqlError::Syntax { position: self.at, expected }
    }
}
