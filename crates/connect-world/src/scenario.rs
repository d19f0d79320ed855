//! Ready-made worlds.

mod resellers;

use std::fmt;
use std::sync::{Arc, LazyLock};

use connect_model::{
    Account, AccountId, BillingPeriod, Connection, ConnectionId, ConnectionType, ContractId,
    DateTime, Hub, HubId, ItemId, ItemStatus, ItemType, ListingId, Marketplace, MarketplaceId,
    ParameterId, ParameterPhase, ParameterType, Precision, ProductId, ProductItem,
    ProductParameter, ProductStatus, Reference, Rest, Unit, UserId,
};
use serde_json::{Value, json};

use crate::actor::{Side, Token};
use crate::party::parties::Parties;
use crate::party::record::{ConnectionRecord, Contract, KeyRecord, Listing, Person};
use crate::product::edit::item::standing_alone;
use crate::product::edit::product::{default_templates, new_product};
use crate::product::record::{CatalogItem, ParameterSpec, ProductRecord};
use crate::state::State;

/// The parties and products a new world begins with.
#[derive(Clone)]
pub struct Scenario {
    pub(crate) parties: Parties,
    pub(crate) products: Vec<ProductRecord>,
    pub(crate) featured: ProductId,
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenario").field("featured", &self.featured).finish_non_exhaustive()
    }
}

const VENDOR: (&str, &str) = ("VA-731-204", "Fernway Systems");
const DISTRIBUTOR: (&str, &str) = ("PA-402-518", "Harborline Distribution");
const HUB: (&str, &str) = ("HB-3306-7158", "Harborline Hub");
const MARKETPLACE: (&str, &str) = ("MP-51842", "Northern Europe");
const CONNECTION: &str = "CT-6204-1187-3390";
const CONTRACT: (&str, &str) = ("CRD-41207-55310-88642", "Harborline Distribution Contract");

impl Scenario {
    /// Returns the demo: a vendor with one published product, and a distributor that sells it.
    ///
    /// The product `PRD-411-678-887` has Administrative Hold, a fulfillment parameter
    /// `subscription_id` that approval needs, an optional ordering parameter `admin_email`, and
    /// the item `MPN-A`. Vendor and distributor have a key each; there are no requests. The keys
    /// are well known: they protect nothing but a demo.
    #[must_use]
    pub fn demo() -> Self {
        // Written out once: each test of a vendor's begins with it.
        static DEMO: LazyLock<Scenario> = LazyLock::new(|| {
            let featured = ProductId::from_number(411_678_887);
            let products = vec![product(&featured)];
            Scenario { parties: parties(&featured), products, featured }
        });
        DEMO.clone()
    }

    /// Returns the same, whose distributor only tries the product: its connection is a test one.
    #[must_use]
    pub fn with_test_connection(mut self) -> Self {
        let tried = self.parties.connections.iter().map(|record| {
            let mut tried = ConnectionRecord::clone(record);
            tried.link.kind = ConnectionType::Test;
            tried
        });
        self.parties.connections = tried.collect();
        self
    }

    /// Puts the parties and products into a new world.
    pub(crate) fn fill(self, state: &mut State) {
        state.shared_mut().parties = self.parties;
        self.products.into_iter().for_each(|product| state.insert(product));
        state.featured = self.featured;
    }
}

fn since() -> DateTime {
    "2024-01-10T08:00:00Z".parse().unwrap_or_default()
}

fn events() -> Value {
    json!({"created": {"at": since()}, "updated": {"at": since()}})
}

fn rest(facts: &Value) -> Rest {
    facts.as_object().cloned().unwrap_or_default()
}

fn reference<Id: for<'a> From<&'a str>>((id, name): (&str, &str)) -> Reference<Id> {
    Reference { id: id.into(), name: Some(name.to_owned()), icon: None, rest: Rest::new() }
}

fn account((id, name): (&str, &str), kind: &str) -> Account {
    let facts = json!({"icon": format!("/media/{id}/icon.png"), "events": events()});
    Account { id: id.into(), name: name.to_owned(), kind: kind.to_owned(), rest: rest(&facts) }
}

fn key(number: u64, name: &str, secret: &str, (id, owner): (&str, &str), side: Side) -> KeyRecord {
    let token_id = format!("SU{}", &UserId::from_number(number).as_str()["UR".len()..]);
    let token = Token {
        id: token_id.as_str().into(),
        name: name.into(),
        account: id.into(),
        account_name: owner.into(),
        side,
    };
    KeyRecord { token: token.into(), header: format!("ApiKey {token_id}:{secret}") }
}

fn person(number: u64, name: &str, email: &str, account: &str) -> Person {
    let id = UserId::from_number(number);
    Person { id, name: name.to_owned(), email: email.to_owned(), account: account.into() }
}

fn parties(product: &ProductId) -> Parties {
    Parties {
        accounts: [account(VENDOR, "vendor"), account(DISTRIBUTOR, "provider")]
            .into_iter()
            .collect(),
        hubs: [hub()].into_iter().collect(),
        marketplaces: [marketplace()].into_iter().collect(),
        contracts: [contract()].into_iter().collect(),
        listings: [listing(product)].into_iter().collect(),
        connections: [connection(product)].into_iter().collect(),
        tokens: [
            key(310_774_106, "processor", "demo-vendor-key", VENDOR, Side::Vendor),
            key(506_118_204, "hub", "demo-distributor-key", DISTRIBUTOR, Side::Distributor),
        ]
        .into_iter()
        .collect(),
        people: [
            person(410_552_883, "Ines Aldana", "ines@fernway.example", VENDOR.0),
            person(512_907_461, "Tor Lindqvist", "tor@harborline.example", DISTRIBUTOR.0),
        ]
        .into_iter()
        .collect(),
    }
}

