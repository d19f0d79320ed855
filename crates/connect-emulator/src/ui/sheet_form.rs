//! A posted form that brings a workbook.

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request};
use axum::response::Response;
use bytes::Bytes;
use connect_world::Denial;
use http::StatusCode;

use super::Ui;
use super::fields::TOKEN;
use super::stale;
use super::visitor::Visitor;

/// The most bytes of the form's token.
const LONGEST_TOKEN: usize = 1024;

/// The workbook of a posted form that is ours, or why there is none. Its token comes first: without
/// one that is good, nothing of the workbook is read.
pub(super) struct SheetForm(pub(super) Result<Bytes, Denial>);

/// Returns the limit of the routes that take such a form: a workbook that is somewhat too large is
/// read to its end, so that the browser hears why.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(2 * usage_sheet::LARGEST)
}

impl FromRequest<Arc<Ui>> for SheetForm {
    type Rejection = Response;

    async fn from_request(request: Request, ui: &Arc<Ui>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, ui).await;
        let form = Multipart::from_request(Request::from_parts(parts, body), ui).await;
        let Ok(mut form) = form else { return Err(stale::with_file(&visitor, None)) };
        let shown_to = match token(&mut form).await {
            Some(token) => ui.shown_to(&token),
            None => None,
        };
        match shown_to {
            Some(role) if role == visitor.role => Ok(Self(workbook(&mut form).await)),
            other => Err(stale::with_file(&visitor, other)),
        }
    }
}

async fn token(form: &mut Multipart) -> Option<String> {
    let mut field = form.next_field().await.ok().flatten()?;
    if field.name() != Some(TOKEN) {
        return None;
    }
    let token = read(&mut field, LONGEST_TOKEN).await.ok()?;
    String::from_utf8(token).ok()
}

async fn workbook(form: &mut Multipart) -> Result<Bytes, Denial> {
    let field = form.next_field().await.map_err(|error| broken_off(&error))?;
    let Some(mut field) = field else { return Ok(Bytes::new()) };
    // One byte more says that it is too large.
    let read = read(&mut field, usage_sheet::LARGEST + 1).await;
    read.map(Bytes::from).map_err(|error| broken_off(&error))
}

/// Reads a field to its end, and keeps so much of it.
async fn read(field: &mut Field<'_>, most: usize) -> Result<Vec<u8>, MultipartError> {
    let mut kept = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        let room = most.saturating_sub(kept.len());
        kept.extend_from_slice(&chunk[..room.min(chunk.len())]);
    }
    Ok(kept)
}

fn broken_off(error: &MultipartError) -> Denial {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let most = usage_sheet::LARGEST;
            Denial::invalid(usage_sheet::SheetError::TooLarge { most }.to_string())
        }
        _ => Denial::invalid("The file broke off before its end."),
    }
}
