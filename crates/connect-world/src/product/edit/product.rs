//! Products themselves.

use bytes::Bytes;
use connect_model::{
    AccountId, Capabilities, DateTime, Product, ProductId, ProductStatus, Reference, Rest,
    Template, TemplateId, TemplateScope, TemplateType,
};
use serde_json::{Value, json};

use crate::read::json as to_json;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::action_link::{ACTION_URL, is_action_url};
use crate::product::action_secret::ActionSecret;
use crate::product::configuration::record::Configuration;
use crate::product::edit::capabilities::{default_capabilities, switches};
use crate::product::edit::{POSITION_STEP, born, bounded, copy, edit_product, own_product, stamp};
use crate::product::record::ProductRecord;
use crate::product::view::ProductView;
use crate::state::State;
use crate::unwritten::{must_be_emulated, must_stay_except, says_nothing};

/// Fields of a product that are kept as they come.
const PLAIN: &[&str] = &[
    "external_id",
    "short_description",
    "detailed_description",
    "customer_ui_settings",
    "usage_rule",
    "purchase_model",
];

/// Fields beside those that a `PUT` may differ in; `configurations` follow from capabilities.
const CHANGEABLE: &[&str] = &["name", "capabilities", "category", "configurations", "events"];

/// The texts every product begins with.
const DEFAULT_TEMPLATES: [(TemplateType, &str, &str); 3] = [
    (
        TemplateType::Fulfillment,
        "Default Activation Template",
        "# Welcome\n\nYour subscription {{ asset.id }} is ready.",
    ),
    (
        TemplateType::Inquire,
        "Default Inquiring Template",
        "# More is needed\n\nPlease correct the data of your subscription {{ asset.id }}.",
    ),
    (
        TemplateType::Pending,
        "Default Pending Template",
        "# Thank you\n\nYour order of {{ asset.product.name }} is being processed.",
    ),
];

