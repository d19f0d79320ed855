//! Templates: Markdown with `{{ … }}` places.
//!
//! A place names a parameter by key, the customer's form as `activation_form_url`, or anything else
//! by a dotted path such as `asset.id`; what nobody knows is left empty. Conditionals and loops are
//! not known to exist on the platform.

use connect_model::{RequestId, TemplateId, TierConfigRequestId};
use serde::Serialize;
use serde_json::{Value, json};

use super::Collection;

use crate::actor::Actor;
use crate::asset::record::AssetRecord;
use crate::asset::view::AssetView;
use crate::body;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::read::{Visible, view_request, visible, visible_asset};
use crate::row::ParamRow;
use crate::state::State;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::view::{TierConfigRequestParts, TierConfigRequestView};
use crate::view::parts::{AssetParts, RequestParts};

/// Values of parameters that were typed and not yet written, by key.
type Typed<'t> = &'t [(String, String)];

/// Places that hold the address of the customer's form: the platform's own inquiring template has
/// the first, and requests call it by the second.
const FORM: [&str; 2] = ["activation_form_url", "params_form_url"];

/// Returns the text an object shows to people, as Markdown: of a request its template with its
/// values, of an asset the template or tile approved last, of a template its body without values.
///
/// # Errors
///
/// `NOT_FOUND` when the caller sees no such object, or objects of the collection show no text.
pub(crate) fn render(
    state: &State,
    who: &Actor,
    what: &Collection,
    id: &str,
) -> Result<String, Denial> {
    match what {
        Collection::Requests => render_request(state, who, &id.into()),
        Collection::Assets => render_asset(state, who, id),
        Collection::TierConfigRequests => render_tier_config_request(state, who, id),
        Collection::TierConfigs => render_tier_config(state, who, id),
        Collection::Templates(product) => {
            let product = state.shared.visible_product(who, product)?;
            let template = product.living_template(id).ok_or_else(Denial::not_found)?;
            Ok(fill(&template.body, |_| None))
        }
        _ => Err(Denial::not_found()),
    }
}

/// Returns a template of the request's product with the request's values: what old clients ask for
/// with `GET /templates/{id}/render?request_id=…`. Typed values take the place of the request's.
///
/// # Errors
///
/// `NOT_FOUND` when the caller sees no such request, or its product has no such template.
pub(crate) fn render_template(
    state: &State,
    who: &Actor,
    template: &TemplateId,
    request: &str,
    typed: Typed<'_>,
) -> Result<String, Denial> {
    let found = |product: &ProductRecord| -> Result<String, Denial> {
        let template = product.template(template).ok_or_else(Denial::not_found)?;
        Ok(template.body.clone())
    };
    if state.tier_config_requests.get(request).is_some() {
        let markdown = found(&Subject::seen_by(state, who, request, None)?.product)?;
        return Ok(fill_for_tier_config_request(state, &request.into(), &markdown, typed));
    }
    let markdown = found(visible(state, who, request, None)?.product)?;
    Ok(fill_for_request(state, &request.into(), &markdown, typed))
}

fn render_request(state: &State, who: &Actor, id: &RequestId) -> Result<String, Denial> {
    let Visible { request, product, .. } = visible(state, who, id.as_str(), None)?;
    let template = request.template.as_ref().and_then(|id| product.template(id));
    Ok(match template {
        Some(template) => fill_for_request(state, id, &template.body, &[]),
        None => request.activation_key.to_string(),
    })
}

fn render_asset(state: &State, who: &Actor, id: &str) -> Result<String, Denial> {
    let (asset, product) = visible_asset(state, who, id)?;
    let template = asset.template.as_ref().and_then(|id| product.template(id));
    let Some(template) = template else { return Ok(approved_tile(state, asset)) };
    let view = AssetView::live(state, asset, product, AssetParts::default());
    let object = json!({"asset": as_value(&view)});
    Ok(fill(&template.body, |name| value_of(&asset.params, &object, name)))
}

/// Returns the Markdown that the last approval brought in place of a template.
fn approved_tile(state: &State, asset: &AssetRecord) -> String {
    let approved = asset.approved.as_ref().and_then(|id| state.requests.get(id.as_str()));
    approved.map(|request| request.activation_key.to_string()).unwrap_or_default()
}

