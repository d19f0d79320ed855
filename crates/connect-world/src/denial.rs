//! The refusals of the world.

use std::fmt;

use connect_model::Refusal;
use connect_model::lifecycle::Refused;
use connect_model::lifecycle::billing_request::BillingRefused;
use connect_model::lifecycle::usage_file::UsageFileRefused;
use connect_model::lifecycle::usage_record::UsageRecordRefused;
use serde_json::Value;

use crate::refusal_text;

/// A refusal of a command or question: its kind, and the platform's words.
///
/// Codes that are not Connect's own begin with `EMU_`: `EMU_001` asks for something the emulator
/// does not emulate, `EMU_002` could not be written to disk, `EMU_500` met a defect of the emulator.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{kind}: {refusal}")]
pub struct Denial {
    /// The kind of the refusal.
    pub kind: DenialKind,
    /// The body of the platform's answer.
    pub refusal: Refusal,
}

/// The kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DenialKind {
    /// A command or question that is not sound, or not now.
    Invalid,
    /// Something that the caller may not do.
    Forbidden,
    /// No such object, or none that the caller may know of.
    NotFound,
    /// Another object in the way.
    Conflict,
    /// Something that the platform has and the emulator does not.
    NotEmulated,
    /// A defect of the emulator.
    Broken,
    /// Changes that can no longer be kept.
    Unavailable,
}

impl fmt::Display for DenialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "invalid",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::NotEmulated => "not emulated",
            Self::Broken => "broken",
            Self::Unavailable => "unavailable",
        })
    }
}

impl Denial {
    /// Returns a refusal of a kind with a code and one message.
    pub fn new(kind: DenialKind, code: &str, message: impl Into<String>) -> Self {
        Self { kind, refusal: Refusal::new(code, message) }
    }

    /// Refuses with `NOT_FOUND`: there is no such object, or the caller may not know that there is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(DenialKind::NotFound, "NOT_FOUND", "Object not found.")
    }

    /// Refuses with `AUTH_004`: the caller is on the wrong side of the transaction.
    #[must_use]
    pub fn forbidden() -> Self {
        Refused::Side.into()
    }

    /// Refuses with `VAL_001`: a field does not hold what it should.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(DenialKind::Invalid, "VAL_001", message)
    }

    /// Returns a refusal with a code of the platform.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::new(DenialKind::Invalid, code, message)
    }

    /// Refuses with `VAL_001`: a body lacks a field.
    #[must_use]
    pub fn absent(path: &str) -> Self {
        Self::invalid(format!("{path}: {}", refusal_text::REQUIRED))
    }

    /// Refuses with `REQ_005`: an action was sent without what it needs.
    #[must_use]
    pub fn missing(field: &str) -> Self {
        Self::refused("REQ_005", format!("Missed fields: {field}."))
    }

    /// Refuses because the asset stands in the way.
    #[must_use]
    pub fn conflict(refusal: Refusal) -> Self {
        Self { kind: DenialKind::Conflict, refusal }
    }

    /// Refuses a body that is something else than an object.
    #[must_use]
    pub fn not_an_object(found: &Value) -> Self {
        Self::invalid(refusal_text::not_an_object(found))
    }

    /// Refuses with `EMU_001`: the platform has it, the emulator does not. A refusal is better than
    /// a guess.
    pub fn not_emulated(what: &str) -> Self {
        let text = format!("Not emulated yet: {what}. Nothing was changed.");
        Self::new(DenialKind::NotEmulated, "EMU_001", text)
    }

    /// Refuses with `EMU_500`: a defect of the emulator.
    #[must_use]
    pub fn broken() -> Self {
        let message = "The emulator failed on this call; its log says where.";
        Self::new(DenialKind::Broken, "EMU_500", message)
    }

    /// Refuses with `EMU_002`: the change could not be kept, so it did not happen.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self::new(DenialKind::Unavailable, "EMU_002", cause)
    }
}

impl From<UsageFileRefused> for Denial {
    fn from(refused: UsageFileRefused) -> Self {
        let kind = match refused {
            UsageFileRefused::Side => DenialKind::Forbidden,
            UsageFileRefused::Status { .. } => DenialKind::Invalid,
        };
        Self { kind, refusal: refused.refusal() }
    }
}

impl From<BillingRefused> for Denial {
    fn from(refused: BillingRefused) -> Self {
        let kind = match refused {
            BillingRefused::Side => DenialKind::Forbidden,
            BillingRefused::Status(_) => DenialKind::Invalid,
        };
        Self { kind, refusal: refused.refusal() }
    }
}

impl From<UsageRecordRefused> for Denial {
    fn from(refused: UsageRecordRefused) -> Self {
        let kind = match refused {
            UsageRecordRefused::Side => DenialKind::Forbidden,
            _ => DenialKind::Invalid,
        };
        Self { kind, refusal: refused.refusal() }
    }
}

impl From<Refused> for Denial {
    fn from(refused: Refused) -> Self {
        let kind = match refused {
            Refused::Side => DenialKind::Forbidden,
            _ => DenialKind::Invalid,
        };
        Self { kind, refusal: refused.refusal() }
    }
}
