//! The choices made so far.

use connect_model::{ConnectionId, ProductId};

use super::PATH;
use super::new_customer::NewCustomer;
use crate::ui::catalog::{ITEM, PARAMETER};
use crate::ui::fields::Fields;

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

    pub(super) fn before(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|step| *step < self)
    }

    /// Returns the step that asks for a field; none for fields that are no choice.
    fn asking_for(field: &str) -> Option<Self> {
        match field {
            "offer" => Some(Self::Product),
            "customer" => Some(Self::Customer),
            name if NewCustomer::has_field(name) => Some(Self::Customer),
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

/// The choices made so far, as the fields of an address or a form.
pub(super) struct Draft(Fields);

impl Draft {
    pub(super) fn new(fields: Fields) -> Self {
        Self(fields)
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.0
    }

    pub(super) fn offer(&self) -> Option<Offer> {
        Offer::of(self.0.text("offer"))
    }

    /// Returns who buys, once that is said. `known` alone says only that it is nobody new.
    pub(super) fn buyer(&self) -> Option<Buyer<'_>> {
        match self.0.text("customer") {
            "" | "known" => None,
            "new" => Some(Buyer::New),
            id => Some(Buyer::Known(id)),
        }
    }

    /// Returns the farthest step that has all it needs from those before.
    pub(super) fn reached(&self) -> Step {
        match (self.offer(), self.buyer(), self.0.starting(ITEM).next()) {
            (None, ..) => Step::Product,
            (_, None, _) => Step::Customer,
            (_, _, None) => Step::Items,
            _ => Step::Review,
        }
    }

    /// Returns the choices of the other steps, for a step's form to send along.
    pub(super) fn kept(&self, step: Step) -> Vec<(String, String)> {
        let choices = self.choices().filter(|(asked_on, ..)| *asked_on != step);
        choices.map(|(_, name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn choices(&self) -> impl Iterator<Item = (Step, &str, &str)> {
        let fields = self.0.starting("");
        fields.filter_map(|(name, value)| Some((Step::asking_for(name)?, name, value)))
    }

    /// Returns the address of a step with the choices made so far.
    pub(super) fn address(&self, step: Step) -> String {
        self.address_with(step, &[])
    }

    /// Returns the address of a step with the choices made so far, these ones among them.
    pub(super) fn address_with(&self, step: Step, others: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("step", step.word());
        for (_, name, value) in self.choices() {
            if !others.iter().any(|(other, _)| *other == name) {
                query.append_pair(name, value);
            }
        }
        format!("{PATH}?{}", query.extend_pairs(others).finish())
    }
}
