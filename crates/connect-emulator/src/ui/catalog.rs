//! What orders fill in: quantities of items, and values of ordering parameters.

use connect_model::rql::{Query, field};
use connect_model::{
    Asset, BadQuantity, ItemId, NewRequest, Parameter, ParameterPhase, ParameterType,
    ParameterUpdate, ProductId, ProductItem, ProductParameter, Quantity, Rest,
};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::listing::Choice;
use super::page::Trouble;
use super::visitor::Visitor;
use crate::query;
use crate::world::Collection;

/// The fields of items begin like this, before the item's id.
pub(super) const ITEM: &str = "item_";
/// The fields of parameters begin like this, before the parameter's key.
pub(super) const PARAMETER: &str = "param_";

/// What a product offers to order, in its own order.
pub(super) struct Catalog {
    pub(super) items: Vec<ProductItem>,
    /// The ordering parameters that customers see.
    pub(super) parameters: Vec<ProductParameter>,
}

/// An item in a form.
pub(super) struct ItemInput {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) mpn: String,
    pub(super) unit: String,
    /// Whether it is paid as it is used: there is no quantity to choose.
    pub(super) is_metered: bool,
    /// The quantity the subscription has.
    pub(super) held: String,
    pub(super) value: String,
}

/// A parameter in a form.
pub(super) struct ParameterInput {
    pub(super) field: String,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) is_required: bool,
    pub(super) value: String,
    pub(super) control: Control,
}

/// How a parameter is typed in.
pub(super) enum Control {
    /// A line; `type` of the input.
    Line(&'static str),
    /// Many lines.
    Text,
    /// One of several.
    List(Vec<Choice>),
    /// Any of several.
    Boxes(Vec<Choice>),
}

impl Catalog {
    pub(super) async fn of(visitor: &Visitor, product: &ProductId) -> Result<Self, Trouble> {
        let all = Query { limit: Some(query::Page::MAX_LIMIT), ..Query::default() };
        let ordering = field("phase").eq(ParameterPhase::Ordering.as_str());
        let ordering = Query { filter: Some(ordering & field("scope").eq("asset")), ..all.clone() };
        let items = Collection::Items(product.clone());
        let mut items: Vec<ProductItem> = visitor.list(&items, &all).await?.rows;
        items.sort_by_key(|item| (position(&item.rest), item.id.clone()));
        let parameters = Collection::Parameters(product.clone());
        let mut parameters: Vec<ProductParameter> =
            visitor.list(&parameters, &ordering).await?.rows;
        parameters.retain(|parameter| holds_value(parameter) && !flag(parameter, "hidden"));
        parameters.sort_by_key(|parameter| (position(&parameter.rest), parameter.id.clone()));
        Ok(Self { items, parameters })
    }

    /// The items of a form: as it was sent, or as the subscription has them, or one of the first.
    pub(super) fn item_inputs(&self, fields: &Fields, asset: Option<&Asset>) -> Vec<ItemInput> {
        let is_sent = fields.starting(ITEM).next().is_some();
        let input = |(place, item): (usize, &ProductItem)| {
            let held = held_quantity(item, asset).to_string();
            let value = match asset {
                _ if is_sent => fields.text(&item_field(&item.id)).to_owned(),
                Some(_) => held.clone(),
                None if place > 0 => Quantity::ZERO.to_string(),
                None if is_metered(item) => Quantity::Unlimited.to_string(),
                None => "1".to_owned(),
            };
            ItemInput {
                field: item_field(&item.id),
                name: display_name(item).to_owned(),
                mpn: item.mpn.clone(),
                unit: unit(item).to_owned(),
                is_metered: is_metered(item),
                held,
                value,
            }
        };
        self.items.iter().enumerate().map(input).collect()
    }

    /// Parameters of a form: as it was sent, or as the subscription has them.
    pub(super) fn parameter_inputs(
        &self,
        fields: &Fields,
        asset: Option<&Asset>,
        wanted: impl Fn(&ProductParameter) -> bool,
    ) -> Vec<ParameterInput> {
        let is_sent = fields.starting(ITEM).next().is_some();
        let input = |parameter: &ProductParameter| {
            let values = match is_sent {
                true => owned(fields.all(&parameter_field(parameter))),
                false => held_values(parameter, asset),
            };
            ParameterInput::new(parameter, values)
        };
        self.parameters.iter().filter(|parameter| wanted(parameter)).map(input).collect()
    }

    /// The request with the quantities of a form that differ from what the subscription has.
    pub(super) fn with_items(
        &self,
        request: NewRequest,
        fields: &Fields,
        asset: Option<&Asset>,
    ) -> Result<NewRequest, BadQuantity> {
        let in_form = |item: &&ProductItem| fields.has(&item_field(&item.id));
        self.items.iter().filter(in_form).try_fold(request, |request, item| {
            let quantity: Quantity = fields.text(&item_field(&item.id)).parse()?;
            let is_other = quantity != held_quantity(item, asset);
            Ok(if is_other { request.item(item.id.as_str(), quantity) } else { request })
        })
    }

