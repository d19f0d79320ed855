//! Vendors of a processor, as far as they fail by themselves.

use std::num::NonZeroU32;

use connect_model::ProductId;

use crate::breaker::Breaker;

/// A system that products are delivered by, and that fails as a whole: it has a
/// [circuit breaker](Breaker) and a budget of its own.
///
/// One without products stands for all products that no other has. Unless another such is given, that
/// is one of the name `vendor`.
///
/// ```
/// use std::num::NonZeroU32;
/// use connect_processor::{Processor, Vendor};
///
/// # fn two(processor: Processor<()>) -> Processor<()> {
/// let backup = Vendor::new("backup").products(["PRD-411-678-887".into()]);
/// let mail = Vendor::new("mail").rate(NonZeroU32::new(20).unwrap());
/// processor.vendor(backup).vendor(mail)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Vendor {
    pub(crate) name: String,
    pub(crate) products: Vec<ProductId>,
    pub(crate) breaker: Breaker,
    pub(crate) rate: Option<NonZeroU32>,
}

impl Vendor {
    /// A vendor of this name, by which it is logged and paused.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), products: Vec::new(), breaker: Breaker::default(), rate: None }
    }

    /// Sets the products that it delivers.
    #[must_use]
    pub fn products(mut self, products: impl IntoIterator<Item = ProductId>) -> Self {
        self.products = products.into_iter().collect();
        self
    }

    /// Sets when its breaker opens, and for how long.
    #[must_use]
    pub fn breaker(mut self, breaker: Breaker) -> Self {
        self.breaker = breaker;
        self
    }

    /// Sets how often it is called per second; no limit unless set. A step counts as one call, and so
    /// does a look whether one has happened. What is too much waits for its turn.
    #[must_use]
    pub fn rate(mut self, per_second: NonZeroU32) -> Self {
        self.rate = Some(per_second);
        self
    }
}

impl Default for Vendor {
    fn default() -> Self {
        Self::new("vendor")
    }
}