/// A command on products.
#[derive(Clone, Debug, PartialEq)]
pub enum ProductCommand {
    /// `POST /products`.
    Create {
        /// The body.
        body: Value,
    },
    /// `PUT /products/{id}`.
    Update {
        /// The product.
        id: ProductId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{id}`.
    Delete {
        /// The product.
        id: ProductId,
    },
}

impl CarryOut for ProductCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body } | Self::Update { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => create(state, who, &body).map(ObjectChange::created),
            Self::Update { id, body } => update(state, who, &id, &body).map(ObjectChange::changed),
            Self::Delete { id } => delete(state, who, &id).map(ObjectChange::deleted),
        }
    }
}

fn create(state: &mut State, who: &Actor, body: &Value) -> Result<Bytes, Denial> {
    let token = who.vendor()?;
    must_be_emulated(&["translations"], "a product", &Value::Null, body)?;
    if !says_nothing(body::at(body, "capabilities")) {
        return Err(Denial::invalid("capabilities: A new product has none; an update gives them."));
    }
    let name = bounded(body, "name", 255)?;
    let owner = Reference::named(token.account.as_str(), &*token.account_name);
    let id = ProductId::from_number(state.numbers.issue());
    let mut record = new_product(id.clone(), &name, owner, state.now);
    describe(&mut record.product, body)?;
    record.keep_secret()?;
    record.templates = default_templates(state.now, || state.numbers.issue());
    state.put(record);
    show_product(state, &id)
}

fn update(state: &mut State, who: &Actor, id: &ProductId, body: &Value) -> Result<Bytes, Denial> {
    edit_product(state, who, id, |record, _| {
        must_be_writable(&json!(ProductView::new(record)), body)?;
        let product = &mut record.product;
        if body.get("name").is_some() {
            product.name = bounded(body, "name", 255)?;
        }
        if let Some(capabilities) = body.get("capabilities") {
            product.capabilities.merge(&switches(capabilities)?);
        }
        describe(product, body)?;
        record.keep_secret()
    })?;
    show_product(state, id)
}

fn delete(state: &mut State, who: &Actor, id: &ProductId) -> Result<(), Denial> {
    let record = own_product(state, who, id)?;
    if record.product.status != ProductStatus::Draft {
        return Err(Denial::invalid("Only draft Product can be deleted."));
    }
    if !state.asset_index.select(|key| key.product == *id).is_empty() {
        return Err(Denial::invalid("Product with subscriptions cannot be deleted."));
    }
    state.remove::<ProductRecord>(id);
    Ok(())
}

fn show_product(state: &State, id: &ProductId) -> Result<Bytes, Denial> {
    let record = state.shared.product(id.as_str()).ok_or_else(Denial::not_found)?;
    to_json(&ProductView::new(record))
}

/// Refuses what an update would lose.
fn must_be_writable(shown: &Value, body: &Value) -> Result<(), Denial> {
    const NOT_EMULATED: &[&str] = &["icon", "translations"];
    must_be_emulated(NOT_EMULATED, "a product", shown, body)?;
    must_stay_except(&[PLAIN, CHANGEABLE].concat(), shown, body)
}

/// Writes the fields that bodies may leave out.
fn describe(product: &mut Product, body: &Value) -> Result<(), Denial> {
    body::filled_within(body, "external_id", 128)?;
    must_lead_somewhere(body)?;
    copy(PLAIN, body, &mut product.rest);
    body::must_be_object(body, "category")?;
    if !says_nothing(body::at(body, "category")) {
        let id = body::required(body, "category.id")?;
        let category = category(&id, body::filled(body, "category.name"));
        product.rest.insert("category".to_owned(), category);
    }
    Ok(())
}

/// Refuses settings of pages that are none, and an address of actions that leads nowhere.
fn must_lead_somewhere(body: &Value) -> Result<(), Denial> {
    body::must_be_object(body, "customer_ui_settings")?;
    match body::at(body, ACTION_URL) {
        Value::Null => Ok(()),
        Value::String(url) if url.is_empty() || is_action_url(url) => Ok(()),
        _ => Err(Denial::invalid(format!("{ACTION_URL}: Enter a valid URL."))),
    }
}

impl ProductRecord {
    /// Takes the key of actions out of the settings of pages, where old clients write it: it is not
    /// shown.
    fn keep_secret(&mut self) -> Result<(), Denial> {
        let settings = self.product.rest.get_mut("customer_ui_settings");
        let action = settings.and_then(|settings| settings.get_mut("action")?.as_object_mut());
        let secret = match action.and_then(|action| action.remove("jwt_secret")) {
            None | Some(Value::Null) => return Ok(()),
            Some(Value::String(secret)) if (1..=100).contains(&secret.chars().count()) => secret,
            Some(_) => {
                let path = "customer_ui_settings.action.jwt_secret";
                return Err(Denial::invalid(format!("{path}: Not a valid string.")));
            }
        };
        self.action_secret = Some(ActionSecret::brought(&secret));
        Ok(())
    }
}

/// Returns a category. The platform knows the names of its own; here one without a name is called
/// by its id.
fn category(id: &str, name: Option<String>) -> Value {
    json!({"id": id, "name": name.unwrap_or_else(|| format!("Category {id}"))})
}

/// Returns a draft product without parts.
pub(crate) fn new_product(
    id: ProductId,
    name: &str,
    owner: Reference<AccountId>,
    now: DateTime,
) -> ProductRecord {
    let facts = json!({
        "icon": format!("/media/{}/{id}/media/{id}-logo.png", owner.id),
        "category": category("CAT-00000", Some("Uncategorized".to_owned())),
        "external_id": null,
        "version": 1,
        "latest": true,
        "public": false,
        "staging": false,
        "short_description": "",
        "detailed_description": "",
        "published_at": null,
        "customer_ui_settings": {
            "description": "", "getting_started": "", "download_links": [], "documents": [],
            "languages": [], "provisioning_message": "",
        },
        "visibility": {"owner": true, "listing": false, "syndication": false, "catalog": false},
        "stats": {"versions": 1},
        "purchase_model": "transactable",
    });
    let mut product = Product {
        id,
        name: name.to_owned(),
        status: ProductStatus::Draft,
        owner: Some(owner),
        capabilities: Capabilities::new(default_capabilities()),
        events: connect_model::Events::new(),
        rest: facts.as_object().cloned().unwrap_or_default(),
    };
    stamp(&mut product.events, "created", now);
    stamp(&mut product.events, "updated", now);
    ProductRecord {
        product,
        items: Vec::new(),
        parameters: Vec::new(),
        templates: Vec::new(),
        deleted_templates: Vec::new(),
        configuration: Configuration::default(),
        actions: Vec::new(),
        action_secret: None,
    }
}

/// Returns the templates every product begins with; `number` gives their ids.
pub(crate) fn default_templates(now: DateTime, mut number: impl FnMut() -> u64) -> Vec<Template> {
    let templates = DEFAULT_TEMPLATES.into_iter().enumerate();
    templates
        .map(|(place, (kind, name, body))| Template {
            id: TemplateId::from_number(number()),
            name: name.to_owned(),
            title: Some(name.to_owned()),
            body: body.to_owned(),
            scope: TemplateScope::Asset,
            kind: Some(kind),
            rest: placed(place, now),
        })
        .collect()
}

/// Returns the position of the part at a place, and when it was made.
pub(crate) fn placed(place: usize, now: DateTime) -> Rest {
    let facts = json!({"position": (place + 1) * POSITION_STEP, "events": born(now)});
    facts.as_object().cloned().unwrap_or_default()
}
