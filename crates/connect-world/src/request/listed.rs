//! `/requests`, and the requests of one asset.

use std::sync::Arc;

use connect_model::AssetId;
use serde::Serialize;

use crate::asset::filters::AssetRow;
use crate::asset::record::AssetRecord;
use crate::denial::Denial;
use crate::index::pinned;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::read::{Visible, visible, visible_asset};
use crate::request::filters::{REQUESTS, RequestRow};
use crate::request::record::RequestRecord;
use crate::request::reference::RequestRef;
use crate::request::view::RequestView;
use crate::table::Place;
use crate::view::parts::RequestParts;

/// Requests that the caller takes part in.
pub(crate) struct Requests;

/// The requests there ever were of one asset, in short.
pub(crate) struct RequestsOfAsset;

/// Filters that the index answers.
const KEYS: [&str; 4] = ["asset.product.id", "asset.connection.type", "type", "status"];

fn row_at(look: Look<'_>, place: Place) -> Option<RequestRow> {
    let request = look.state.requests.at(place)?;
    Some(row(look, request, look.state.assets.get(request.asset.as_str())?))
}

fn row(
    Look { state, now, .. }: Look<'_>,
    request: &Arc<RequestRecord>,
    asset: &Arc<AssetRecord>,
) -> RequestRow {
    let sli = state.setting.zones.level(request.course(), now);
    let about = AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&state.shared) };
    RequestRow { request: Arc::clone(request), about, sli }
}

impl Listed for Requests {
    type Parent = ();
    type Row = RequestRow;

    /// The parts to select; the document spells two removals without `asset.`.
    const SELECTS: Selectable = Selectable {
        additions: &["asset.product.capabilities"],
        removals: &[
            "activation_key",
            "template",
            "asset.items",
            "asset.configuration",
            "asset.params",
        ],
        aliases: &[("items", "asset.items"), ("configuration", "asset.configuration")],
    };

    const KEYS: &'static [&'static str] = &KEYS;

    fn schema() -> &'static Schema<RequestRow> {
        &REQUESTS
    }

    fn rows<'w>(
        look: Look<'w>,
        (): &(),
        query: &ListQuery<RequestRow>,
    ) -> Result<Rows<'w, RequestRow>, Denial> {
        let Look { state, token, .. } = look;
        let seen = move |place| {
            row_at(look, place).filter(|row| state.shared.may_see_asset(token, &row.about.asset))
        };
        Ok(Rows::Placed(candidates(look, query), Box::new(seen)))
    }

    fn find(look: Look<'_>, (): &(), id: &str) -> Result<RequestRow, Denial> {
        let Visible { request, asset, .. } = visible(look.state, look.who, id, None)?;
        Ok(row(look, request, asset))
    }

    fn show<'r>(
        Look { state, who, now, .. }: Look<'r>,
        RequestRow { request, about, .. }: &'r RequestRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let product = about.product().ok_or_else(Denial::not_found)?;
        let parts = RequestParts::of(form.selection).for_caller(who);
        Ok(RequestView::new((state, now), request, &about.asset, product, parts))
    }
}

fn candidates<'w>(look: Look<'w>, query: &ListQuery<RequestRow>) -> Candidates<'w> {
    let Look { state, token, .. } = look;
    if let Some(ids) = query.compiled.exact("id") {
        return Candidates::few(ids.into_iter().filter_map(|id| state.requests.place(id)));
    }
    if let Some(assets) = query.compiled.exact("asset.id") {
        let histories = assets.into_iter().flat_map(|asset| state.places_of(asset));
        return Candidates::few(histories.copied());
    }
    let [product, environment, kind, status] = KEYS.map(|key| query.compiled.exact(key));
    Candidates::Sets(state.request_index.select(|key| {
        pinned(&product, key.product.as_str())
            && pinned(&kind, key.kind.as_str())
            && pinned(&status, key.status.as_str())
            && pinned(&environment, state.environment(&key.connection))
            && state.shared.may_see(token, key.product.as_str(), &key.connection)
    }))
}

impl Listed for RequestsOfAsset {
    type Parent = AssetId;
    type Row = RequestRow;

    fn schema() -> &'static Schema<RequestRow> {
        &REQUESTS
    }

    fn rows<'w>(
        look: Look<'w>,
        asset: &AssetId,
        _: &ListQuery<RequestRow>,
    ) -> Result<Rows<'w, RequestRow>, Denial> {
        visible_asset(look.state, look.who, asset.as_str())?;
        let candidates = Candidates::few(look.state.places_of(asset.as_str()).copied());
        Ok(Rows::Placed(candidates, Box::new(move |place| row_at(look, place))))
    }

    fn find(look: Look<'_>, asset: &AssetId, id: &str) -> Result<RequestRow, Denial> {
        let found = Requests::find(look, &(), id)?;
        if found.request.asset == *asset { Ok(found) } else { Err(Denial::not_found()) }
    }

    fn show<'r>(
        Look { state, .. }: Look<'r>,
        row: &'r RequestRow,
        _: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        Ok(RequestRef::new(state, &row.request))
    }
}
