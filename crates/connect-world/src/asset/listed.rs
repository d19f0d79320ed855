//! `/assets`.

use std::sync::Arc;

use serde::Serialize;

use crate::asset::filters::{ASSETS, AssetRow};
use crate::asset::view::AssetView;
use crate::denial::Denial;
use crate::index::pinned;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::read::visible_asset;
use crate::view::parts::AssetParts;

/// Subscriptions that the caller takes part in.
pub(crate) struct Assets;

/// Filters that the index answers.
const KEYS: [&str; 3] = ["product.id", "connection.type", "status"];

impl Listed for Assets {
    type Parent = ();
    type Row = AssetRow;

    const SELECTS: Selectable = Selectable {
        additions: &[
            "template",
            "pending_request",
            "pending_request.template",
            "product.capabilities",
        ],
        removals: &["items", "configuration", "params"],
        aliases: &[],
    };

    const KEYS: &'static [&'static str] = &KEYS;

    fn schema() -> &'static Schema<AssetRow> {
        &ASSETS
    }

    fn rows<'w>(
        look: Look<'w>,
        (): &(),
        query: &ListQuery<AssetRow>,
    ) -> Result<Rows<'w, AssetRow>, Denial> {
        let Look { state, token, .. } = look;
        let row = move |place| {
            let asset = Arc::clone(state.assets.at(place)?);
            let seen = state.shared.may_see_asset(token, &asset);
            seen.then(|| AssetRow { asset, shared: Arc::clone(&state.shared) })
        };
        Ok(Rows::Placed(candidates(look, query), Box::new(row)))
    }

    fn find(Look { state, who, .. }: Look<'_>, (): &(), id: &str) -> Result<AssetRow, Denial> {
        let (asset, _) = visible_asset(state, who, id)?;
        Ok(AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&state.shared) })
    }

    fn show<'r>(
        Look { state, who, .. }: Look<'r>,
        row: &'r AssetRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let product = row.product().ok_or_else(Denial::not_found)?;
        let parts = AssetParts::of(form.selection).for_caller(who);
        Ok(AssetView::live(state, &row.asset, product, parts))
    }
}

fn candidates<'w>(look: Look<'w>, query: &ListQuery<AssetRow>) -> Candidates<'w> {
    let Look { state, token, .. } = look;
    if let Some(ids) = query.compiled.exact("id") {
        return Candidates::few(ids.into_iter().filter_map(|id| state.assets.place(id)));
    }
    if let Some(uids) = query.compiled.exact("external_uid") {
        let known = uids.into_iter().filter_map(|uid| state.by_uid.get(uid));
        return Candidates::few(known.flatten().copied());
    }
    let [product, environment, status] = KEYS.map(|key| query.compiled.exact(key));
    Candidates::Sets(state.asset_index.select(|key| {
        pinned(&product, key.product.as_str())
            && pinned(&status, key.status.as_str())
            && pinned(&environment, state.environment(&key.connection))
            && state.shared.may_see(token, key.product.as_str(), &key.connection)
    }))
}
