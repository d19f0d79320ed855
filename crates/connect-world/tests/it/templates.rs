//! Texts shown to people.

use connect_model::lifecycle::Operation;
use connect_world::Collection;
use connect_world::command::TemplateCommand;
use serde_json::json;

use crate::stage::{Stage, text};

#[test]
fn an_inquiry_leads_to_the_customers_form() {
    let mut stage = Stage::demo();
    let body = json!({
        "name": "More", "scope": "asset", "type": "inquire",
        "body": "[Form]({{ activation_form_url }}) [again]({{params_form_url}}) {{ nothing_else }}",
    });
    let made = stage.by_vendor(TemplateCommand::Create { product: stage.product(), body }).unwrap();
    let id = text(&stage.trial(), "/id");
    let mark = json!({"asset": {"params": [{"id": "admin_email", "value_error": "bad"}]}});
    stage.update(&id, mark).unwrap();
    let body = json!({"template_id": made["id"]});
    let inquired = stage.operate(&id, Operation::Inquire, body).unwrap();
    let form = text(&inquired, "/params_form_url");
    assert!(form.starts_with("http://"), "{form}");
    let rendered = stage.world.render(&stage.vendor, &Collection::Requests, &id).unwrap();
    assert_eq!(rendered, format!("[Form]({form}) [again]({form}) "));
}

#[test]
fn a_request_renders_its_template_with_its_own_values() {
    let mut stage = Stage::demo();
    let body = json!({
        "name": "Ready", "scope": "asset", "type": "fulfillment",
        "body": "{{subscription_id}} | {{ asset.items.0.mpn }} | {{ asset.product.name }} | {{ asset.connection.type }}",
    });
    let made = stage.by_vendor(TemplateCommand::Create { product: stage.product(), body }).unwrap();
    let request = stage.trial();
    let id = text(&request, "/id");
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    let template = text(&made, "/id").into();
    let rendered = stage.world.render_template(&stage.vendor, &template, &id, &[]);
    assert_eq!(rendered.unwrap(), "sub-1 |  | Fernway Backup | preview");
    let pending = stage.world.render(&stage.vendor, &Collection::Requests, &id).unwrap();
    assert_eq!(pending, "# Thank you\n\nYour order of Fernway Backup is being processed.");
}

#[test]
fn an_asset_renders_the_template_approved_last() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let asset = text(&request, "/asset/id");
    let render = |stage: &Stage| stage.world.render(&stage.vendor, &Collection::Assets, &asset);
    assert_eq!(render(&stage).unwrap(), "");
    stage.fulfil(&request);
    assert_eq!(
        render(&stage).unwrap(),
        format!("# Welcome\n\nYour subscription {asset} is ready.")
    );
}
