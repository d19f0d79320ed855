//! Our values as they stand in columns.

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Row, ToSql};

use crate::names::Fence;
use crate::run::RunState;

/// One of our values in a column.
#[derive(Clone, Copy)]
pub(super) struct Column<T>(pub(super) T);

/// Reads a column that holds one of our values.
pub(super) fn get<T>(row: &Row<'_>, index: &str) -> rusqlite::Result<T>
where
    Column<T>: FromSql,
{
    row.get::<_, Column<T>>(index).map(|Column(value)| value)
}

/// Reads a column that holds one of our values or null.
pub(super) fn get_opt<T>(row: &Row<'_>, index: &str) -> rusqlite::Result<Option<T>>
where
    Column<T>: FromSql,
{
    row.get::<_, Option<Column<T>>>(index).map(|value| value.map(|Column(value)| value))
}

impl ToSql for Column<Timestamp> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let nanoseconds = self.0.as_nanosecond();
        let nearest = if nanoseconds < 0 { i64::MIN } else { i64::MAX };
        Ok(i64::try_from(nanoseconds).unwrap_or(nearest).into())
    }
}

impl FromSql for Column<Timestamp> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_nanosecond(value.as_i64()?.into())
            .map(Self)
            .map_err(|error| FromSqlError::Other(error.into()))
    }
}

impl ToSql for Column<Fence> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(clamped(self.0.0).into())
    }
}

impl FromSql for Column<Fence> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unsigned(value.as_i64()?).map(|fence| Self(Fence(fence)))
    }
}

impl ToSql for Column<RunState> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_str().into())
    }
}

impl FromSql for Column<RunState> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let state = value.as_str()?.parse().map(Self);
        state.map_err(|error: crate::run::UnknownState| FromSqlError::Other(error.into()))
    }
}

impl FromSql for Column<Bytes> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(Bytes::copy_from_slice(value.as_blob()?)))
    }
}

impl FromSql for Column<u64> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unsigned(value.as_i64()?).map(Self)
    }
}

fn unsigned(stored: i64) -> FromSqlResult<u64> {
    u64::try_from(stored).map_err(|_| FromSqlError::OutOfRange(stored))
}

/// The number, or the greatest SQLite can hold.
pub(super) fn clamped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
