//! Faults that are set.

use std::io::{self, Write};

use fault::Fault;
use serde::Serialize;

use super::table::{Column, table};
use crate::printer::View;

/// Faults, and who has them.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct FaultList(Vec<Row>);

#[derive(Serialize)]
struct Row {
    place: &'static str,
    #[serde(flatten)]
    fault: Fault,
}

impl FaultList {
    pub(crate) fn of(faults: Vec<(&'static str, Fault)>) -> Self {
        Self(faults.into_iter().map(|(place, fault)| Row { place, fault }).collect())
    }
}

impl View for FaultList {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        const COLUMNS: [Column; 6] = [
            Column::whole("PLACE"),
            Column::whole("ON"),
            Column::whole("OF").expendable(1),
            Column::whole("SKIP").expendable(2),
            Column::whole("LEFT"),
            Column::text("EFFECT"),
        ];
        let rows = self.0.iter().map(|Row { place, fault }| {
            let on = fault.on.as_ref().map_or_else(|| "all".to_owned(), ToString::to_string);
            let left = fault.times.map_or_else(|| "all".to_owned(), |times| times.to_string());
            let skip = if fault.skip == 0 { String::new() } else { fault.skip.to_string() };
            let of = fault.of.clone().unwrap_or_default();
            [(*place).to_owned(), on, of, skip, left, fault.effect.to_string()].map(Into::into)
        });
        table(out, COLUMNS, rows)
    }
}
