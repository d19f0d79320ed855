//! Values of password parameters, which no page shows.

use std::collections::HashSet;

use connect_model::{Parameter, ParameterType};
use serde_json::{Map, Value};

use super::visitor::Visitor;

/// The text in place of a secret.
pub(super) const DOTS: &str = "••••••••";

/// The fields in which bodies hold the value of a parameter.
const VALUES: [&str; 2] = ["value", "structured_value"];
/// The fields in which bodies hold the text of a template, which may have secrets filled in.
const TEXTS: [&str; 3] = ["activation_key", "activation_tile", "message"];

/// The field in which bodies hold the key of a webhook.
const KEY: &str = "jwt_secret";

/// The field in which bodies hold the link of an action, and where its token begins.
const LINK: &str = "link";
const TOKEN: &str = "jwt=";

/// The parameters whose values are secret, by whatever bodies call them.
pub(super) struct Secrets(HashSet<String>);

impl Secrets {
    /// Returns the password parameters of all products, also those that were deleted: the log holds
    /// the calls of everybody, and of before.
    pub(super) fn of(visitor: &Visitor) -> Self {
        Self(visitor.ui.platform.with_world(|world| world.secret_parameters()))
    }

    /// Whether the value of a parameter is secret.
    pub(super) fn has(&self, parameter: &str) -> bool {
        self.0.contains(parameter)
    }

    /// Whether a text that is no JSON may hold a secret.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        !self.0.is_empty() || text.contains(KEY) || text.contains(TOKEN)
    }

    /// Whether an object is, or stands for, a secret parameter.
    fn names(&self, object: &Map<String, Value>) -> bool {
        let mut ids = ["id", "name"].into_iter().filter_map(|it| object.get(it)?.as_str());
        ids.any(|id| self.0.contains(id))
    }

    /// Takes the secrets out of a body; says whether there were any.
    pub(super) fn hide(&self, body: &mut Value) -> bool {
        match body {
            Value::Array(rows) => rows.iter_mut().fold(false, |any, row| self.hide(row) | any),
            Value::Object(fields) => {
                let parameter = fields.get("parameter").and_then(Value::as_object);
                let is_secret = self.names(fields) || parameter.is_some_and(|it| self.names(it));
                let mut any = false;
                for (name, field) in fields {
                    let is_value = is_secret && VALUES.contains(&name.as_str());
                    let is_text = !self.0.is_empty() && TEXTS.contains(&name.as_str());
                    let hides =
                        name == KEY || is_value || is_text && (is_secret || field.is_string());
                    if hides && !says_nothing(field) {
                        *field = DOTS.into();
                        any = true;
                    } else if let Some(link) = without_token(name, field) {
                        *field = link.into();
                        any = true;
                    } else {
                        any |= self.hide(field);
                    }
                }
                any
            }
            _ => false,
        }
    }
}

/// Returns the link of an action without its token.
fn without_token(name: &str, field: &Value) -> Option<String> {
    let (page, _) = field.as_str().filter(|_| name == LINK)?.split_once(TOKEN)?;
    Some(format!("{page}{TOKEN}{DOTS}"))
}

/// Returns a text with the values of a request, a subscription or a tier configuration without the
/// secret ones.
pub(super) fn masked(text: String, id: &str, params: &[Parameter], visitor: &Visitor) -> String {
    let passwords = params.iter().filter(|it| it.kind == Some(ParameterType::Password));
    let shown = passwords.filter_map(Parameter::text).map(str::to_owned);
    let kept = visitor.ui.platform.with_world(|world| world.secret_values(id));
    shown.chain(kept).fold(text, |text, secret| text.replace(&secret, DOTS))
}

fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_values_of_secret_parameters_are_hidden() {
        let secrets = Secrets(HashSet::from(["pin".to_owned()]));
        let mut body = json!({"asset": {"params": [
            {"id": "pin", "value": "1234", "value_error": "too short"},
            {"id": "pin", "value": ""},
            {"id": "color", "value": "1234"},
        ]}});
        assert!(secrets.hide(&mut body));
        let expected = json!({"asset": {"params": [
            {"id": "pin", "value": DOTS, "value_error": "too short"},
            {"id": "pin", "value": ""},
            {"id": "color", "value": "1234"},
        ]}});
        assert_eq!(body, expected);
        assert!(!secrets.hide(&mut json!({"id": "color", "value": "1234"})));
    }

    #[test]
    fn a_configured_value_is_hidden_by_its_parameter() {
        let secrets = Secrets(HashSet::from(["PRM-1".to_owned()]));
        let mut body = json!([
            {"parameter": {"id": "PRM-1"}, "value": "1234"},
            {"parameter": {"id": "PRM-2"}, "value": "1234"},
        ]);
        assert!(secrets.hide(&mut body));
        let values = [body[0]["value"].clone(), body[1]["value"].clone()];
        assert_eq!(values, [json!(DOTS), json!("1234")]);
    }

    #[test]
    fn the_key_of_a_webhook_is_hidden_always() {
        let secrets = Secrets(HashSet::new());
        let mut body = json!([{"label": "orders", "jwt_secret": "s3cret"}]);
        assert!(secrets.hide(&mut body));
        assert_eq!(body, json!([{"label": "orders", "jwt_secret": DOTS}]));
        assert!(secrets.may_be_in("{\"jwt_secret\": \"s3cr"));
        assert!(!secrets.may_be_in("{\"label\": \"ord"));
    }

    #[test]
    fn the_token_of_a_link_is_hidden() {
        let secrets = Secrets(HashSet::new());
        let mut body = json!({"link": "https://a.example/sso?x=1&jwt=a.b.c"});
        assert!(secrets.hide(&mut body));
        assert_eq!(body, json!({"link": format!("https://a.example/sso?x=1&jwt={DOTS}")}));
        assert!(secrets.may_be_in("{\"link\": \"https://a.example/?jwt=a.b"));
        assert!(!secrets.hide(&mut json!({"link": "https://a.example/forms?code=1"})));
    }

    #[test]
    fn texts_of_templates_are_hidden_only_where_something_is_secret() {
        let body = json!({"activation_key": "Your PIN is 1234", "template": {"message": "1234"}});
        let hidden = |names: &[&str]| {
            let mut body = body.clone();
            Secrets(names.iter().map(|name| (*name).to_owned()).collect()).hide(&mut body);
            body
        };
        assert_eq!(hidden(&[]), body);
        assert_eq!(
            hidden(&["pin"]),
            json!({"activation_key": DOTS, "template": {"message": DOTS}})
        );
    }
}
