//! `/requests`, and the requests of one asset.

use std::sync::Arc;

use connect_model::AssetId;
use serde::Serialize;

use crate::asset::filters::AssetRow;
use crate::denial::Denial;
use crate::index::pinned;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::read::{Visible, visible, visible_asset};
use crate::request::filters::{REQUESTS, RequestRow};
use crate::request::reference::RequestRef;
use crate::request::view::RequestView;
use crate::state::State;
use crate::table::Place;
use crate::view::parts::RequestParts;

/// Requests that the caller takes part in.
pub(crate) struct Requests;

/// The requests there ever were of one asset, in short.
pub(crate) struct RequestsOfAsset;

/// Filters that the index answers.
const KEYS: [&str; 4] = ["asset.product.id", "asset.connection.type", "type", "status"];

fn row(state: &State, place: Place) -> Option<RequestRow> {
    let request = state.requests.at(place)?;
    let asset = state.assets.get(request.asset.as_str())?;
    let about = AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&state.shared) };
    Some(RequestRow { request: Arc::clone(request), about })
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
            row(state, place).filter(|row| state.shared.may_see_asset(token, &row.about.asset))
        };
        Ok(Rows::Placed(candidates(look, query), Box::new(seen)))
    }

    fn find(Look { state, who, .. }: Look<'_>, (): &(), id: &str) -> Result<RequestRow, Denial> {
        let Visible { request, asset, .. } = visible(state, who, id, None)?;
        let about = AssetRow { asset: Arc::clone(asset), shared: Arc::clone(&state.shared) };
        Ok(RequestRow { request: Arc::clone(request), about })
    }

    fn show<'r>(
        Look { state, who, .. }: Look<'r>,
        RequestRow { request, about }: &'r RequestRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let product = about.product().ok_or_else(Denial::not_found)?;
        let parts = RequestParts::of(form.selection).for_caller(who);
        Ok(RequestView::new(state, request, &about.asset, product, parts))
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
        Look { state, who, .. }: Look<'w>,
        asset: &AssetId,
        _: &ListQuery<RequestRow>,
    ) -> Result<Rows<'w, RequestRow>, Denial> {
        visible_asset(state, who, asset.as_str())?;
        let candidates = Candidates::few(state.places_of(asset.as_str()).copied());
        Ok(Rows::Placed(candidates, Box::new(move |place| row(state, place))))
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
