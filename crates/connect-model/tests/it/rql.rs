//! RQL: what is printed, what is read, and that reading undoes printing.

use connect_model::rql::{
    Filters, Inexpressible, MAX_DEPTH, MAX_LENGTH, Order, Query, Rql, RqlError, Select, Value,
    field, same,
};
use proptest::prelude::*;

/// Compares outputs with `(input, output)` rows and shows every row that differs.
fn check(rows: &[(&str, &str)], output: impl Fn(&str) -> String) {
    let differences: Vec<String> = rows
        .iter()
        .map(|&(input, wanted)| (input, wanted, output(input)))
        .filter(|(_, wanted, got)| wanted != got)
        .map(|(input, wanted, got)| format!("{input}\n  wanted {wanted}\n  got    {got}"))
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

fn canonical(raw: &str) -> String {
    match Query::parse(raw) {
        Ok(query) => query.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn grammar() {
    check(
        &[
            ("", ""),
            ("eq(status,pending)", "eq(status,pending)"),
            ("ne(a,b)&gt(c,1)&ge(d,2)", "and(ne(a,b),gt(c,1),ge(d,2))"),
            ("lt(a,b),le(c,d)", "and(lt(a,b),le(c,d))"),
            ("a=b", "eq(a,b)"),
            ("a=ge=5", "ge(a,5)"),
            ("a=ge", "eq(a,ge)"),
            ("a=lt=2024-01-31T10:00:00+00:00", "lt(a,2024-01-31T10:00:00+00:00)"),
            ("in(a,(b))", "in(a,(b))"),
            ("in(a,(b,c,null()))", "in(a,(b,c,null()))"),
            ("out(a,(b,\"c,d\"))", "out(a,(b,\"c,d\"))"),
            ("like(a,*b*)", "like(a,*b*)"),
            (r"ilike(a,b\**)", r"ilike(a,b\**)"),
            ("and(a=b,c=d,e=f)", "and(eq(a,b),eq(c,d),eq(e,f))"),
            ("(a=b,c=d)", "and(eq(a,b),eq(c,d))"),
            ("(a=b&c=d)", "and(eq(a,b),eq(c,d))"),
            ("or(a=b,c=d)", "or(eq(a,b),eq(c,d))"),
            ("(a=b|c=d|e=f)", "or(eq(a,b),eq(c,d),eq(e,f))"),
            ("(a=b;c=d)", "or(eq(a,b),eq(c,d))"),
            ("(a=b&c=d|e=f)", "or(and(eq(a,b),eq(c,d)),eq(e,f))"),
            ("or(a=b&c=d,e=f)", "or(and(eq(a,b),eq(c,d)),eq(e,f))"),
            ("and(a=b,and(c=d,e=f))", "and(eq(a,b),eq(c,d),eq(e,f))"),
            ("(a=b)", "eq(a,b)"),
            ("((a=b))&c=d", "and(eq(a,b),eq(c,d))"),
            ("not(a=b)", "not(eq(a,b))"),
            ("not((in(a,(b))))", "not(in(a,(b)))"),
            ("eq(asset.params,t(eq(id,p1),value=x))", "eq(asset.params,t(eq(id,p1),eq(value,x)))"),
            ("ne(a,t(like(b,c*)))", "ne(a,t(like(b,c*)))"),
            ("eq(a,null())&ne(b,empty())", "and(eq(a,null()),ne(b,empty()))"),
            ("a=null()", "eq(a,null())"),
            ("eq(eq,and)&in=t&not=or", "and(eq(eq,and),eq(in,t),eq(not,or))"),
            ("eq(name,Acme Corp)", "eq(name,Acme Corp)"),
            ("eq(name,Acme%20Corp)", "eq(name,Acme Corp)"),
            ("%65q%28a%2Cb%29", "eq(a,b)"),
            ("eq(a,1+1)", "eq(a,1+1)"),
            ("eq(a,1%2B1)", "eq(a,1+1)"),
            ("eq(name,Müller)", "eq(name,Müller)"),
            ("eq(name,日本)", "eq(name,\"日本\")"),
            ("eq(name,\"Plain\")", "eq(name,Plain)"),
            ("eq(url,'https://a.b/c?d=e&f')", "eq(url,\"https://a.b/c?d=e&f\")"),
            (r#"eq(name,'say "hi"')"#, r#"eq(name,'say "hi"')"#),
            (r#"eq(name,"")"#, r#"eq(name,"")"#),
            (r#"eq(name,"null()")"#, r#"eq(name,"null()")"#),
        ],
        canonical,
    );
}

#[test]
fn grammar_that_only_some_clients_write() {
    check(
        &[
            ("not(and(eq(a,b),eq(c,d)))", "not(and(eq(a,b),eq(c,d)))"),
            ("not(and(or(eq(a,b),eq(c,d))))", "not(or(eq(a,b),eq(c,d)))"),
            ("not(not(a=b))", "eq(a,b)"),
            ("not(a=b&c=d)", "not(and(eq(a,b),eq(c,d)))"),
            ("not(and(a=b,c=d)&e=f)", "not(and(eq(a,b),eq(c,d),eq(e,f)))"),
            ("in(a,())", "in(a,())"),
            ("out(a,())", "out(a,())"),
            ("range(a,1,5)", "and(ge(a,1),le(a,5))"),
            ("gte(a,1)&lte(b,2)", "and(ge(a,1),le(b,2))"),
            ("((a=x)|(b=y))", "or(eq(a,x),eq(b,y))"),
            ("(((a=x)|(b=y))|(c=z))", "or(eq(a,x),eq(b,y),eq(c,z))"),
            ("(a=x)&(b=y)", "and(eq(a,x),eq(b,y))"),
        ],
        canonical,
    );
}

#[test]
fn what_is_not_rql_is_refused_with_its_place() {
    let decoded = "of the decoded query";
    let rows = [
        ("and(a=b)", "`,` and another expression", 7),
        ("or(a=b)", "`,` and another expression", 6),
        ("eq(a,)", "a value; quote it if it has special characters", 5),
        ("a=", "a value; quote it if it has special characters", 2),
        ("eq(a)", "`,` after the field name", 4),
        ("eq(a,b", "`)`", 6),
        ("eq(a, b)", "a value; quote it if it has special characters", 5),
        ("eq (a,b)", "`(` or `=`", 2),
        ("eq(a,b/c)", "`)`", 6),
        ("eq(a,\"b)", "the closing quote", 6),
        (r#"eq(a,"b"c")"#, "`)`", 8),
        ("a=like=x", "`&`, `,` or the end", 6),
        ("in(a,b)", "`(` and the list of values", 5),
        ("foo(a,b)", "an operator before `(`", 0),
        ("a=b&", "a field or an operator", 4),
        ("a=b|c=d", "`&`, `,` or the end", 3),
        ("(a=b|c=d;e=f)", "`)`", 8),
        ("1a=b", "a field or an operator", 0),
        ("eq(a,t(in(b,(c))))", "only comparisons with one value inside `t(…)`", 16),
        ("or(ordering(a),b=c)", "an operator before `(`", 3),
        ("ordering(a", "`,` or `)`", 10),
        ("select(-)", "a field or an operator", 8),
    ];
    for (input, expected, position) in rows {
        let wanted = format!("error: expected {expected} at byte {position} {decoded}");
        assert_eq!(canonical(input), wanted, "{input}");
    }
}

#[test]
fn select_ordering_search_and_page() {
    check(
        &[
            (
                "select(-asset.items,+template,activation_key)&status=pending&ordering(-created,+id)\
                 &limit=10&offset=20&search=acme",
                "select(-asset.items,template,activation_key)&eq(status,pending)\
                 &ordering(-created,id)&limit=10&offset=20&search=acme",
            ),
            ("ordering()&select()", ""),
            ("limit=0", "limit=0"),
            ("eq(limit,5)", "limit=5"),
            ("limit=ten&offset=-1", ""),
            ("limit=99999999999", "limit=4294967295"),
            ("search=a%26b", "error: expected `(` or `=` at byte 10 of the decoded query"),
            ("search=%22a%26b%22", "search=\"a&b\""),
            ("name=a+b&search=Fernway+Backup", "eq(name,a+b)&search=Fernway Backup"),
            ("search=%2B48", "search=+48"),
            (
                "limit=gt=5",
                "error: `limit` and `offset` are written once each, as `limit=100&offset=0`",
            ),
            (
                "offset=1&offset=1",
                "error: `limit` and `offset` are written once each, as `limit=100&offset=0`",
            ),
            ("search=ne=5", "error: `search` is written once, as `search=text`"),
            ("search=a&search=b", "error: `search` is written once, as `search=text`"),
            (
                "ordering(a)&ordering(b)",
                "error: more than one ordering: put all fields into one `ordering(…)`",
            ),
            (
                "select(a)&select(b)",
                "error: more than one select: put all fields into one `select(…)`",
            ),
        ],
        canonical,
    );
}

#[test]
fn errors_know_the_words_of_the_platform() {
    check(
        &[
            ("eq(a,", "Bad filter query."),
            ("%zz", "Bad filter query."),
            ("limit=gt=5", "Limit and offset are set incorrectly."),
            (
                "ordering(a)&ordering()",
                "Bad ordering filter: query can contain only one ordering operation.",
            ),
            (
                "select()&select(b)",
                "Bad select filter: query can contain only one select operation.",
            ),
        ],
        |raw| Query::parse(raw).unwrap_err().platform_text().to_owned(),
    );
}

#[test]
fn bad_percent_encoding_is_refused() {
    let encoding = |position| Err(RqlError::Encoding { position });
    assert_eq!(Query::parse("a=%"), encoding(2));
    assert_eq!(Query::parse("a=b%2"), encoding(3));
    assert_eq!(Query::parse("a=%g1"), encoding(2));
    assert_eq!(Query::parse("a=%FFx"), encoding(2));
}

struct Declared;

impl Filters for Declared {
    fn declares(&self, name: &str) -> bool {
        ["status", "created", "answered", "name", "kind__in"].contains(&name)
    }

    fn is_boolean(&self, name: &str) -> bool {
        name == "answered"
    }
}

#[test]
fn django_style() {
    check(
        &[
            ("status=pending&type=purchase", "and(eq(status,pending),eq(type,purchase))"),
            ("status__in=pending,,inquiring", "in(status,(pending,inquiring))"),
            ("assignee__isnull=True", "eq(assignee,null())"),
            ("assignee__isnull=0", "ne(assignee,null())"),
            ("name__exact=a", "like(name,a)"),
            ("name__iexact=a", "ilike(name,a)"),
            ("name__contains=a", "like(name,*a*)"),
            ("name__icontains=*a", "ilike(name,*a*)"),
            ("name__startswith=a b,c", "like(name,\"a b,c*\")"),
            ("name__istartswith=a*", "ilike(name,a*)"),
            ("name__endswith=a", "like(name,*a)"),
            ("name__iendswith=a", "ilike(name,*a)"),
            ("created__gt=1&created__gte=2", "and(gt(created,1),ge(created,2))"),
            ("created__lt=3&created__lte=4", "and(lt(created,3),le(created,4))"),
            ("asset__status=active", "eq(asset__status,active)"),
            ("kind__in=a&order_by=id", "eq(kind__in,a)&ordering(id)"),
            ("order_by=-created", "ordering(-created)"),
            ("ordering=-created,id&limit=5", "ordering(-created,id)&limit=5"),
            ("name=Acme Corp, Inc", "eq(name,\"Acme Corp, Inc\")"),
            ("name=Acme%20Corp&status=a", "and(eq(name,Acme Corp),eq(status,a))"),
            ("name=Smith%26Sons&order_by=id", "eq(name,\"Smith&Sons\")&ordering(id)"),
            ("status=pending&", "eq(status,pending)"),
            ("status=&name=a", "eq(name,a)"),
            ("answered=True", "eq(answered,true)"),
            ("answered=0&order_by=id", "eq(answered,false)&ordering(id)"),
            ("status=True", "eq(status,True)"),
            ("status__in=a&status__in=b", "and(in(status,(a)),in(status,(b)))"),
            ("select(-items)&status__in=a", "select(-items)&in(status,(a))"),
            (
                "limit=1&limit=2&order_by=id",
                "error: `limit` and `offset` are written once each, as `limit=100&offset=0`",
            ),
            (
                "answered=yes&order_by=id",
                "error: `answered=yes` has no RQL form: write `true` or `false`",
            ),
            (
                "name__regex=a",
                "error: `name__regex=a` has no RQL form: regular expressions are not supported",
            ),
            ("a)b__in=x", "error: expected `(` or `=` at byte 1 of the decoded query"),
            ("1a__in=x", "error: `1a__in=x` has no RQL form: the name is not a field name"),
            (
                r#"name__in="a'"#,
                r#"error: `name__in="a'` has no RQL form: the value holds both kinds of quotes"#,
            ),
        ],
        compatible,
    );
}

#[test]
fn rql_is_not_taken_for_django_style() {
    check(
        &[
            ("eq(a,b)&status__in=x", "and(eq(a,b),eq(status__in,x))"),
            ("created=ge=1&name__in=x", "and(ge(created,1),eq(name__in,x))"),
            ("name='a b'&status=c", "and(eq(name,a b),eq(status,c))"),
            ("((a=x)|(b=True))", "or(eq(a,x),eq(b,True))"),
            ("created=2024-01-01T00:00:00+00:00", "eq(created,2024-01-01T00:00:00+00:00)"),
            (
                "eq(a,)",
                "error: expected a value; quote it if it has special characters at byte 5 of the decoded query",
            ),
        ],
        compatible,
    );
}

fn compatible(raw: &str) -> String {
    match Query::parse_compatible(raw, &Declared) {
        Ok(query) => query.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn expressions_print_as_the_python_client_writes_them() {
    let status = || field("status").eq("pending");
    let product = || field("asset.product.id").eq("PRD-111-222-333");
    let kind = || field("type").ne("cancel");
    let at: jiff::Timestamp = "2024-01-31T10:00:00Z".parse().unwrap();
    let rows = [
        (status(), "eq(status,pending)"),
        (field("f").ne("v"), "ne(f,v)"),
        (field("f").gt(10), "gt(f,10)"),
        (field("f").ge("v"), "ge(f,v)"),
        (field("f").lt(at), "lt(f,2024-01-31T10:00:00+00:00)"),
        (field("f").le(true), "le(f,true)"),
        (field("f").in_(["a", "b"]), "in(f,(a,b))"),
        (field("f").out(["a", "b"]), "out(f,(a,b))"),
        (field("f").in_::<&str>([]), "in(f,())"),
        (field("f").like("*abc*"), "like(f,*abc*)"),
        (field("f").ilike("abc*"), "ilike(f,abc*)"),
        (field("f").null(true), "eq(f,null())"),
        (field("f").null(false), "ne(f,null())"),
        (field("f").empty(true), "eq(f,empty())"),
        (field("f").empty(false), "ne(f,empty())"),
        (product(), "eq(asset.product.id,PRD-111-222-333)"),
        (field("f").eq("Acme Corp"), "eq(f,Acme Corp)"),
        (field("f").eq("a,b"), "eq(f,\"a,b\")"),
        (field("f").eq("null()"), "eq(f,\"null()\")"),
        (field("f").eq("say \"hi\""), "eq(f,'say \"hi\"')"),
        (field("f").eq(" padded"), "eq(f,\" padded\")"),
        (
            status() & product() & kind(),
            "and(eq(status,pending),eq(asset.product.id,PRD-111-222-333),ne(type,cancel))",
        ),
        (
            status() & (product() & kind()),
            "and(eq(status,pending),eq(asset.product.id,PRD-111-222-333),ne(type,cancel))",
        ),
        (status() & status(), "eq(status,pending)"),
        ((status() & kind()) & status(), "and(eq(status,pending),ne(type,cancel))"),
        (status() | kind(), "or(eq(status,pending),ne(type,cancel))"),
        (
            (status() | kind()) & product(),
            "and(or(eq(status,pending),ne(type,cancel)),eq(asset.product.id,PRD-111-222-333))",
        ),
        (!status(), "not(eq(status,pending))"),
        (!(status() & kind()), "not(and(eq(status,pending),ne(type,cancel)))"),
        (!!status(), "eq(status,pending)"),
    ];
    for (filter, printed) in rows {
        assert_eq!(filter.to_string(), printed);
    }
}

#[test]
fn a_query_prints_in_the_order_of_the_python_client() {
    let query = Query {
        select: vec![
            Select::remove("asset.items"),
            Select::remove("asset.params"),
            Select::add("activation_key"),
        ],
        filter: Some(
            field("status").eq("pending")
                & field("asset.product.id").in_(["PRD-111-222-333", "PRD-111-222-444"]),
        ),
        ordering: vec![Order::descending("created"), Order::ascending("id")],
        limit: Some(100),
        offset: Some(0),
        search: Some("acme".to_owned()),
    };
    assert_eq!(
        query.to_string(),
        "select(-asset.items,-asset.params,activation_key)\
         &and(eq(status,pending),in(asset.product.id,(PRD-111-222-333,PRD-111-222-444)))\
         &ordering(-created,id)&limit=100&offset=0&search=acme"
    );
}

#[test]
fn what_must_be_encoded_for_the_wire_is() {
    let encoded = |value: &str| Query::from(field("f").eq(value)).to_query_string().unwrap();
    check(
        &[
            ("plain-1.0:x@y*", "eq(f,plain-1.0:x@y*)"),
            ("Acme Corp", "eq(f,Acme%20Corp)"),
            ("1+1", "eq(f,1%2B1)"),
            ("50%", "eq(f,%2250%25%22)"),
            ("a&b=c#d", "eq(f,%22a%26b%3Dc%23d%22)"),
            ("say \"hi\" & go", "eq(f,%27say%20%22hi%22%20%26%20go%27)"),
            ("Müller", "eq(f,M%C3%BCller)"),
        ],
        encoded,
    );
    let page = Query { limit: Some(1), ..field("a").eq("b").into() };
    assert_eq!(page.to_query_string().unwrap(), "eq(a,b)&limit=1");
}

#[test]
fn what_rql_cannot_express_is_not_sent() {
    let refusal = |filter: Rql| Query::from(filter).to_query_string().unwrap_err();
    let both = "it's 5\" wide";
    assert_eq!(refusal(field("f").eq(both)), Inexpressible::Text(both.to_owned()));
    assert_eq!(refusal(!field("f").in_([both])), Inexpressible::Text(both.to_owned()));
    assert_eq!(refusal(field("f").in_::<&str>([])), Inexpressible::Nothing("in"));
    assert_eq!(refusal(field("f,x").eq("a")), Inexpressible::Field("f,x".to_owned()));
    assert_eq!(refusal(Rql::Any(vec![])), Inexpressible::Nothing("or"));
    assert_eq!(refusal(field("f").eq(Value::Tuple(vec![]))), Inexpressible::Nothing("t"));
}

/// Printed anyway, for instance into a log or by hand into a URL, it is a syntax error
/// everywhere and cannot smuggle a condition in.
#[test]
fn what_rql_cannot_express_never_reads_as_something_else() {
    for text in ["it's 5\" wide", "\"),eq(b,\"c'", "'\"", "a'b\"&eq(c,d)"] {
        let printed = field("a").eq(text).to_string();
        assert!(Query::parse(&printed).is_err(), "{printed}");
    }
    assert!(Query::parse(&field("a,b)&eq(c").eq("d").to_string()).is_err());
}

#[test]
fn queries_have_limits() {
    let long = format!("eq(a,{})", "x".repeat(MAX_LENGTH));
    assert_eq!(Query::parse(&long), Err(RqlError::TooLong { length: long.len() }));
    assert!(long.parse::<Rql>().is_err());

    let nested = |levels: usize| format!("{}a=b{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Query::parse(&nested(MAX_DEPTH - 1)).is_ok());
    assert_eq!(Query::parse(&nested(MAX_DEPTH)), Err(RqlError::TooDeep { position: MAX_DEPTH }));
    for opening in ["(", "not(", "not(and(", "and(a=b,", "or(a=b,", "eq(a,t(b=t("] {
        let deep = opening.repeat(MAX_LENGTH / opening.len());
        assert!(matches!(Query::parse(&deep), Err(RqlError::TooDeep { .. })), "{opening}");
    }
}

fn names() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_.-]{0,6}"
        .prop_filter("words of the page", |name| !["limit", "offset", "search"].contains(&&**name))
}

fn texts() -> impl Strategy<Value = String> {
    let without_apostrophe = any::<String>().prop_map(|text| text.replace('\'', ""));
    let without_quote = "[ \\PC&&[^\"]]{0,8}";
    prop_oneof![without_apostrophe, without_quote, "[a-zA-Z0-9 *+.,:()&=%'-]{1,8}"]
}

fn values() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![8 => texts().prop_map(Value::from), 1 => Just(Value::Null), 1 => Just(Value::Empty)];
    let tuple = prop::collection::vec((names(), plain.clone()), 1..3).prop_map(same);
    prop_oneof![8 => plain, 1 => tuple]
}

fn conditions() -> impl Strategy<Value = Rql> {
    let listed = || prop::collection::vec(values(), 0..3);
    prop_oneof![
        (names(), values()).prop_map(|(name, value)| field(name).eq(value)),
        (names(), values()).prop_map(|(name, value)| field(name).le(value)),
        (names(), texts()).prop_map(|(name, text)| field(name).ilike(text)),
        (names(), listed()).prop_map(|(name, values)| field(name).in_(values)),
        (names(), listed()).prop_map(|(name, values)| field(name).out(values)),
    ]
}

fn filters() -> impl Strategy<Value = Rql> {
    conditions().prop_recursive(5, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a & b),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a | b),
            inner.prop_map(|a| !a),
        ]
    })
}

fn queries() -> impl Strategy<Value = Query> {
    let select = prop_oneof![names().prop_map(Select::Add), names().prop_map(Select::Remove)];
    let order =
        prop_oneof![names().prop_map(Order::Ascending), names().prop_map(Order::Descending)];
    (
        prop::collection::vec(select, 0..3),
        prop::option::of(filters()),
        prop::collection::vec(order, 0..3),
        any::<Option<u32>>(),
        any::<Option<u64>>(),
        prop::option::of(texts().prop_filter("sent", |term| !term.is_empty())),
    )
        .prop_map(|(select, filter, ordering, limit, offset, search)| Query {
            select,
            filter,
            ordering,
            limit,
            offset,
            search,
        })
}

proptest! {
    #[test]
    fn reading_undoes_printing(filter in filters()) {
        prop_assert_eq!(filter.to_string().parse::<Rql>(), Ok(filter));
    }

    #[test]
    fn reading_undoes_sending(query in queries()) {
        if let Ok(raw) = query.to_query_string() {
            prop_assert!(raw.is_ascii());
            prop_assert_eq!(&Query::parse(&raw), &Ok(query.clone()));
            prop_assert_eq!(&Query::parse_compatible(&raw, &Declared), &Ok(query));
        }
    }

    #[test]
    fn reading_never_panics(raw in any::<String>()) {
        let _ = Query::parse_compatible(&raw, &Declared);
    }

    #[test]
    fn reading_never_panics_on_almost_rql(
        raw in "((eq|in|not|and|or|t|like|ordering|null\\(\\)|a|%2[0-9]|[(),&|=;\"'])){0,24}",
    ) {
        if let Ok(query) = Query::parse(&raw) {
            prop_assert_eq!(Query::parse(&query.to_string().replace('%', "%25")), Ok(query));
        }
    }
}
