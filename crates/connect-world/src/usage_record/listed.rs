//! `/usage/records`.

use std::sync::Arc;

use connect_model::UsageRecordId;
use serde::Serialize;

use crate::asset::filters::AssetRow;
use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::ListQuery;
use crate::query::schema::Schema;
use crate::state::State;
use crate::usage_file::listed::visible;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_record::change::blocks;
use crate::usage_record::filters::{USAGE_RECORDS, UsageRecordRow};
use crate::usage_record::record::{RecordPlace, UsageBlock};
use crate::usage_record::view::UsageRecordView;

/// Records of the files that the caller sees.
pub(crate) struct UsageRecords;

fn row(
    state: &State,
    file: &Arc<UsageFileRecord>,
    block: &Arc<UsageBlock>,
    at: usize,
) -> Option<UsageRecordRow> {
    let asset = block.records.get(at)?.asset.as_ref();
    let asset = asset
        .and_then(|id| state.assets.get(id.as_str()))
        .map(|asset| AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&state.shared) });
    Some(UsageRecordRow { block: Arc::clone(block), at, file: Arc::clone(file), asset })
}

/// Returns the records of a file, in the order of its sheet.
pub(crate) fn of_file<'w>(
    state: &'w State,
    file: &'w Arc<UsageFileRecord>,
) -> impl Iterator<Item = UsageRecordRow> + 'w {
    let blocks = blocks(state, &file.id).into_iter();
    blocks.filter_map(|id| state.usage_records.get(&id)).flat_map(move |block| {
        (0..block.records.len()).filter_map(move |at| row(state, file, block, at))
    })
}

impl Listed for UsageRecords {
    type Parent = ();
    type Row = UsageRecordRow;

    fn schema() -> &'static Schema<UsageRecordRow> {
        &USAGE_RECORDS
    }

    fn rows<'w>(
        Look { state, token, .. }: Look<'w>,
        (): &(),
        query: &ListQuery<UsageRecordRow>,
    ) -> Result<Rows<'w, UsageRecordRow>, Denial> {
        let wanted = query.compiled.exact("usagefile.id");
        let files = state.usage_files.iter().filter(|file| {
            file.is_seen_by(token)
                && wanted.as_ref().is_none_or(|ids| ids.contains(&file.id.as_str()))
        });
        let mut rows: Vec<_> = files.flat_map(|file| of_file(state, file)).collect();
        rows.reverse();
        Ok(Rows::NewestFirst(rows))
    }

    fn find(
        Look { state, token, .. }: Look<'_>,
        (): &(),
        id: &str,
    ) -> Result<UsageRecordRow, Denial> {
        let (file, place) =
            RecordPlace::of(&UsageRecordId::from(id)).ok_or_else(Denial::not_found)?;
        let file = visible(state, token, file.as_str())?;
        let block = state.usage_records.get(&place.block);
        block.and_then(|block| row(state, file, block, place.at)).ok_or_else(Denial::not_found)
    }

    fn show<'r>(
        Look { state, .. }: Look<'r>,
        row: &'r UsageRecordRow,
        _: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        UsageRecordView::new(state, row)
    }
}
