use connect_model::rql::{Query, Select};
use jiff::Timestamp;

use crate::query::field::{Field, Lookup};
use crate::query::options::Options;
use crate::query::page::ContentRange;
use crate::query::schema::Schema;
use crate::query::select::{Selectable, Selection};

const STATUSES: &[&str] = &["pending", "inquiring", "approved"];

struct Row {
    id: &'static str,
    status: &'static str,
    product: &'static str,
    name: Option<&'static str>,
    marketplace: Option<&'static str>,
    planned: Option<Timestamp>,
    answered: bool,
    created: Timestamp,
    params: Vec<Param>,
}

struct Param {
    id: &'static str,
    value: &'static str,
}

type Member = Field<Param>;
type Filter = Field<Row>;

fn schema() -> Schema<Row> {
    use Lookup::{Eq, Gt, Ilike, In, Like};
    let param = Schema::new([
        Member::text("id", |param| param.id.into()),
        Member::text("value", |param| param.value.into()).lookups(&[Eq, In]),
    ]);
    Schema::new([
        Filter::text("id", |row| row.id.into()),
        Filter::choice("status", STATUSES, |row| row.status.into()).orderable(),
        Filter::choice("kind", STATUSES, |row| row.status.into()).lookups(&[Eq, Like, Ilike]),
        Filter::text("asset.product.id", |row| row.product.into()).aliases(&["product_id"]),
        Filter::text("name", |row| row.name.into()).nullable().orderable().searched(),
        Filter::text("sku", |row| row.product.into()).lookups(&[Gt]).searched(),
        Filter::text("marketplace.id", |row| row.marketplace.into()).null_id("MP-00000").nullable(),
        Filter::time("planned", |row| row.planned.into()).orderable(),
        Filter::boolean("answered", |row| row.answered.into()),
        Filter::time("created", |row| row.created.into()).orderable(),
    ])
    .list("asset.params", param, |row| Box::new(row.params.iter()))
}

fn rows() -> Vec<Row> {
    let at = |day: u32| format!("2024-01-0{day}T10:00:00Z").parse().unwrap();
    vec![
        Row {
            id: "A",
            status: "pending",
            product: "PRD-1",
            name: Some("Acme"),
            marketplace: Some("MP-00001"),
            planned: Some(at(5)),
            answered: false,
            created: at(1),
            params: vec![Param { id: "p1", value: "x" }, Param { id: "p2", value: "y" }],
        },
        Row {
            id: "B",
            status: "inquiring",
            product: "PRD-2",
            name: Some("acme \\ 5*"),
            marketplace: Some("MP-00000"),
            planned: Some(at(6)),
            answered: true,
            created: at(2),
            params: vec![Param { id: "p1", value: "y" }, Param { id: "p2", value: "x" }],
        },
        Row {
            id: "C",
            status: "approved",
            product: "PRD-1",
            name: None,
            marketplace: None,
            planned: None,
            answered: false,
            created: at(3),
            params: vec![],
        },
        Row {
            id: "D",
            status: "pending",
            product: "PRD-3",
            name: Some(""),
            marketplace: Some("MP-00002"),
            planned: Some(at(6)),
            answered: true,
            created: at(4),
            params: vec![Param { id: "p3", value: "" }],
        },
    ]
}

/// Returns the ids of the matching rows in the order asked for, or the error.
fn answer(raw: &str, options: Options) -> String {
    let schema = schema();
    let query = match Query::parse_compatible(raw, &schema) {
        Ok(query) => query,
        Err(error) => return error.platform_text().to_owned(),
    };
    let compiled = match schema.compile(&query, options) {
        Ok(compiled) => compiled,
        Err(error) => return error.to_string(),
    };
    let mut rows = rows();
    rows.retain(|row| compiled.matches(row));
    rows.sort_by(|a, b| compiled.compare(a, b).unwrap_or_else(|| a.id.cmp(b.id)));
    rows.iter().map(|row| row.id).collect::<Vec<_>>().join(" ")
}

