//! Values from JSON, and the place where it went wrong.

use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::error::Error;
use crate::failing_path::failing_path;
use crate::judge::text;

impl Answer {
    /// Reads the body as JSON; no body reads as `null`.
    ///
    /// # Errors
    /// [`Error::Decode`] names the place when the JSON has another shape; [`Error::Unexpected`]
    /// when the body is not JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        value(self).map_err(|error| error.without(&self.secret))
    }
}

/// Reads the whole body as one value.
fn value<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    let body: &[u8] = if answer.body.is_empty() { b"null" } else { &answer.body };
    serde_json::from_slice(body)
        .map_err(|error| malformed(answer, answer.call.path.clone(), body, error))
}

/// Reads the body as a list whose members fail one by one. A body that is no list fails as a whole.
pub(crate) fn rows<T: DeserializeOwned>(answer: &Answer) -> Result<Vec<Result<T, Error>>, Error> {
    if let Ok(rows) = serde_json::from_slice::<Vec<T>>(&answer.body) {
        return Ok(rows.into_iter().map(Ok).collect());
    }
    rows_by(answer, |row| serde_json::from_str(row.get()))
}

/// Does the same with a function that reads each member.
pub(crate) fn rows_by<T>(
    answer: &Answer,
    read: impl Fn(&RawValue) -> serde_json::Result<T>,
) -> Result<Vec<Result<T, Error>>, Error> {
    let rows: Vec<&RawValue> = serde_json::from_slice(&answer.body)
        .map_err(|error| malformed(answer, answer.call.path.clone(), &answer.body, error))?;
    let one = |(index, row): (usize, &RawValue)| {
        read(row).map_err(|error| {
            malformed(answer, row_name(answer, index, row), row.get().as_bytes(), error)
        })
    };
    Ok(rows.into_iter().enumerate().map(one).collect())
}

/// Names a row by the collection and its id, or by its place on the page when it has none.
fn row_name(answer: &Answer, index: usize, row: &RawValue) -> String {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    let collection = &answer.call.path;
    match serde_json::from_str::<Named>(row.get()) {
        Ok(Named { id }) => format!("{collection} {id}"),
        Err(_) => format!("{collection}[{index}]"),
    }
}

fn malformed(answer: &Answer, subject: String, json: &[u8], source: serde_json::Error) -> Error {
    let call = Box::new(answer.call.clone());
    if !source.is_data() {
        let what = format!("{}, not JSON", kind(answer));
        return Error::Unexpected { status: answer.status, what, call };
    }
    Error::Decode { subject, path: failing_path(json, &source), source, call }
}

fn kind(answer: &Answer) -> &str {
    if answer.body.is_empty() {
        return "an empty body";
    }
    text(&answer.headers, CONTENT_TYPE).unwrap_or("a body of no stated type")
}
