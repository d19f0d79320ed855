//! The wizards that ask for other values of a configuration: Update and Adjust.

use axum::extract::Path;
use connect_model::lifecycle::tier_config_request::{may_create, may_write};
use connect_model::tier_config_request::NewTierConfigRequest;
use connect_model::{Parameter, TierConfigId, TierConfigRequest, TierConfigRequestType};
use connect_world::command::TierConfigRequestCommand;
use connect_world::{Collection, Denial};
use serde_json::json;

use super::rows::config_facts;
use super::{REQUESTS, Subject};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Facts, Html, Steps};
use crate::ui::mark::Mark;
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::request::{ParameterField, changes, parameters_form};
use crate::ui::role::Role;
use crate::ui::rows::is_preview;
use crate::ui::shell::Section;
use crate::ui::visitor::{Visitor, decode};

/// A wizard.
#[derive(Debug)]
pub(in crate::ui) struct Wizard {
    kind: TierConfigRequestType,
    /// Its name in addresses.
    pub(in crate::ui) verb: &'static str,
    /// The button that leads to it.
    pub(in crate::ui) name: &'static str,
    title: &'static str,
    /// The text that says what will happen.
    overview: &'static str,
    button: &'static str,
    new: fn(&TierConfigId) -> NewTierConfigRequest,
}

static WIZARDS: [Wizard; 2] = [
    Wizard {
        kind: TierConfigRequestType::Update,
        verb: "update",
        name: "Update",
        title: "Update Tier Configuration",
        overview: "This creates an update request with other values. Once the vendor approves it, \
                   the configuration has them. If the vendor refuses, it stays as it is. Purchases \
                   do not wait for it.",
        button: "Create Update Request",
        new: NewTierConfigRequest::update,
    },
    Wizard {
        kind: TierConfigRequestType::Adjustment,
        verb: "adjust",
        name: "Adjust",
        title: "Adjust Tier Configuration",
        overview: "This creates an adjustment request: the vendor’s own correction of values. The \
                   reseller is asked nothing. Once it is approved, the configuration has them.",
        button: "Create Adjustment Request",
        new: NewTierConfigRequest::adjustment,
    },
];

const STEPS: [&str; 3] = ["Overview", "Tier Parameters", "Summary"];

impl Wizard {
    /// Returns the wizards that a role can begin.
    ///
    /// # Errors
    ///
    /// The reason why nobody can begin one now.
    pub(super) fn offered(
        role: Role,
        subject: &Subject,
    ) -> Result<Vec<&'static Self>, &'static str> {
        match subject.why_closed() {
            Some(why) => Err(why),
            None => Ok(WIZARDS.iter().filter(|wizard| wizard.is_for(role, subject)).collect()),
        }
    }