fn check(rows: &[(&str, &str)], output: impl Fn(&str) -> String) {
    let differences: Vec<String> = rows
        .iter()
        .map(|&(input, wanted)| (input, wanted, output(input)))
        .filter(|(_, wanted, got)| wanted != got)
        .map(|(input, wanted, got)| format!("{input}\n  wanted {wanted}\n  got    {got}"))
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

fn lenient(raw: &str) -> String {
    answer(raw, Options::default())
}

#[test]
fn conditions() {
    check(
        &[
            ("", "A B C D"),
            ("status=pending", "A D"),
            ("ne(status,pending)", "B C"),
            ("eq(name,Acme)", "A"),
            ("ne(name,Acme)", "B C D"),
            ("in(id,(A,C,Z))", "A C"),
            ("out(id,(A,C,Z))", "B D"),
            ("in(id,())", ""),
            ("out(id,())", "A B C D"),
            ("in(name,(Acme,null()))", "A C"),
            ("out(name,(Acme,null()))", "B D"),
            ("eq(name,null())", "C"),
            ("ne(name,null())", "A B D"),
            ("eq(name,empty())", "D"),
            ("ne(name,empty())", "A B C"),
            ("eq(planned,2024-01-06T10:00:00Z)", "B D"),
            ("gt(planned,2024-01-05T10:00:00Z)", "B D"),
            ("ge(planned,2024-01-05T10:00:00Z)", "A B D"),
            ("lt(planned,2024-01-06T10:00:00Z)", "A"),
            ("le(planned,2024-01-06T10:00:00Z)", "A B D"),
            ("range(planned,2024-01-05,2024-01-05T12:00:00Z)", "A"),
            ("eq(answered,true)", "B D"),
            ("ne(answered,true)", "A C"),
            ("ge(created,2024-01-03)", "C D"),
            ("created=lt=2024-01-02T12:00:00+02:00", "A"),
            ("created=le=2024-01-02T12:00:00+02:00", "A B"),
            ("eq(created,2024-01-01T10:00:00)", "A"),
            ("gt(sku,PRD-2)", "D"),
            ("eq(product_id,PRD-1)", "A C"),
            ("eq(asset__product__id,PRD-1)", "A C"),
        ],
        lenient,
    );
}

#[test]
fn logic() {
    check(
        &[
            ("status=pending&answered=true", "D"),
            ("or(id=A,eq(id,C))", "A C"),
            ("not(status=pending)", "B C"),
            ("not(and(status=pending,answered=true))", "A B C"),
            ("not(or(id=A,id=B))", "C D"),
            ("(id=A|id=B)&status=pending", "A"),
        ],
        lenient,
    );
}

#[test]
fn patterns() {
    check(
        &[
            ("like(name,Acme)", "A"),
            ("like(name,acme)", ""),
            ("ilike(name,acme)", "A"),
            ("ilike(name,ACME*)", "A B"),
            ("like(name,*cm*)", "A B"),
            ("like(name,A*c*e)", "A"),
            ("like(name,*)", "A B D"),
            (r"like(name,*\*)", "B"),
            (r"like(name,*\\*)", "B"),
            ("like(id,A*A)", ""),
            ("ilike(kind,PEND*)", "A D"),
            (
                "like(name,a**)",
                r"name: `a**` is not a pattern: `**` has no meaning, write `*` or `\*` (lookup `like`).",
            ),
        ],
        lenient,
    );
}

#[test]
fn ids_that_stand_for_none_are_null() {
    check(
        &[
            ("eq(marketplace.id,null())", "B C"),
            ("eq(marketplace.id,MP-00000)", "B C"),
            ("ne(marketplace.id,MP-00000)", "A D"),
            ("in(marketplace.id,(MP-00000,MP-00001))", "A B C"),
        ],
        lenient,
    );
}

#[test]
fn lists_by_path_and_by_tuple() {
    check(
        &[
            ("eq(asset.params.id,p1)", "A B"),
            ("ne(asset.params.id,p1)", "C D"),
            ("out(asset.params.id,(p1,p3))", "C"),
            ("like(asset.params.id,p*)", "A B D"),
            ("eq(asset.params.id,p1)&eq(asset.params.value,x)", "A"),
            ("eq(asset.params,t(eq(id,p1),eq(value,x)))", "A"),
            ("ne(asset.params,t(eq(id,p1),eq(value,x)))", "B C D"),
            ("eq(asset.params,t(ne(id,p1),eq(value,x)))", "B"),
            ("eq(asset.params,t(eq(id,p1),eq(typo,x)))", "A B"),
            ("eq(asset.params,t(eq(typo,x)))", "A B C D"),
            ("asset__params__id__in=p3", "D"),
            (
                "eq(asset.params,p1)",
                "asset.params: `p1` is not a tuple `t(…)` given to `eq` or `ne` (lookup `eq`).",
            ),
            (
                "like(asset.params,t(eq(id,p1)))",
                "asset.params: `t(eq(id,p1))` is not a tuple `t(…)` given to `eq` or `ne` (lookup `like`).",
            ),
            (
                "ne(asset.params.value,x)",
                "asset.params.value: lookup `ne` is not supported (value `x`).",
            ),
            (
                "eq(asset.params,t(like(value,x)))",
                "asset.params.value: lookup `like` is not supported (value `x`).",
            ),
            (
                "eq(id,t(eq(id,A)))",
                "id: `t(eq(id,A))` is not possible here: the filter is not a list of objects (lookup `eq`).",
            ),
        ],
        lenient,
    );
}

#[test]
fn unknown_filters_are_ignored_wherever_they_stand() {
    check(
        &[
            ("eq(typo,x)", "A B C D"),
            ("not(eq(typo,x))", "A B C D"),
            ("status=pending&typo=x", "A D"),
            ("or(typo=x,status=pending)", "A D"),
            ("eq(asset.params.typo,x)", "A B C D"),
        ],
        lenient,
    );
}

#[test]
fn unknown_filters_are_errors_when_strict() {
    check(
        &[
            ("eq(typo,x)", "typo: there is no such filter."),
            ("or(status=pending,not(eq(typo,x)))", "typo: there is no such filter."),
            ("eq(asset.params.typo,x)", "asset.params.typo: there is no such filter."),
            ("eq(asset.params,t(eq(typo,x)))", "asset.params.typo: there is no such filter."),
            ("status=pending", "A D"),
        ],
        |raw| answer(raw, Options { strict: true }),
    );
}

#[test]
fn wrong_lookups_and_values() {
    check(
        &[
            ("gt(status,p)", "status: lookup `gt` is not supported (value `p`)."),
            ("gt(name,a)", "name: lookup `gt` is not supported (value `a`)."),
            ("in(answered,(true))", "answered: lookup `in` is not supported (value `true`)."),
            ("eq(status,null())", "status: lookup `eq` is not supported (value `null()`)."),
            ("like(name,null())", "name: lookup `like` is not supported (value `null()`)."),
            ("in(name,(empty()))", "name: lookup `in` is not supported (value `empty()`)."),
            ("like(name,t(eq(id,A)))", "name: `t(eq(id,A))` is not a text (lookup `like`)."),
            ("eq(status,foo)", "status: `foo` is not one of the choices (lookup `eq`)."),
            ("in(status,(pending,foo))", "status: `foo` is not one of the choices (lookup `in`)."),
            ("eq(answered,yes)", "answered: `yes` is not `true` or `false` (lookup `eq`)."),
            ("gt(created,yesterday)", "created: `yesterday` is not a date-time (lookup `gt`)."),
            (
                "eq(planned,empty())",
                "planned: `empty()` is not possible here: only texts can be empty (lookup `eq`).",
            ),
        ],
        lenient,
    );
}

#[test]
fn ordering() {
    check(
        &[
            ("ordering(-created)", "D C B A"),
            ("ordering(status,-created)", "C B D A"),
            ("ordering(name)", "C D A B"),
            ("ordering(-planned,created)", "B D A C"),
            ("order_by=-created", "D C B A"),
            ("ordering()", "A B C D"),
            ("ordering(id)", "Bad ordering filter: id."),
            ("ordering(typo)", "Bad ordering filter: typo."),
            ("ordering(asset.params.id)", "Bad ordering filter: asset.params.id."),
            (
                "ordering(name,name,name,name,name,name)",
                "Bad ordering filter: max allowed number of fields is 5.",
            ),
            (
                "ordering(name)&ordering(name)",
                "Bad ordering filter: query can contain only one ordering operation.",
            ),
        ],
        lenient,
    );
}

#[test]
fn search() {
    check(
        &[
            ("search=ACME", "A B"),
            ("search=acme*", "A B"),
            ("search=prd-3", "D"),
            ("search=prd&status=pending", "A D"),
            ("search=5\\*", "B"),
            ("search=nowhere", ""),
            (
                "search=a**b",
                r"search: `a**b` is not a pattern: `**` has no meaning, write `*` or `\*` (lookup `eq`).",
            ),
        ],
        lenient,
    );
}

#[test]
fn a_collection_without_searched_fields_ignores_search() {
    let schema = Schema::new([Field::text("id", |row: &Row| row.id.into())]);
    let compiled = schema.compile(&Query::parse("search=zzz").unwrap(), Options::default());
    let compiled = compiled.unwrap();
    assert!(rows().iter().all(|row| compiled.matches(row)));
    assert!(compiled.is_covered_by(&[]));
}

/// Checks what an index planner is told: texts of `status` and of `asset.product.id`, and whether
/// these two say it all.
#[test]
fn pinned_fields() {
    let told = |raw: &str| {
        let query = Query::parse(raw).unwrap();
        let compiled = schema().compile(&query, Options::default()).unwrap();
        let texts = |field| compiled.exact(field).map_or("-".to_owned(), |texts| texts.join(","));
        let fields = ["status", "asset.product.id"];
        let [status, product] = fields.map(texts);
        format!("{status} {product} {}", compiled.is_covered_by(&fields))
    };
    check(
        &[
            ("", "- - true"),
            ("status=pending", "pending - true"),
            ("in(status,(pending,approved,pending))", "approved,pending - true"),
            ("status=pending&in(product_id,(PRD-1,PRD-2))", "pending PRD-1,PRD-2 true"),
            ("in(status,(pending,approved))&in(status,(pending,inquiring))", "pending - true"),
            ("status=pending&status=approved", " - true"),
            ("status=pending&id=A", "pending - false"),
            ("status=pending&typo=x", "pending - true"),
            ("status=pending&search=x", "pending - false"),
            ("status=pending&eq(asset.params.id,p1)", "pending - false"),
            ("status=pending&planned=2024-01-05", "pending - false"),
            ("ne(status,pending)", "- - false"),
            ("or(status=pending,status=approved)", "- - false"),
            ("not(status=pending)", "- - false"),
            ("in(asset.product.id,())", "-  true"),
            ("like(asset.product.id,PRD-1)", "- - false"),
        ],
        told,
    );
}

#[test]
fn a_null_id_pins_nothing() {
    let query = Query::parse("in(marketplace.id,(MP-00000,MP-00001))").unwrap();
    let compiled = schema().compile(&query, Options::default()).unwrap();
    assert_eq!(compiled.exact("marketplace.id"), None);
    assert!(!compiled.is_covered_by(&["marketplace.id"]));
}

#[test]
fn pages() {
    let page = |raw: &str| {
        let query = Query::parse(raw).unwrap();
        let page = schema().compile(&query, Options::default()).unwrap().page();
        format!("{} from {}", page.limit, page.offset)
    };
    check(
        &[
            ("", "100 from 0"),
            ("limit=10&offset=20", "10 from 20"),
            ("limit=5000", "1000 from 0"),
            ("limit=x&offset=-1", "100 from 0"),
            ("limit=0&offset=7", "0 from 0"),
        ],
        page,
    );
}

#[test]
fn content_ranges() {
    let header = |offset, rows, total| ContentRange { offset, rows, total }.to_string();
    assert_eq!(header(0, 100, 250), "items 0-99/250");
    assert_eq!(header(200, 50, 250), "items 200-249/250");
    assert_eq!(header(0, 0, 250), "items 0-0/250");
    assert_eq!(header(0, 0, 0), "items 0-0/0");
    assert_eq!(header(300, 0, 250), "items 300-300/250");
}

const SELECTABLE: Selectable = Selectable {
    additions: &["asset.product.capabilities", "pending_request", "pending_request.template"],
    removals: &["activation_key", "asset", "asset.items", "asset.items.params"],
    aliases: &[("items", "asset.items")],
};

#[test]
fn removed_paths() {
    const PATHS: [&str; 5] = ["id", "activation_key", "asset", "asset.items", "asset.items.params"];
    let removed = |raw: &str| {
        let select = Query::parse(raw).unwrap().select;
        match SELECTABLE.compile(&select) {
            Ok(selection) => {
                PATHS.into_iter().filter(|it| selection.removes(it)).collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        }
    };
    check(
        &[
            ("", ""),
            (
                "select(-activation_key,-asset)",
                "activation_key asset asset.items asset.items.params",
            ),
            ("select(-asset.items)", "asset.items asset.items.params"),
            ("select(-items)", "asset.items asset.items.params"),
            ("select(-asset.items.params)", "asset.items.params"),
            ("select(activation_key,-pending_request)", ""),
            ("select(typo)", "Bad select filter: typo."),
            ("select(-asset.typo)", "Bad select filter: asset.typo."),
            ("select(asset.items,-items)", "Bad select filter: incompatible properties."),
            (
                "select(-asset,asset.product.capabilities)",
                "Bad select filter: incompatible properties.",
            ),
        ],
        removed,
    );
}

#[test]
fn selected_additions() {
    let none = SELECTABLE.compile(&[]).unwrap();
    assert_eq!(none, Selection::default());
    assert!(!none.adds("pending_request"));

    let child = SELECTABLE.compile(&[Select::add("pending_request.template")]).unwrap();
    assert!(child.adds("pending_request") && child.adds("pending_request.template"));

    let parent = SELECTABLE.compile(&[Select::add("pending_request")]).unwrap();
    assert!(parent.adds("pending_request") && !parent.adds("pending_request.template"));

    assert_eq!(SELECTABLE.compile(&[Select::add("activation_key")]).unwrap(), none);
}
