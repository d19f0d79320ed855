//! The settings that keep one request, one product or a vendor that is down from harming the others.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use crate::layer::Layer;
use crate::processor::Processor;
use crate::vendor::Vendor;

impl<S: Send + Sync + 'static> Processor<S> {
    /// Wraps every call of a handler: for logs, limits, tenants. The first layer is the outermost.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer) -> Self {
        self.settings.layers.push(Arc::new(layer));
        self
    }

    /// Names a vendor, with its products, its circuit breaker and its budget of calls. All is one
    /// vendor when never called.
    #[must_use]
    pub fn vendor(mut self, vendor: Vendor) -> Self {
        self.settings.vendors.push(vendor);
        self
    }

    /// Sets how often the vendor without products of its own is called per second, as
    /// [`Vendor::rate`] does.
    #[must_use]
    pub fn vendor_rate(mut self, per_second: NonZeroU32) -> Self {
        let vendors = &mut self.settings.vendors;
        match vendors.iter_mut().rfind(|vendor| vendor.products.is_empty()) {
            Some(vendor) => vendor.rate = Some(per_second),
            None => vendors.push(Vendor::default().rate(per_second)),
        }
        self
    }

    /// Sets how many requests of one product are worked on at the same time, so that none takes the
    /// places of all: as many as of all, unless set.
    #[must_use]
    pub fn product_concurrency(mut self, requests: NonZeroUsize) -> Self {
        self.settings.product_concurrency = Some(requests);
        self
    }

    /// Sets after how many failed attempts in a row a request is parked for a person: 20 unless set.
    /// What fails while the platform or the whole vendor is down is not counted.
    #[must_use]
    pub fn most_failures(mut self, attempts: NonZeroU32) -> Self {
        self.settings.most_failures = attempts;
        self
    }

    /// Sets whether the conversation about a request is told, once, that it was parked because its
    /// attempts fail: it is, unless set.
    #[must_use]
    pub fn tell_parked(mut self, tell: bool) -> Self {
        self.settings.tells_parked = tell;
        self
    }

    /// Pauses [everything](crate::Scope::Everything) before it begins, for all processors of the
    /// journal: requests are heard of, and none is worked on until somebody resumes.
    #[must_use]
    pub fn start_paused(mut self) -> Self {
        self.settings.starts_paused = true;
        self
    }
}
