//! Lists: the index answers what a walk over everything would.

use connect_clock::Clock;
use connect_model::lifecycle::Operation;
use connect_model::lifecycle::asset_request::is_reachable;
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::DenialKind;
use connect_world::command::{ParameterCommand, ProductCommand, TierAccountCommand};
use connect_world::scenario::Scenario;
use connect_world::{Collection, Fixture, Setting, World};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

use crate::stage::{CONNECTION, Stage, code_of, customer, text};

/// The product of the demo.
const FEATURED: &str = "PRD-411-678-887";

/// A request of every type in every status, on preview and production and for another product,
/// the types mixed.
fn mixed() -> Stage {
    let mut stage = Stage::demo();
    let made = stage.by_vendor(ProductCommand::Create { body: json!({"name": "Another"}) });
    let other = text(&made.unwrap(), "/id").into();
    for status in RequestStatus::ALL {
        for kind in AssetRequestType::ALL.iter().filter(|kind| is_reachable(kind, status)) {
            stage.clock.advance(Duration::from_secs(1));
            let fixture = Fixture::new(kind.clone(), status.clone());
            stage.world.seed_requests(stage.clock.now(), &fixture, 2);
            stage.world.seed_requests(stage.clock.now(), &fixture.clone().of(&other), 1);
            stage.world.seed_requests(stage.clock.now(), &fixture.through(&CONNECTION.into()), 1);
        }
    }
    stage
}

fn all(stage: &Stage, collection: &Collection) -> Vec<Value> {
    let listed =
        stage.world.list(stage.clock.now(), &stage.vendor, collection, "limit=1000").unwrap();
    serde_json::from_slice(&listed.body).unwrap()
}

/// Conditions on some of the filters: the query string, and what it means for a row.
#[derive(Clone, Debug, Default)]
struct Wanted {
    kinds: Option<Vec<&'static str>>,
    statuses: Option<Vec<&'static str>>,
    environment: Option<&'static str>,
    asset_status: Option<&'static str>,
    product: bool,
}

