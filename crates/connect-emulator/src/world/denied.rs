//! How the world says no.

use connect_model::Refusal;
use connect_model::lifecycle::asset_request::Refused;
use http::StatusCode;

/// A command or question was refused: a status and the platform's error body.
///
/// Codes that are not Connect's own begin with `EMU_`: `EMU_001` asks for something the emulator
/// does not emulate (501), `EMU_002` could not be written to disk (503), `EMU_500` met a defect of
/// the emulator (500).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{status}: {refusal}")]
pub struct Denied {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body.
    pub refusal: Refusal,
}

impl Denied {
    /// A refusal with a status, a code and one message.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, refusal: Refusal::new(code, message) }
    }

    /// 404 `NOT_FOUND`: there is no such object, or the caller may not know that there is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Object not found.")
    }

    /// 403 `AUTH_004`: the caller is on the wrong side of the transaction.
    #[must_use]
    pub fn forbidden() -> Self {
        Refused::Side.into()
    }

    /// 400 `VAL_001`: a field does not hold what it should.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "VAL_001", message)
    }

    /// 400 with a code of the platform.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 400 `REQ_005`: an action was sent without what it needs.
    #[must_use]
    pub fn missing(field: &str) -> Self {
        Self::refused("REQ_005", format!("Missed fields: {field}."))
    }

    /// 409: the asset stands in the way.
    #[must_use]
    pub fn conflict(refusal: Refusal) -> Self {
        Self { status: StatusCode::CONFLICT, refusal }
    }

    /// 501 `EMU_001`: the platform has it, the emulator does not. A refusal is better than a guess.
    pub fn not_emulated(what: &str) -> Self {
        let text = format!("Not emulated yet: {what}. Nothing was changed.");
        Self::new(StatusCode::NOT_IMPLEMENTED, "EMU_001", text)
    }

    /// 500 `EMU_500`: a defect of the emulator.
    #[must_use]
    pub fn broken() -> Self {
        let message = "The emulator failed on this call; its log says where.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "EMU_500", message)
    }

    /// 503 `EMU_002`: the change could not be kept, so it did not happen.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "EMU_002", cause)
    }
}

impl From<Refused> for Denied {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::Side => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, refusal: refused.refusal() }
    }
}
