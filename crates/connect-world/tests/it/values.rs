//! Values of parameters: each kind as recorded requests have it, and refused when it is not.

use connect_model::lifecycle::Operation;
use connect_world::Collection;
use connect_world::command::{ParameterCommand, RequestCommand};
use serde_json::{Value, json};

use crate::stage::{Stage, code_of, said, text};

/// A world whose product has one ordering parameter of each kind, named like it.
fn furnished() -> Stage {
    let mut stage = Stage::demo();
    let choices = json!([{"value": "V-1", "label": "L-1"}, {"value": "V-2", "label": "L-2"}]);
    for kind in [
        "text",
        "password",
        "email",
        "url",
        "domain",
        "subdomain",
        "dropdown",
        "choice",
        "checkbox",
        "address",
        "phone",
        "object",
    ] {
        let has_choices = ["dropdown", "choice", "checkbox"].contains(&kind);
        stage.add_parameter(json!({
            "name": kind, "type": kind, "phase": "ordering", "scope": "asset", "title": kind,
            "hint": "the hint", "placeholder": "the placeholder",
            "constraints": {"choices": if has_choices { choices.clone() } else { json!([]) }},
        }));
    }
    stage
}

/// A trial with these values.
fn bought(stage: &mut Stage, params: &Value) -> Value {
    let mut body = stage.trial_body();
    body["asset"]["params"] = params.clone();
    stage.by_vendor(RequestCommand::Create { body }).unwrap()
}

fn param(request: &Value, key: &str) -> Value {
    let params = request["asset"]["params"].as_array().unwrap();
    params.iter().find(|it| it["id"] == key).unwrap().clone()
}

#[test]
fn each_kind_is_shown_as_recorded() {
    let mut stage = furnished();
    let request = bought(
        &mut stage,
        &json!([
            {"id": "choice", "value": "V-1"},
            {"id": "checkbox", "structured_value": {"V-1": true}},
            {"id": "address", "structured_value": {
                "address_line1": "1 Road", "address_line2": "", "city": "Graz", "state": "Styria",
                "postal_code": "8010", "country": "AT",
            }},
            {"id": "phone", "structured_value": {"country_code": "+34", "area_code": "976", "phone_number": "550101"}},
            {"id": "object", "structured_value": {"a": [1]}},
            {"id": "text", "value": "x", "structured_value": ""},
        ]),
    );
    let value = |key: &str| text(&param(&request, key), "/value");
    let values = ["choice", "checkbox", "address", "phone", "object", "text"].map(value);
    assert_eq!(values, ["V-1", "", "1 Road Graz Styria 8010 AT", "+34976550101", "", "x"]);
    let structured = |key: &str| param(&request, key)["structured_value"].clone();
    assert_eq!(structured("checkbox"), json!({"V-1": true, "V-2": false}));
    assert_eq!(structured("object"), json!({"a": [1]}));
    assert_eq!(structured("phone")["extension"], "");
    assert_eq!(structured("text"), Value::Null);

    let choices = json!([{"value": "V-1", "label": "L-1"}, {"value": "V-2", "label": "L-2"}]);
    for key in ["dropdown", "choice", "checkbox"] {
        assert_eq!(param(&request, key)["value_choices"], choices, "{key}");
        assert_eq!(param(&request, key)["constraints"]["meta"], json!({"choices": choices}));
    }
    let constraints = &param(&request, "text")["constraints"];
    let shown = ["hint", "placeholder", "meta"].map(|name| constraints[name].clone());
    assert_eq!(shown, [json!("the hint"), json!("the placeholder"), json!({})]);
    assert_eq!(param(&request, "text").get("value_choices"), None);
}

#[test]
fn a_checkbox_nobody_ticked_has_every_box() {
    let mut stage = furnished();
    let request = bought(&mut stage, &json!([]));
    assert_eq!(
        param(&request, "checkbox")["structured_value"],
        json!({"V-1": false, "V-2": false})
    );
    assert_eq!(param(&request, "address").get("structured_value"), None);
}