impl Wanted {
    fn query(&self) -> String {
        let many = |field: &str, words: &Option<Vec<&str>>| {
            words.as_ref().map(|words| format!("in({field},({}))", words.join(",")))
        };
        let one = |field: &str, word: Option<&str>| word.map(|word| format!("eq({field},{word})"));
        let terms = [
            many("type", &self.kinds),
            many("status", &self.statuses),
            one("asset.connection.type", self.environment),
            one("asset.status", self.asset_status),
            self.product.then(|| format!("asset.product.id={FEATURED}")),
        ];
        terms.into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    fn admits(&self, row: &Value) -> bool {
        let any = |pointer: &str, words: &Option<Vec<&str>>| {
            words.as_ref().is_none_or(|words| words.contains(&text(row, pointer).as_str()))
        };
        let is = |pointer: &str, word: Option<&str>| word.is_none_or(|it| text(row, pointer) == it);
        any("/type", &self.kinds)
            && any("/status", &self.statuses)
            && is("/asset/connection/type", self.environment)
            && is("/asset/status", self.asset_status)
            && is("/asset/product/id", self.product.then_some(FEATURED))
    }
}

fn wanted() -> impl Strategy<Value = Wanted> {
    use proptest::option::of;
    use proptest::sample::{select, subsequence};
    let kinds = subsequence(AssetRequestType::KNOWN.to_vec(), 1..4);
    let statuses = subsequence(connect_model::lifecycle::asset_request::STATUSES.to_vec(), 1..4);
    let environment = select(vec!["preview", "production", "test"]);
    let asset_status = select(vec!["active", "suspended", "processing"]);
    (of(kinds), of(statuses), of(environment), of(asset_status), any::<bool>()).prop_map(
        |(kinds, statuses, environment, asset_status, product)| Wanted {
            kinds,
            statuses,
            environment,
            asset_status,
            product,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn an_indexed_list_is_what_a_walk_over_everything_finds(
        wanted in wanted(),
        order in proptest::sample::select(vec!["", "ordering(created)", "ordering(-created)", "ordering(status)"]),
        limit in 0_usize..30,
        offset in 0_usize..30,
    ) {
        thread_local!(static STAGE: Stage = mixed());
        STAGE.with(|stage| {
            let mut expected: Vec<Value> =
                all(stage, &Collection::Requests).into_iter().filter(|row| wanted.admits(row)).collect();
            match order {
                "ordering(created)" => expected.reverse(),
                "ordering(status)" => expected.sort_by_key(|row| text(row, "/status")),
                _ => {}
            }
            let terms = [wanted.query(), order.to_owned(), format!("limit={limit}&offset={offset}")];
            let query: Vec<String> = terms.into_iter().filter(|term| !term.is_empty()).collect();
            let query = query.join("&");
            let (ids, range) = stage.ids(&Collection::Requests, &query);
            let offset = if limit == 0 { 0 } else { offset };
            let page: Vec<String> =
                expected.iter().skip(offset).take(limit).map(|row| text(row, "/id")).collect();
            let last = offset + page.len().saturating_sub(1);
            prop_assert_eq!(&ids, &page, "{}", query);
            prop_assert_eq!(range, format!("items {offset}-{last}/{}", expected.len()));
            Ok(())
        })?;
    }
}

#[test]
fn requests_are_found_by_id_and_by_asset() {
    let mut stage = mixed();
    let asset = stage.active_trial();
    let request = stage.request("suspend", &asset).unwrap();
    let id = text(&request, "/id");
    let total = |query: &str| stage.ids(&Collection::Requests, query);
    assert_eq!(total(&format!("asset.id={asset}")).1, "items 0-1/2");
    assert_eq!(total(&format!("in(id,({id},PR-9-9))")).0, std::slice::from_ref(&id));
    assert_eq!(total(&format!("eq(asset.id,{asset})&eq(status,approved)")).1, "items 0-0/1");
    assert_eq!(total(&format!("id={id}&type=resume")).1, "items 0-0/0");
}

#[test]
fn a_request_moves_to_its_new_status_in_lists_and_its_asset_too() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    let suspend = stage.request("suspend", &asset).unwrap();
    let pending = "status=pending&type=suspend";
    assert_eq!(stage.ids(&Collection::Requests, pending).1, "items 0-0/1");
    stage.approve(&text(&suspend, "/id")).unwrap();
    assert_eq!(stage.ids(&Collection::Requests, pending).1, "items 0-0/0");
    assert_eq!(stage.ids(&Collection::Assets, "status=active").1, "items 0-0/0");
    assert_eq!(stage.ids(&Collection::Assets, "status=suspended").0, [asset]);
}

#[test]
fn parameters_are_filters_too() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    stage.trial();
    let id = text(&request, "/id");
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    let query = "eq(asset.params,t(eq(id,subscription_id),eq(value,sub-1)))";
    assert_eq!(stage.ids(&Collection::Requests, query).0, [id]);
    assert_eq!(stage.ids(&Collection::Requests, "asset.params.value=sub-2").1, "items 0-0/0");
}

#[test]
fn selects_add_and_remove() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    stage.request("suspend", &asset).unwrap();
    let read = |query: &str| {
        let body = stage
            .world
            .read(stage.clock.now(), &stage.vendor, &Collection::Assets, &asset, query)
            .unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()
    };
    assert!(read("").get("pending_request").is_none());
    let shown = read("select(pending_request,template,-items)");
    assert_eq!(text(&shown, "/pending_request/type"), "suspend");
    assert_eq!(shown.pointer("/pending_request/template"), None);
    let shown_whole = read("select(pending_request.template)");
    assert_eq!(text(&shown_whole, "/pending_request/template/name"), "Default Pending Template");
    assert_eq!(text(&shown, "/template/name"), "Default Activation Template");
    assert!(shown.get("items").is_none());

    let query = "select(-asset.params,-activation_key,asset.product.capabilities)";
    let listed =
        stage.world.list(stage.clock.now(), &stage.vendor, &Collection::Requests, query).unwrap();
    let rows: Value = serde_json::from_slice(&listed.body).unwrap();
    assert_eq!(rows[0]["asset"]["product"]["capabilities"]["subscription"]["hold"], true);
    assert!(rows[0].get("activation_key").is_none() && rows[0]["asset"].get("params").is_none());
}