fn render_tier_config_request(state: &State, who: &Actor, id: &str) -> Result<String, Denial> {
    let Subject { request, product, .. } = Subject::seen_by(state, who, id, None)?;
    let template = request.template.as_ref().and_then(|id| product.template(id));
    let body = template.map(|template| template.body.as_str()).or(request.tile.as_deref());
    Ok(fill_for_tier_config_request(state, &request.id, body.unwrap_or_default(), &[]))
}

/// Renders what the last approval showed.
fn render_tier_config(state: &State, who: &Actor, id: &str) -> Result<String, Denial> {
    let config = state.tier_configs.get(id).ok_or_else(Denial::not_found)?;
    let key = &config.key;
    if !state.shared.may_see(who.token()?, key.product.as_str(), &key.connection) {
        return Err(Denial::not_found());
    }
    match &config.approved {
        Some(request) => render_tier_config_request(state, who, request.as_str()),
        None => Ok(String::new()),
    }
}

/// Fills the places of a text with typed values of parameters, and else with those of a request for
/// a tier configuration.
pub(crate) fn fill_for_tier_config_request(
    state: &State,
    id: &TierConfigRequestId,
    markdown: &str,
    typed: Typed<'_>,
) -> String {
    let Some(request) = state.tier_config_requests.get(id.as_str()) else { return String::new() };
    let link = || state.form_url(request.course());
    fill_for(markdown, typed, &request.params, link, || {
        let parts = TierConfigRequestParts::default();
        TierConfigRequestView::new((state, state.now), request, parts)
            .ok()
            .map(|view| as_value(&view))
    })
}

/// Fills the places of a text with typed values of parameters, and else with those of a request.
pub(crate) fn fill_for_request(
    state: &State,
    id: &RequestId,
    markdown: &str,
    typed: Typed<'_>,
) -> String {
    let Some(request) = state.requests.get(id.as_str()) else { return String::new() };
    let link = || state.form_url(request.course());
    // All that most templates ask for: the request need not be shown for it.
    let known = [typed, &[("asset.id".to_owned(), request.asset.to_string())]].concat();
    fill_for(markdown, &known, &request.params, link, || {
        view_request(state, request, RequestParts::default()).map(|view| as_value(&view))
    })
}

/// Fills the places of a text with what is known, and else with values of a request, which is looked at
/// only when a path asks for it.
fn fill_for(
    markdown: &str,
    known: Typed<'_>,
    params: &[ParamRow],
    link: impl Fn() -> String,
    view: impl FnOnce() -> Option<Value>,
) -> String {
    let is_known = |name: &str| known.iter().any(|(key, _)| key == name);
    let dotted = places(markdown).any(|name| name.contains('.') && !is_known(name));
    let object = if dotted { view() } else { None }.unwrap_or_default();
    fill(markdown, |name| {
        let known = known.iter().find(|(key, _)| key == name);
        known
            .map(|(_, value)| value.clone())
            .or_else(|| value_of(params, &object, name))
            .or_else(|| FORM.contains(&name).then(&link))
    })
}

fn as_value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

fn value_of(params: &[ParamRow], object: &Value, name: &str) -> Option<String> {
    let row = params.iter().find(|row| &*row.key == name);
    row.map(|row| row.value.to_string()).or_else(|| {
        let path = name.strip_prefix("request.").unwrap_or(name);
        path.contains('.').then(|| body::text(object, path)).flatten()
    })
}

/// Returns the names in the places of a text.
fn places(markdown: &str) -> impl Iterator<Item = &str> {
    let opened = markdown.split("{{").skip(1);
    opened.filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim())
}

/// Replaces every `{{ name }}`; a place that is never closed stays as it is.
fn fill(markdown: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        text.push_str(before);
        text.push_str(&value(name.trim()).unwrap_or_default());
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(markdown: &str) -> String {
        fill(markdown, |name| (name == "tenant").then(|| "t-1".to_owned()))
    }

    #[test]
    fn places_are_filled_with_or_without_spaces_and_unknown_ones_left_empty() {
        assert_eq!(filled("a {{ tenant }} b {{tenant}} c {{ nobody }}."), "a t-1 b t-1 c .");
    }

    #[test]
    fn a_full_stop_in_prose_is_no_path() {
        let names: Vec<&str> =
            places("Hello. {{ tenant }} {{asset.id}} is ready. {{ open.").collect();
        assert_eq!(names, ["tenant", "asset.id"]);
    }

    #[test]
    fn a_place_that_is_never_closed_stays() {
        assert_eq!(filled("a {{ tenant }} {{ tenant"), "a t-1 {{ tenant");
    }
}
