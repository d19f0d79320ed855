//! `/assets`.

use std::sync::Arc;

use serde::Serialize;

use super::filters::{ASSETS, AssetRow};
use crate::query::{Schema, Selectable};
use crate::world::Denied;
use crate::world::index::pinned;
use crate::world::listed::{Form, ListQuery, Listed, Look, Rows};
use crate::world::page::Candidates;
use crate::world::view::{AssetParts, AssetView};

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
    ) -> Result<Rows<'w, AssetRow>, Denied> {
        let Look { world, token, .. } = look;
        let row = move |place| {
            let asset = Arc::clone(world.assets.at(place)?);
            let seen = world.shared.may_see_asset(token, &asset);
            seen.then(|| AssetRow { asset, shared: Arc::clone(&world.shared) })
        };
        Ok(Rows::Placed(candidates(look, query), Box::new(row)))
    }

    fn find(Look { world, who, .. }: Look<'_>, (): &(), id: &str) -> Result<AssetRow, Denied> {
        let (asset, _) = world.visible_asset(who, id)?;
        Ok(AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&world.shared) })
    }

    fn show<'r>(
        Look { world, .. }: Look<'r>,
        row: &'r AssetRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denied> {
        let product = row.product().ok_or_else(Denied::not_found)?;
        Ok(AssetView::live(world, &row.asset, product, AssetParts::of(form.selection)))
    }
}

fn candidates<'w>(look: Look<'w>, query: &ListQuery<AssetRow>) -> Candidates<'w> {
    let Look { world, token, .. } = look;
    if let Some(ids) = query.compiled.exact("id") {
        return Candidates::few(ids.into_iter().filter_map(|id| world.assets.place(id)));
    }
    if let Some(uids) = query.compiled.exact("external_uid") {
        let known = uids.into_iter().filter_map(|uid| world.by_uid.get(uid));
        return Candidates::few(known.flatten().copied());
    }
    let [product, environment, status] = KEYS.map(|key| query.compiled.exact(key));
    Candidates::Sets(world.asset_index.select(|key| {
        pinned(&product, key.product.as_str())
            && pinned(&status, key.status.as_str())
            && pinned(&environment, world.environment(&key.connection))
            && world.shared.may_see(token, key.product.as_str(), &key.connection)
    }))
}
