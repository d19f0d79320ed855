//! The request as a handler sees it, and the steps it may take.

use std::sync::Arc;

use connect_model::{Parameter, Request};

use crate::lease::Lease;
use crate::step::Step;

/// One request, as it is now, and the power to take steps for it.
pub struct Context<R, S> {
    request: R,
    state: Arc<S>,
    lease: Arc<Lease>,
}

/// A parameter that a handler needs has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{key}` of {request} has no value; fill it in, the request is looked at again")]
pub struct MissingParameter {
    /// The parameter's key.
    pub key: String,
    /// The request that lacks it.
    pub request: String,
}

impl<R: Request, S> Context<R, S> {
    pub(crate) fn new(request: R, state: Arc<S>, lease: Arc<Lease>) -> Self {
        Self { request, state, lease }
    }

    /// The request, read after the lease on it was granted.
    ///
    /// ```
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Approval, Context, Failure, Outcome};
    ///
    /// async fn purchase(cx: Context<AssetRequest, ()>) -> Result<Outcome, Failure> {
    ///     let asset = &cx.request().asset;
    ///     let region = asset.configuration()?.value("region").unwrap_or("eu-1");
    ///     for item in asset.items()? {
    ///         let sku = item.value("sku").unwrap_or(&item.mpn);
    ///         // Order `sku` in `region`, in a step.
    /// #       let _ = sku;
    ///     }
    ///     Ok(Approval::default().parameter("region", region).into())
    /// }
    /// ```
    #[must_use]
    pub fn request(&self) -> &R {
        &self.request
    }

    /// Returns what the processor was made with: the vendor's client, settings.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Returns how often the request was tried in a row without success before this time.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.lease.claim.failures
    }

    /// Begins a step: one named side effect on the vendor's system.
    ///
    /// The name is stored and is what a later life finds the result by: letters, digits, `_`, `-`
    /// and `.`, at most 64. Renaming a step repeats it for requests that are under way.
    pub fn step(&self, name: impl AsRef<str>) -> Step<'_> {
        Step::new(&self.lease, name.as_ref())
    }

    /// The value of a parameter of the request.
    ///
    /// # Errors
    ///
    /// When it has none. With `?` the request is tried again later, and goes on by itself once
    /// somebody has filled the parameter in.
    pub fn parameter(&self, key: &str) -> Result<&str, MissingParameter> {
        let param = self.request.params().iter().find(|param| param.id == key);
        param.and_then(Parameter::text).ok_or_else(|| MissingParameter {
            key: key.to_owned(),
            request: self.request.id().to_owned(),
        })
    }
}