const REFUSED: [(&str, &str, &str); 20] = [
    ("email", r#""foo""#, "value: Enter a valid email address."),
    ("email", r#""not-an-email""#, "value: Enter a valid email address."),
    ("url", r#""cedar.example""#, "value: Enter a valid URL."),
    ("domain", r#""cedar""#, "value: Enter a valid domain name."),
    ("subdomain", r#""a b""#, "value: Enter a valid subdomain name."),
    ("dropdown", r#""V-9""#, "value: \"V-9\" is not a valid choice."),
    ("choice", r#""v-1""#, "value: \"v-1\" is not a valid choice."),
    ("phone", r#""call me""#, "value: Enter a valid phone number."),
    ("address", r#""1 Road""#, "value: Not a valid value: give it as structured_value."),
    ("text", r#"{"a": 1}"#, "value: Not a valid string."),
    ("checkbox", r#"{"V-9": true}"#, "structured_value: \"V-9\" is not a valid choice."),
    ("checkbox", r#"{"V-1": "yes"}"#, "structured_value: V-1: Must be a valid boolean."),
    (
        "checkbox",
        r#"["V-1"]"#,
        "structured_value: Invalid data. Expected a dictionary, but got list.",
    ),
    ("address", r#"{"city": {}}"#, "structured_value: city: Not a valid string."),
    (
        "address",
        r#""1 Road, Graz""#,
        "structured_value: Invalid data. Expected a dictionary, but got str.",
    ),
    ("phone", r#"{"area_code": []}"#, "structured_value: area_code: Not a valid string."),
    ("phone", r#"7"#, "structured_value: Invalid data. Expected a dictionary, but got int."),
    ("object", r#""text""#, "structured_value: Invalid data. Expected a dictionary, but got str."),
    ("object", r#"true"#, "structured_value: Invalid data. Expected a dictionary, but got bool."),
    (
        "phone",
        r#"{"phone_number": "00000000000000000000000000"}"#,
        "structured_value: phone_number: Ensure this field has no more than 25 characters.",
    ),
];

#[test]
fn a_value_of_another_kind_is_refused_wherever_it_comes_in() {
    let mut stage = furnished();
    let id = text(&bought(&mut stage, &json!([])), "/id");
    let inquired = text(&bought(&mut stage, &json!([])), "/id");
    let mark = json!({"asset": {"params": [{"id": "text", "value_error": "Which?"}]}});
    stage.update(&inquired, mark).unwrap();
    let inquired = stage.operate(&inquired, Operation::Inquire, Value::Null).unwrap();
    for (kind, value, why) in REFUSED {
        let field = why.split(':').next().unwrap();
        let value: Value = serde_json::from_str(value).unwrap();
        let params = json!([{"id": kind, field: value}]);
        let expected = format!("invalid: VAL_001 - asset.params.{kind}.{why}");
        let mut order = stage.trial_body();
        order["asset"]["params"] = params.clone();
        assert_eq!(said(stage.by_vendor(RequestCommand::Create { body: order })), expected);
        let body = json!({"asset": {"params": params}});
        assert_eq!(said(stage.update(&id, body.clone())), expected);
        let form = stage.answer(&text(&inquired, "/id"), &code_of(&inquired), body);
        assert_eq!(said(form), expected);
    }
}

#[test]
fn values_of_the_right_kind_are_taken() {
    let mut stage = furnished();
    let id = text(&bought(&mut stage, &json!([])), "/id");
    for (kind, value, shown) in [
        ("email", "it@cedar.example", "it@cedar.example"),
        ("url", "https://cedar.example/a?b#c", "https://cedar.example/a?b#c"),
        ("domain", "cedar.example", "cedar.example"),
        ("subdomain", "cedar", "cedar"),
        ("dropdown", "V-2", "V-2"),
        ("phone", "+34 976 550101", "+34976550101"),
        ("address", r#"{"city": "Graz", "country": "AT"}"#, "Graz AT"),
        ("object", r#"{"a": 1}"#, ""),
        ("email", "", ""),
        ("dropdown", "", ""),
        ("phone", "", ""),
    ] {
        let request = stage.set_param(&id, kind, value).unwrap();
        assert_eq!(text(&param(&request, kind), "/value"), shown, "{kind} {value}");
    }
}

#[test]
fn what_was_read_can_be_sent_back_as_it_is() {
    let mut stage = furnished();
    let request = bought(
        &mut stage,
        &json!([
            {"id": "checkbox", "structured_value": {"V-2": true}},
            {"id": "address", "structured_value": {"city": "Graz"}},
            {"id": "object", "structured_value": [1, 2]},
            {"id": "email", "value": "it@cedar.example"},
        ]),
    );
    let (id, params) = (text(&request, "/id"), request["asset"]["params"].clone());
    let echoed = stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    assert_eq!(echoed["asset"]["params"], params);
    let texts: Vec<Value> = params
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!({"id": it["id"], "value": it["value"], "value_error": ""}))
        .collect();
    let echoed = stage.update(&id, json!({"asset": {"params": texts}})).unwrap();
    assert_eq!(echoed["asset"]["params"], params, "the text beside a value takes none away");
}

/// A choice that is offered no more, and a value of before types were looked at.
#[test]
fn a_value_that_is_held_already_may_be_repeated() {
    let mut stage = furnished();
    let request = bought(&mut stage, &json!([{"id": "dropdown", "value": "V-1"}]));
    let id = text(&request, "/id");
    let product = stage.product();
    let parameter = stage.ids(&Collection::Parameters(product.clone()), "eq(name,dropdown)").0;
    let body = json!({"constraints": {"choices": [{"value": "V-2", "label": "L-2"}]}});
    let parameter = parameter[0].as_str().into();
    stage.by_vendor(ParameterCommand::Update { product, id: parameter, body }).unwrap();
    assert_eq!(said(stage.set_param(&id, "dropdown", "V-1")), "ok pending");
    assert!(stage.set_param(&id, "choice", "V-3").is_err());
}

#[test]
fn a_parameter_keeps_its_own_bounds() {
    let mut stage = Stage::demo();
    stage.add_parameter(json!({
        "name": "pin", "type": "password", "phase": "ordering", "scope": "asset",
        "constraints": {"min_length": 4, "max_length": 6},
    }));
    let id = text(&stage.trial(), "/id");
    let words = |answer| said(answer).rsplit("value: ").next().unwrap().to_owned();
    assert_eq!(
        words(stage.set_param(&id, "pin", "123")),
        "Ensure this field has at least 4 characters."
    );
    assert_eq!(
        words(stage.set_param(&id, "pin", "1234567")),
        "Ensure this field has no more than 6 characters."
    );
    assert_eq!(said(stage.set_param(&id, "pin", "12345")), "ok pending");
}
