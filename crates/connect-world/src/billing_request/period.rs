//! The period of a billing request as the platform shows it.

use connect_model::DateTime;
use serde::Serialize;

use crate::billing_request::record::PeriodRow;
use crate::usage_record::view::NumberView;

/// `{from, to, delta, uom}`.
#[derive(Serialize)]
pub(crate) struct PeriodView<'w> {
    from: DateTime,
    to: DateTime,
    delta: NumberView,
    uom: &'w str,
}

impl<'w> PeriodView<'w> {
    pub(crate) fn of(period: &'w PeriodRow) -> Self {
        let PeriodRow { from, to, delta, uom } = period;
        Self { from: *from, to: *to, delta: NumberView(*delta), uom: uom.as_str() }
    }
}