    fn named(visitor: &Visitor, verb: &str) -> Result<&'static Self, ErrorPage> {
        let found = WIZARDS.iter().find(|wizard| wizard.verb == verb);
        found.ok_or_else(|| visitor.error_page(Denial::not_found()))
    }

    fn is_for(&self, role: Role, subject: &Subject) -> bool {
        may_create(&self.kind, role.caller(is_preview(subject.config.connection.as_ref())))
    }

    fn address(&self, subject: &Subject) -> String {
        format!("{}/{}", subject.address(), self.verb)
    }

    fn step(&self, visitor: &Visitor, subject: &Subject, place: usize) -> Dialog {
        let is_theirs = !self.is_for(visitor.role, subject);
        let closed = is_theirs.then_some("Only the vendor adjusts a configuration.");
        let closed = closed.or_else(|| subject.why_closed());
        let shell = visitor.shell(Section::TierConfigs, self.title);
        let facts = Facts::beside().id(
            "Configuration",
            &subject.config.id,
            subject.address(),
            super::environment(&subject.config),
        );
        Dialog {
            steps: Some(Steps::at(place, &STEPS)),
            facts: Some(config_facts(facts, &subject.config)),
            closed: closed.map(Html::text),
            ..Dialog::new(shell, self.title, self.address(subject))
        }
    }

    fn overview(&self, visitor: &Visitor, subject: &Subject) -> Dialog {
        let page = self.step(visitor, subject, 0);
        let close = DialogButton::leave("Close", subject.address());
        let next = DialogButton::leave("Next", format!("{}?step=values", self.address(subject)));
        let next = page.closed.is_none().then_some(DialogButton { tone: "primary", ..next });
        Dialog {
            overview: self.overview.to_owned(),
            buttons: [close].into_iter().chain(next).collect(),
            ..page
        }
    }

    fn values(&self, visitor: &Visitor, subject: &Subject, fields: &Fields) -> Dialog {
        let page = self.step(visitor, subject, 1);
        let own = inputs(visitor, subject).into_iter().map(|field| field.typed(fields));
        let back = DialogButton::leave("Back", self.address(subject));
        Dialog {
            steps: page.steps.map(|steps| steps.back_to_first(self.address(subject))),
            fields: parameters_form(own.collect()),
            buttons: vec![back, DialogButton::send(self.button, "primary")],
            ..page
        }
    }

    /// Returns the end of the wizard: what became of the request so far.
    async fn summary(
        &self,
        visitor: &Visitor,
        subject: &Subject,
        id: &str,
    ) -> Result<Dialog, ErrorPage> {
        let request: TierConfigRequest = visitor.read(&Collection::TierConfigRequests, id).await?;
        if request.configuration.id != subject.config.id {
            return Err(visitor.error_page(Denial::not_found()));
        }
        let address = format!("{REQUESTS}/{}", request.id);
        let facts = Facts::beside()
            .id("Configuration", &subject.config.id, subject.address(), None)
            .id("Request", &request.id, address.clone(), None)
            .mark("Request status", Mark::from(&request.status))
            .at("request-status");
        let on = DialogButton { tone: "primary", ..DialogButton::leave("Go to Details", address) };
        let shell = visitor.shell(Section::TierConfigs, self.title).live(&[request.id.as_str()]);
        Ok(Dialog {
            steps: Some(Steps::at(2, &STEPS)),
            above: Html::of(&facts),
            overview: "The request is created; this page shows how it goes on.".to_owned(),
            buttons: vec![DialogButton::leave("Close", subject.address()), on],
            ..Dialog::new(shell, self.title, "")
        })
    }

    async fn create(
        &self,
        visitor: &Visitor,
        subject: &Subject,
        fields: &Fields,
    ) -> Result<TierConfigRequest, Denial> {
        let changes = changes(&inputs(visitor, subject), fields)?;
        let new =
            changes.into_iter().fold((self.new)(&subject.config.id), NewTierConfigRequest::param);
        let create = TierConfigRequestCommand::Create { body: json!(new) };
        decode(&visitor.apply(create).await?.body)
    }
}

impl Subject {
    /// Returns the reason why nobody can ask for other values now.
    fn why_closed(&self) -> Option<&'static str> {
        if self.config.open_request.is_some() {
            return Some("Update and Adjust wait until the request in progress is over.");
        }
        let missing = "It is not set up: the next purchase through the reseller asks again.";
        (!self.is_set_up()).then_some(missing)
    }
}

/// Returns the parameters that a visitor may write.
fn inputs(visitor: &Visitor, subject: &Subject) -> Vec<ParameterField> {
    let caller = visitor.role.caller(is_preview(subject.config.connection.as_ref()));
    let writes = |it: &&Parameter| it.phase.as_ref().is_some_and(|phase| may_write(caller, phase));
    subject.config.params.iter().flatten().filter(writes).map(ParameterField::new).collect()
}

/// Answers `GET /tier-configs/{id}/{verb}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, verb)): Path<(TierConfigId, String)>,
) -> Page {
    let wizard = Wizard::named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
    let page = match (query.text("request"), query.text("step")) {
        ("", "values") => wizard.values(&visitor, &subject, &query),
        ("", _) => wizard.overview(&visitor, &subject),
        (request, _) => wizard.summary(&visitor, &subject, request).await?,
    };
    Ok(page.show())
}

/// Answers `POST /tier-configs/{id}/{verb}`.
pub(in crate::ui) async fn create(
    visitor: Visitor,
    Path((id, verb)): Path<(TierConfigId, String)>,
    fields: Fields,
) -> Page {
    let wizard = Wizard::named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    match wizard.create(&visitor, &subject, &fields).await {
        Ok(request) => Ok(go(&format!("{}?request={}", wizard.address(&subject), request.id))),
        Err(denied) => {
            // Somebody else may have been faster.
            let subject = Subject::read(&visitor, &id).await?;
            Ok(wizard.values(&visitor, &subject, &fields).refuse(denied.refusal.errors))
        }
    }
}