#[test]
fn a_filter_nobody_knows_is_ignored_unless_strict() {
    let mut stage = Stage::demo();
    stage.trial();
    assert_eq!(stage.ids(&Collection::Requests, "eq(colour,red)").1, "items 0-0/1");
    let strict = Setting { strict: true, ..Setting::new(7) };
    let strict = World::found(Scenario::demo(), strict);
    let refused =
        strict.list(stage.clock.now(), &stage.vendor, &Collection::Requests, "eq(colour,red)");
    assert_eq!(refused.unwrap_err().refusal.errors, ["colour: there is no such filter."]);
}

#[test]
fn a_value_outside_the_choices_is_refused_also_by_the_lenient() {
    let stage = Stage::demo();
    let refused =
        stage.world.list(stage.clock.now(), &stage.vendor, &Collection::Requests, "eq(status,foo)");
    assert_eq!(refused.unwrap_err().kind, DenialKind::Invalid);
}

#[test]
fn a_request_is_found_by_the_customers_name_that_it_shows() {
    let mut stage = Stage::demo();
    let order = stage.order();
    let (id, tier) = (text(&order, "/id"), text(&order, "/asset/tiers/customer/id"));
    let mut body = customer();
    body["name"] = json!("Cedar Bread SL");
    let rename = TierAccountCommand::Update { id: tier.into(), body };
    stage.by_distributor(rename).unwrap();

    let shown =
        text(&stage.read(&Collection::Requests, &id).unwrap(), "/asset/tiers/customer/name");
    let named = |name: &str| {
        let query = format!("eq(asset.tiers.customer.name,{name})");
        stage.ids(&Collection::Requests, &query).0
    };
    assert_eq!(shown, "Cedar Bakery SL");
    assert_eq!(named("Cedar Bakery SL"), [id]);
    assert!(named("Cedar Bread SL").is_empty());
    let query = "eq(tiers.customer.name,Cedar Bread SL)";
    assert_eq!(stage.ids(&Collection::Assets, query).1, "items 0-0/1");
}

#[test]
fn of_what_was_created_in_the_same_second_the_latest_comes_first() {
    let mut stage = Stage::demo();
    let product = stage.product();
    for name in ["p1", "p2", "p3"] {
        let body = json!({"name": name, "type": "text", "phase": "ordering", "scope": "asset"});
        let command = ParameterCommand::Create { product: product.clone(), body };
        stage.world.apply(stage.clock.now(), &stage.vendor.clone(), command).unwrap();
    }
    let names = |query: &str| {
        let parameters = Collection::Parameters(product.clone());
        let listed =
            stage.world.list(stage.clock.now(), &stage.vendor, &parameters, query).unwrap();
        let rows: Vec<Value> = serde_json::from_slice(&listed.body).unwrap();
        rows.iter().map(|row| text(row, "/name")).collect::<Vec<_>>()
    };
    assert_eq!(names("like(name,p*)"), ["p3", "p2", "p1"]);
    assert_eq!(names("like(name,p*)&ordering(events.created.at)"), ["p1", "p2", "p3"]);
}

#[test]
fn the_customers_answer_is_listed_as_it_stands() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    let params = json!([{"id": "admin_email", "value_error": "wrong"}]);
    stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    stage.operate(&id, Operation::Inquire, Value::Null).unwrap();
    assert_eq!(stage.ids(&Collection::Requests, "status=inquiring").0, std::slice::from_ref(&id));
    let request = stage.read(&Collection::Requests, &id).unwrap();
    let given = json!({"asset": {"params": [{"id": "admin_email", "value": "a@c.example"}]}});
    stage.answer(&id, &code_of(&request), given).unwrap();
    assert_eq!(stage.ids(&Collection::Requests, "status=inquiring").1, "items 0-0/0");
    let answered = "status=pending&asset.params.value=a@c.example";
    assert_eq!(stage.ids(&Collection::Requests, answered).0, [id]);
}
