//! What can be done to records: the distributor accepts and closes them.

use bytes::Bytes;
use connect_model::lifecycle::usage_record::{
    self as lifecycle, UsageRecordOperation as Operation,
};
use connect_model::{UsageFileId, UsageRecordId, UsageRecordStatus as Status};
use serde::Serialize;
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::listed::{Listed, Look};
use crate::read::json;
use crate::refusal_text;
use crate::state::State;
use crate::usage_file::listed::visible;
use crate::usage_file::turn::close_file;
use crate::usage_file::view::show as show_file;
use crate::usage_record::change::{change_one, turn_all};
use crate::usage_record::filters::UsageRecordRow;
use crate::usage_record::listed::UsageRecords;
use crate::usage_record::record::{Closing, RecordPlace};
use crate::usage_record::view::UsageRecordView;

/// The most characters of what the distributor notes of a bill.
const LONGEST_TEXT: usize = 255;
/// The most records that are closed by one call.
const MOST_AT_ONCE: usize = 10_000;

/// A command on records of usage.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageRecordCommand {
    /// `PUT /usage/records/{id}`.
    Update {
        /// The record.
        id: UsageRecordId,
        /// The body.
        body: Value,
    },
    /// `POST /usage/records/{id}/close`.
    Close {
        /// The record.
        id: UsageRecordId,
        /// The body.
        body: Value,
    },
    /// `POST /usage/records/close-records`: closes those that it can, and says so of each.
    CloseAll {
        /// The body, a list.
        body: Value,
    },
    /// `PUT /usage/files/{id}/approve-all`: accepts all valid records of a file.
    ApproveAll {
        /// The file.
        file: UsageFileId,
    },
}

impl CarryOut for UsageRecordCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Update { body, .. } | Self::Close { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        let body = match self {
            Self::Update { id, body } => update(state, who, &id, &body)?,
            Self::Close { id, body } => {
                close(state, who, &id, &body, Bill::Needed)?;
                show(state, who, &id)?
            }
            Self::CloseAll { body } => close_all(state, who, &body)?,
            Self::ApproveAll { file } => approve_all(state, who, &file)?,
        };
        Ok(ObjectChange::changed(body))
    }
}

fn update(
    state: &mut State,
    who: &Actor,
    id: &UsageRecordId,
    body: &Value,
) -> Result<Bytes, Denial> {
    let to = Status::from(body::required(body, "status")?.as_str());
    let operation = match to {
        Status::Approved => Operation::Approve,
        Status::Rejected => Operation::Reject,
        _ => {
            find(state, who, id)?;
            return Err(Denial::invalid("status: Records are set to approved or rejected."));
        }
    };
    let found = allowed(state, who, id, operation)?;
    change_one(state, &found.file, &found.place, |record| record.status = to);
    close_file(state, who.signature(), &found.file);
    show(state, who, id)
}

/// Whether a record is closed without the id of its bill.
#[derive(Clone, Copy, PartialEq)]
enum Bill {
    Needed,
    Optional,
}

fn close(
    state: &mut State,
    who: &Actor,
    id: &UsageRecordId,
    body: &Value,
    bill: Bill,
) -> Result<(), Denial> {
    const BILLING_ID: &str = "external_billing_id";
    let found = allowed(state, who, id, Operation::Close)?;
    let text =
        |path| Ok::<_, Denial>(body::text_within(body, path, LONGEST_TEXT)?.unwrap_or_default());
    let billing_id = text(BILLING_ID)?;
    if bill == Bill::Needed {
        body::required(body, BILLING_ID)?;
    }
    let closing = Closing {
        at: state.now,
        by: who.signature(),
        billing_id: billing_id.into(),
        billing_note: text("external_billing_note")?.into(),
    };
    change_one(state, &found.file, &found.place, |record| record.close(closing));
    close_file(state, who.signature(), &found.file);
    Ok(())
}

/// One of many records that were to be closed.
#[derive(Serialize)]
struct Closed {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_codes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_details: Option<String>,
}

fn close_all(state: &mut State, who: &Actor, body: &Value) -> Result<Bytes, Denial> {
    let Value::Array(rows) = body else {
        return Err(Denial::invalid(refusal_text::not_a_list(body)));
    };
    if rows.len() > MOST_AT_ONCE {
        return Err(Denial::invalid(format!("At most {MOST_AT_ONCE} records are closed at once.")));
    }
    who.token()?;
    let closed = rows.iter().map(|row| {
        let id = body::text(row, "id").unwrap_or_default();
        let record = UsageRecordId::from(id.as_str());
        let refused =
            close(state, who, &record, row, Bill::Optional).err().map(|denied| denied.refusal);
        let status = find(state, who, &record).ok().map(|row| row.record().status.clone());
        let texts = |errors: &[String]| errors.join(" ");
        let error_codes = refused.as_ref().map(|it| it.error_code.clone());
        Closed { id, status, error_codes, error_details: refused.map(|it| texts(&it.errors)) }
    });
    json(&closed.collect::<Vec<_>>())
}

fn approve_all(state: &mut State, who: &Actor, id: &UsageFileId) -> Result<Bytes, Denial> {
    let file = visible(state, who.token()?, id.as_str())?;
    lifecycle::allow_in(&file.status, Operation::Approve, who.caller(file.is_preview()))?;
    turn_all(state, id, &Status::Valid, &Status::Approved);
    show_file(state, who, id)
}

/// A record on which the caller may carry an operation out.
struct Found {
    file: UsageFileId,
    place: RecordPlace,
}

fn allowed(
    state: &State,
    who: &Actor,
    id: &UsageRecordId,
    operation: Operation,
) -> Result<Found, Denial> {
    let row = find(state, who, id)?;
    let caller = who.caller(row.file.is_preview());
    lifecycle::allow(&row.file.status, &row.record().status, operation, caller)?;
    let (file, place) = RecordPlace::of(id).ok_or_else(Denial::not_found)?;
    Ok(Found { file, place })
}

/// Finds a record for its distributor.
fn find(state: &State, who: &Actor, id: &UsageRecordId) -> Result<UsageRecordRow, Denial> {
    let look = Look::now(state, who)?;
    let row = UsageRecords::find(look, &(), id.as_str())?;
    if !who.buys(row.file.is_preview()) {
        return Err(Denial::forbidden());
    }
    Ok(row)
}

fn show(state: &State, who: &Actor, id: &UsageRecordId) -> Result<Bytes, Denial> {
    let look = Look::now(state, who)?;
    let row = UsageRecords::find(look, &(), id.as_str())?;
    json(&UsageRecordView::new(state, &row)?)
}