    /// The request with the values of a form that differ from what the subscription has. A secret
    /// is not shown to be kept, so an empty one stays as it is.
    pub(super) fn with_parameters(
        &self,
        request: NewRequest,
        fields: &Fields,
        asset: Option<&Asset>,
    ) -> NewRequest {
        self.parameters.iter().fold(request, |request, parameter| {
            let values = fields.all(&parameter_field(parameter));
            let stays = values == held_values(parameter, asset);
            if stays { request } else { request.param(&update(parameter, &values)) }
        })
    }
}

impl ParameterInput {
    fn new(parameter: &ProductParameter, mut values: Vec<String>) -> Self {
        let control = control(parameter, &values);
        Self {
            field: parameter_field(parameter),
            key: parameter.name.clone(),
            title: parameter.title.clone(),
            hint: hint(parameter).to_owned(),
            is_required: flag(parameter, "required"),
            // A secret that was sent is not sent back.
            value: if values.is_empty() || is_secret(parameter) {
                String::new()
            } else {
                values.swap_remove(0)
            },
            control,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.shown().is_empty()
    }

    /// The value for people.
    pub(super) fn shown(&self) -> String {
        match &self.control {
            Control::Line(_) | Control::Text => self.value.clone(),
            Control::List(choices) | Control::Boxes(choices) => {
                let chosen = choices.iter().filter(|choice| choice.chosen);
                chosen.map(|choice| choice.title.as_str()).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

fn control(parameter: &ProductParameter, values: &[String]) -> Control {
    let list = || {
        let choices = choices(parameter).into_iter();
        let choice = |(value, title): (String, String)| {
            let chosen = values.contains(&value);
            Choice { value, title, chosen }
        };
        choices.map(choice).collect()
    };
    match parameter.kind {
        ParameterType::Dropdown | ParameterType::Choice => Control::List(list()),
        ParameterType::Checkbox => Control::Boxes(list()),
        ParameterType::Object | ParameterType::Address => Control::Text,
        ParameterType::Password => Control::Line("password"),
        ParameterType::Email => Control::Line("email"),
        ParameterType::Phone => Control::Line("tel"),
        _ => Control::Line("text"),
    }
}

/// Values and labels; old products have values alone.
fn choices(parameter: &ProductParameter) -> Vec<(String, String)> {
    let rows = parameter.constraints.get("choices").and_then(Value::as_array);
    let choice = |row: &Value| {
        let value = row.get("value").unwrap_or(row).as_str()?;
        let label = row.get("label").and_then(Value::as_str).unwrap_or(value);
        Some((value.to_owned(), label.to_owned()))
    };
    rows.into_iter().flatten().filter_map(choice).collect()
}

/// What a form's values of a parameter are to the platform.
fn update(parameter: &ProductParameter, values: &[&str]) -> ParameterUpdate {
    let first = values.first().copied().unwrap_or_default();
    let structured = match parameter.kind {
        ParameterType::Checkbox => Some(boxes(parameter, values)),
        ParameterType::Object => serde_json::from_str(first).ok(),
        _ => None,
    };
    match structured {
        None => ParameterUpdate::value(&parameter.name, first),
        structured_value => ParameterUpdate {
            id: parameter.name.clone(),
            structured_value,
            ..ParameterUpdate::default()
        },
    }
}

fn boxes(parameter: &ProductParameter, values: &[&str]) -> Value {
    let is_on = |(value, _): (String, String)| {
        let on = values.contains(&value.as_str());
        (value, Value::Bool(on))
    };
    Value::Object(choices(parameter).into_iter().map(is_on).collect::<Map<_, _>>())
}

/// What a form shows of the value a subscription has.
fn held_values(parameter: &ProductParameter, asset: Option<&Asset>) -> Vec<String> {
    let Some(held) = asset.and_then(|asset| asset.param(&parameter.name)) else {
        return Vec::new();
    };
    match parameter.kind {
        ParameterType::Password => Vec::new(),
        ParameterType::Checkbox => {
            let choices = choices(parameter).into_iter().map(|(value, _)| value);
            choices.filter(|value| is_ticked(held, value)).collect()
        }
        _ => owned(held.text().map(str::trim).into_iter().collect()),
    }
}

fn is_ticked(held: &Parameter, choice: &str) -> bool {
    let boxes = held.structured_value.as_ref();
    boxes.and_then(|boxes| boxes.get(choice)).and_then(Value::as_bool).unwrap_or(false)
}

fn held_quantity(item: &ProductItem, asset: Option<&Asset>) -> Quantity {
    let rows = asset.into_iter().flat_map(|asset| &asset.items);
    let mut own = rows.filter(|row| row.global_id == item.id);
    own.next().map_or(Quantity::ZERO, |row| row.quantity)
}

fn owned(values: Vec<&str>) -> Vec<String> {
    values.into_iter().map(str::to_owned).collect()
}

fn item_field(id: &ItemId) -> String {
    format!("{ITEM}{id}")
}

fn parameter_field(parameter: &ProductParameter) -> String {
    format!("{PARAMETER}{}", parameter.name)
}

/// Headings and texts between parameters hold no value; the model does not know their types.
fn holds_value(parameter: &ProductParameter) -> bool {
    !matches!(parameter.kind, ParameterType::Other(_))
}

/// Whether the value may be shown to nobody.
pub(super) fn is_secret(parameter: &ProductParameter) -> bool {
    parameter.kind == ParameterType::Password
}

fn flag(parameter: &ProductParameter, constraint: &str) -> bool {
    parameter.constraints.get(constraint).and_then(Value::as_bool).unwrap_or(false)
}

fn hint(parameter: &ProductParameter) -> &str {
    let texts = ["hint", "description"].into_iter().map(|name| text(&parameter.rest, name));
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

fn is_metered(item: &ProductItem) -> bool {
    item.kind.eq_ignore_ascii_case("ppu")
}

fn display_name(item: &ProductItem) -> &str {
    match text(&item.rest, "display_name") {
        "" => &item.name,
        name => name,
    }
}

fn unit(item: &ProductItem) -> &str {
    let unit = item.rest.get("unit").and_then(|unit| unit.get("title"));
    unit.and_then(Value::as_str).unwrap_or_default()
}

fn text<'a>(rest: &'a Rest, name: &str) -> &'a str {
    rest.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn position(rest: &Rest) -> Option<i64> {
    rest.get("position").and_then(Value::as_i64)
}