fn hub() -> Hub {
    let facts = json!({
        "description": "Orders from Harborline's shops",
        "instance": {"id": "harborline", "type": "API"},
        "stats": {"connections": 1, "marketplaces": 1},
    });
    Hub {
        id: HUB.0.into(),
        name: HUB.1.to_owned(),
        company: Some(reference(DISTRIBUTOR)),
        events: serde_json::from_value(events()).unwrap_or_default(),
        rest: rest(&facts),
    }
}

fn marketplace() -> Marketplace {
    let facts = json!({
        "description": "The Nordic and Baltic countries",
        "icon": format!("/media/{}/marketplaces/{}/icon.png", DISTRIBUTOR.0, MARKETPLACE.0),
        "zone": "EU",
        "countries": countries(),
        "active_contracts": 1,
        "stats": {"hubs": 1, "contracts": 1},
        "hubs": [{"hub": {"id": HUB.0, "name": HUB.1}, "external_id": "1"}],
        "events": events(),
    });
    Marketplace {
        id: MARKETPLACE.0.into(),
        name: MARKETPLACE.1.to_owned(),
        owner: Some(reference(DISTRIBUTOR)),
        currency: Some("EUR".to_owned()),
        rest: rest(&facts),
    }
}

/// Returns the countries where the marketplace sells.
fn countries() -> Vec<Value> {
    const ALL: [(&str, &str); 8] = [
        ("DK", "Denmark"),
        ("EE", "Estonia"),
        ("FI", "Finland"),
        ("IS", "Iceland"),
        ("LT", "Lithuania"),
        ("LV", "Latvia"),
        ("NO", "Norway"),
        ("SE", "Sweden"),
    ];
    ALL.map(|(id, name)| json!({"id": id, "name": name})).to_vec()
}

fn contract() -> Contract {
    Contract {
        id: ContractId::from(CONTRACT.0),
        name: CONTRACT.1.to_owned(),
        active: true,
        marketplace: MarketplaceId::from(MARKETPLACE.0),
        vendor: AccountId::from(VENDOR.0),
        provider: AccountId::from(DISTRIBUTOR.0),
        since: since(),
    }
}

fn listing(product: &ProductId) -> Listing {
    Listing {
        id: ListingId::from_number(204_661_730),
        listed: true,
        product: product.clone(),
        contract: ContractId::from(CONTRACT.0),
        since: since(),
    }
}

fn connection(product: &ProductId) -> ConnectionRecord {
    let link = Connection {
        id: ConnectionId::from(CONNECTION),
        kind: ConnectionType::Production,
        provider: Some(reference(DISTRIBUTOR)),
        vendor: Some(reference(VENDOR)),
        hub: Some(reference::<HubId>(HUB)),
        rest: Rest::new(),
    };
    ConnectionRecord { product: product.clone(), link, since: since() }
}

fn product(id: &ProductId) -> ProductRecord {
    let mut record = new_product(id.clone(), "Fernway Backup", reference(VENDOR), since());
    let product = &mut record.product;
    product.status = ProductStatus::Published;
    product.capabilities.merge(&json!({"subscription": {"hold": true}}));
    product.rest.extend(rest(&json!({
        "public": true,
        "category": {"id": "CAT-00021", "name": "Backup and recovery"},
        "published_at": since(),
        "short_description": "Backups that come back",
        "visibility": {"owner": true, "listing": true, "syndication": false, "catalog": false},
    })));
    record.items = vec![item(id)];
    record.parameters = parameters(id).into_iter().map(ParameterSpec::new).map(Arc::new).collect();
    let mut number = 120_774_335;
    record.templates = default_templates(since(), || {
        number += 1;
        number
    });
    record
}

fn item(product: &ProductId) -> CatalogItem {
    let id = ItemId::of(product, 1);
    let facts = json!({
        "description": "",
        "commitment": {"multiplier": "billing_period", "count": 1},
        "dynamic": false,
        "position": 10_000,
        "ui": {"visibility": true},
        "events": events(),
    });
    let others = standing_alone().into_iter().chain(rest(&facts)).collect();
    let item = ProductItem {
        name: "Protected device".to_owned(),
        mpn: "MPN-A".to_owned(),
        local_id: id.default_local_id(),
        id,
        display_name: Some("Protected device".to_owned()),
        kind: ItemType::Reservation,
        status: ItemStatus::Published,
        period: BillingPeriod::Monthly,
        precision: Precision::Integer,
        unit: Some(Unit {
            id: "devices".to_owned(),
            name: "devices".to_owned(),
            title: "Devices".to_owned(),
            rest: rest(&json!({"unit": "unit"})),
        }),
        rest: others,
    };
    CatalogItem { item, deleted: false }
}

fn parameters(product: &ProductId) -> [ProductParameter; 2] {
    let parameter = |counter: u32, name: &str, title: &str, kind, phase, constraints| {
        let facts = json!({"description": "", "position": counter * 10_000, "events": events()});
        ProductParameter {
            id: ParameterId::of(product, counter),
            name: name.to_owned(),
            title: title.to_owned(),
            kind,
            phase,
            scope: "asset".to_owned(),
            constraints,
            rest: rest(&facts),
        }
    };
    [
        parameter(
            1,
            "subscription_id",
            "Subscription",
            ParameterType::Text,
            ParameterPhase::Fulfillment,
            json!({"required": true, "hidden": false, "unique": false, "reconciliation": true}),
        ),
        parameter(
            2,
            "admin_email",
            "Administrator e-mail",
            ParameterType::Email,
            ParameterPhase::Ordering,
            json!({"required": false, "hidden": false, "unique": false}),
        ),
    ]
}
