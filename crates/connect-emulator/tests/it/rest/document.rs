//! Every operation of Connect's published document: answered, or said not to be emulated yet.

use connect_contract::Contract;

use super::stage::{Stage, text};

/// A path with something in the places of its ids.
fn example(template: &str) -> String {
    let place = |segment: &str| match segment.starts_with('{') {
        true => "X-0".to_owned(),
        false => segment.to_owned(),
    };
    template.split('/').map(place).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn nothing_of_the_document_is_said_not_to_exist() {
    let Some(contract) = Contract::load().unwrap() else { return };
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let (mut unknown, mut count) = (Vec::new(), 0);
    for (method, template) in contract.operations() {
        let said = vendor.call(method.parse().unwrap(), &example(template)).await;
        let errors = if said.status < 400 { String::new() } else { said.refusal() };
        let is_unknown = errors.contains("There is nothing at") || said.status == 405;
        unknown.extend(is_unknown.then(|| format!("{method} {template}")));
        count += 1;
    }
    assert!(count > 400, "only {count} operations");
    assert_eq!(unknown, [""; 0]);
}

/// The official command line tool calls them; the document does not list them.
#[tokio::test]
async fn what_tools_call_beside_the_document_is_said_not_to_be_emulated() {
    let stage = Stage::set().await;
    let product = stage.emulator.product();
    for path in [
        "/settings/units?limit=100".to_owned(),
        "/media/folders/accounts/VA-731-204/files".to_owned(),
        format!("/products/{product}/item-groups"),
        format!("/products/{product}/item-groups/IGP-1"),
        format!("/products/{product}/media"),
    ] {
        let said = stage.vendor().get(&path).await;
        assert_eq!(text(&said.expect(501)["error_code"]), "EMU_001", "{path}");
    }
}
