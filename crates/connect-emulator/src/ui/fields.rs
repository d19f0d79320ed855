//! The fields of a form.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::Ui;
use super::stale;
use super::visitor::Visitor;

/// The fields of a posted form that is ours. Whoever wants to read one gets it from here, so no
/// form is read without its token.
#[derive(Clone)]
pub(super) struct Fields(Vec<(String, String)>);

/// The name of the field with the token.
pub(super) const TOKEN: &str = "form_token";

impl Fields {
    /// Returns the fields of a query string.
    pub(super) fn of_query(query: &str) -> Self {
        Self::parse(query.as_bytes())
    }

    /// Returns fields with these names and values.
    pub(super) fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(pairs.into_iter().map(own).collect())
    }

    fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Returns a field's value without blanks around it; empty when the form has no such field.
    pub(super) fn text(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(its, _)| its == name);
        field.map_or("", |(_, value)| value.trim())
    }

    /// Returns all values of a field that may come several times, with line breaks as texts have
    /// them.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let fields = self.0.iter().filter(|(its, _)| its == name);
        fields.map(|(_, value)| lines(value)).filter(|value| !value.is_empty()).collect()
    }

    /// Returns a field's text with line breaks as texts have them.
    pub(super) fn lines(&self, name: &str) -> String {
        lines(self.text(name))
    }

    /// Returns the same without some fields.
    pub(super) fn without(&self, names: &[String]) -> Self {
        Self(self.0.iter().filter(|(its, _)| !names.contains(its)).cloned().collect())
    }

    /// Returns the same with all fields of others in place of those with their names.
    pub(super) fn overlaid(self, others: &Self) -> Self {
        let own = self.0.into_iter().filter(|(name, _)| !others.has(name));
        Self(own.chain(others.0.iter().cloned()).collect())
    }

    /// Returns the fields whose names begin like this, by what follows.
    pub(super) fn starting<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    /// Whether there are none: nothing was sent.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(its, _)| its == name)
    }
}

/// Returns a value without blanks around it. Forms send other line breaks than texts have.
fn lines(value: &str) -> String {
    value.trim().replace("\r\n", "\n")
}

impl FromRequest<Arc<Ui>> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, ui: &Arc<Ui>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, ui).await;
        // Whoever changes sides may do so on a page of either.
        let is_of_both = parts.uri.path() == "/preferences";
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, ui).await.map_err(IntoResponse::into_response)?;
        let fields = Self::parse(&body);
        match ui.shown_to(fields.text(TOKEN)) {
            Some(shown_to) if shown_to == visitor.role || is_of_both => Ok(fields),
            shown_to => {
                let sent = fields.starting("").filter(|(name, _)| *name != TOKEN);
                Err(stale::page(&visitor, shown_to, &sent.collect::<Vec<_>>()))
            }
        }
    }
}
