//! Refusals of questions, in words for whoever asks.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use connect_processor::QuestionError;
use serde_json::json;

/// The longest that an answer takes. Connect waits for half a minute, and is told before that.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(25);

/// Refuses with a status and a reason.
pub(crate) fn refuse(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "errors": [why] }))).into_response()
}

/// Refuses because there is no answer.
pub(crate) fn unanswered(error: &QuestionError) -> Response {
    let status = match error {
        QuestionError::Unknown { .. } => StatusCode::NOT_FOUND,
        QuestionError::Unreadable { .. } | QuestionError::Refused { .. } => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    tracing::debug!(why = %error, %status, "a question has no answer");
    refuse(status, &error.to_string())
}

/// Refuses because an answer took too long.
pub(crate) fn late(who: &str) -> Response {
    tracing::warn!(limit_s = ANSWER_LIMIT.as_secs(), "{who} took too long");
    refuse(StatusCode::GATEWAY_TIMEOUT, "It took too long.")
}
