//! The choices made so far, and the addresses that name them.

use connect_model::{ConnectionId, ProductId};

use super::PATH;
use crate::ui::account_form::AccountForm;
use crate::ui::catalog::{ITEM, PARAMETER};
use crate::ui::fields::Fields;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

/// The name of the field with the id of what is kept.
const DRAFT: &str = "draft";

/// The name of the field with the draft request that the vendor was asked about.
pub(super) const REQUEST: &str = "request";

/// A step of the wizard before the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Product,
    Customer,
    Items,
    Review,
}

impl Step {
    pub(super) const ALL: [Self; 4] = [Self::Product, Self::Customer, Self::Items, Self::Review];

    /// Returns the step of a word in an address; the first one without a known word.
    pub(super) fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|step| step.word() == word).unwrap_or(Self::Product)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Customer => "customer",
            Self::Items => "items",
            Self::Review => "review",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Product => "Product",
            Self::Customer => "Customer",
            Self::Items => "Items",
            Self::Review => "Review",
        }
    }

    /// Returns the step that asks for a field; none for fields that are no choice.
    fn asking_for(field: &str) -> Option<Self> {
        match field {
            // A draft is of one product; whoever chooses again begins another.
            "offer" | REQUEST => Some(Self::Product),
            "customer" => Some(Self::Customer),
            name if AccountForm::has_field(name) => Some(Self::Customer),
            name if name.starts_with(ITEM) || name.starts_with(PARAMETER) => Some(Self::Items),
            _ => None,
        }
    }
}

/// A product, and through which connection it is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) product: ProductId,
    /// The connection; none for the vendor's own preview.
    pub(super) connection: Option<ConnectionId>,
}

impl Offer {
    /// Returns the value of a form's field.
    pub(super) fn value(&self) -> String {
        match &self.connection {
            Some(connection) => format!("{}/{connection}", self.product),
            None => self.product.to_string(),
        }
    }

    fn of(value: &str) -> Option<Self> {
        let (product, connection) = match value.split_once('/') {
            Some((product, connection)) => (product, Some(connection.into())),
            None => (value, None),
        };
        (!product.is_empty()).then(|| Self { product: product.into(), connection })
    }
}

/// The buyer, for whom the subscription is.
pub(super) enum Buyer<'a> {
    Known(&'a str),
    New,
}

/// Returns what is bought, once that is said.
pub(super) fn offer(fields: &Fields) -> Option<Offer> {
    Offer::of(fields.text("offer"))
}

/// Returns who buys, once that is said. `known` alone says only that it is nobody new.
pub(super) fn buyer(fields: &Fields) -> Option<Buyer<'_>> {
    match fields.text("customer") {
        "" | "known" => None,
        "new" => Some(Buyer::New),
        id => Some(Buyer::Known(id)),
    }
}

/// The choices made so far.
pub(super) struct Draft {
    choices: Fields,
    /// What stands in the addresses of the wizard: the id of what is kept, and what a link has
    /// chosen on top of that.
    address: Fields,
}

impl Draft {
    /// Returns the draft that an address names.
    pub(super) fn at(visitor: &Visitor) -> Self {
        let address = Fields::of_query(visitor.uri.query().unwrap_or_default());
        let kept = visitor.ui.drafts.get(address.text(DRAFT));
        let choices = kept.unwrap_or_else(|| Fields::of_query("")).overlaid(&address);
        Self { choices, address: address.without(&["step".to_owned()]) }
    }

    /// Keeps what a form has sent.
    pub(super) fn kept(visitor: &Visitor, form: &Fields) -> Result<Self, Denial> {
        let chosen = form.starting("").filter(|(name, _)| Step::asking_for(name).is_some());
        let choices = Fields::of_pairs(chosen);
        let id = visitor.ui.drafts.keep(choices.clone()).map_err(|_| Denial::broken())?;
        Ok(Self { choices, address: Fields::of_pairs([(DRAFT, id.as_str())]) })
    }

    /// Whether an address names what is not kept any more.
    pub(super) fn is_forgotten(&self) -> bool {
        self.address.has(DRAFT) && self.offer().is_none()
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.choices
    }

    pub(super) fn offer(&self) -> Option<Offer> {
        offer(&self.choices)
    }

    /// Returns who buys, once that is said.
    pub(super) fn buyer(&self) -> Option<Buyer<'_>> {
        buyer(&self.choices)
    }

    /// Returns the farthest step that has all it needs from those before.
    pub(super) fn reached(&self) -> Step {
        match (self.offer(), self.buyer(), self.choices.starting(ITEM).next()) {
            (None, ..) => Step::Product,
            (_, None, _) => Step::Customer,
            (_, _, None) => Step::Items,
            _ => Step::Review,
        }
    }

    /// Returns the choices of the other steps, for a step's form to send along: a form says all, so
    /// it can be sent to another run of the emulator.
    pub(super) fn others(&self, step: Step) -> Vec<(String, String)> {
        let choices = self.choices.starting("");
        let others =
            choices.filter(|(name, _)| Step::asking_for(name).is_some_and(|it| it != step));
        others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Returns the address of a step.
    pub(super) fn address(&self, step: Step) -> String {
        self.address_with(step, &[])
    }

    /// Returns the address of a step with these choices on top.
    pub(super) fn address_with(&self, step: Step, others: &[(&str, &str)]) -> String {
        let address = self.address.clone().overlaid(&Fields::of_pairs(others.iter().copied()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("step", step.word()).extend_pairs(address.starting(""));
        format!("{PATH}?{}", query.finish())
    }

    /// Returns the fields that name the draft in a form that is sent as an address, but for those
    /// that the form has itself.
    pub(super) fn named_without(&self, own: &[&str]) -> Vec<(String, String)> {
        let others = self.address.starting("").filter(|(name, _)| !own.contains(name));
        others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}
