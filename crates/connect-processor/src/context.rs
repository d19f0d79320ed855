//! The request as a handler sees it, and the steps it may take.

use std::sync::Arc;

use connect_client::Client;
use connect_model::{DateTime, MessageType, Parameter, Request};
use serde::de::DeserializeOwned;

use crate::attempt::Attempt;
use crate::callback::Callback;
use crate::failure::Failure;
use crate::step::Step;

/// One request, as it is now, and the power to take steps for it.
pub struct Context<R, S> {
    request: R,
    pub(crate) state: Arc<S>,
    pub(crate) attempt: Arc<Attempt>,
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
    pub(crate) fn new(request: R, state: Arc<S>, attempt: Arc<Attempt>) -> Self {
        Self { request, state, attempt }
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

    /// Returns Connect, to read there what the request does not show, such as the subscriptions of
    /// an account.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.attempt.client
    }

    /// Returns how often the request was tried in a row without success before this time.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.attempt.lease.claim.failures
    }

    /// Begins a step: one named side effect on the vendor's system.
    ///
    /// The name is stored and is what a later life finds the result by: letters, digits, `_`, `-`
    /// and `.`, at most 64. Renaming a step repeats it for requests that are under way, unless the
    /// [former name](crate::StepNames::renamed) is declared.
    pub fn step(&self, name: impl AsRef<str>) -> Step<'_> {
        Step::new(&self.attempt.lease, name.as_ref())
    }

    /// Returns what the wall's clock of the processor shows.
    #[must_use]
    pub fn now(&self) -> DateTime {
        self.attempt.lease.now().into()
    }

    /// Returns the value that an earlier attempt recorded for a step; `None` of one that the vendor
    /// refused, that was undone, or that nobody took. It takes no step: what takes a request
    /// [back](crate::Processor::on_revocation) asks in this way what was done for it.
    ///
    /// A keyed step is written down once it has happened, unless the request has a
    /// [deadline](crate::Processor::deadline). So a life that ended in its middle leaves nothing here;
    /// the vendor knows better, where it can be asked.
    ///
    /// # Errors
    ///
    /// When the step may have happened and nobody knows: the run is parked, and whoever revives it
    /// says that nothing stands. When the value has another shape.
    pub async fn recorded<T: DeserializeOwned>(
        &self,
        name: impl AsRef<str> + Send,
    ) -> Result<Option<T>, Failure> {
        self.step(name).earlier_value().await
    }

    /// Says something in the conversation about the request, which distributor and vendor read. It
    /// is said once: later attempts and lives find under the name that it was, as with a
    /// [step](Self::step).
    ///
    /// An answer that was lost is settled by reading the conversation, so the text should be the
    /// same in each attempt. It is cut to 540 characters. Where the request has no conversation,
    /// nothing is said.
    ///
    /// ```
    /// use std::time::Duration;
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Context, Failure, Outcome};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn is_ready(&self, _: &str) -> std::io::Result<bool> { Ok(true) }
    /// # }
    /// async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     if !cx.state().is_ready(cx.request().asset.id.as_str()).await? {
    ///         cx.say("begun", "The servers are being built. This takes a day.").await?;
    ///         return Ok(Outcome::reschedule(Duration::from_secs(600)));
    ///     }
    ///     Ok(Outcome::approve())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those that keep any step from being taken: a lease that was lost, a journal that failed, a
    /// name that is none or is taken twice. That the platform does not take the message is logged,
    /// and fails nothing.
    pub async fn say(
        &self,
        name: impl AsRef<str> + Send,
        text: impl AsRef<str> + Send,
    ) -> Result<(), Failure> {
        let Attempt { messages, .. } = self.attempt.as_ref();
        messages.say(name.as_ref(), text.as_ref(), MessageType::Message).await
    }

    /// Says something that only the vendor's own account reads, otherwise as [`say`](Self::say):
    /// what colleagues should know of the request.
    ///
    /// # Errors
    ///
    /// As [`say`](Self::say).
    pub async fn note(
        &self,
        name: impl AsRef<str> + Send,
        text: impl AsRef<str> + Send,
    ) -> Result<(), Failure> {
        let Attempt { messages, .. } = self.attempt.as_ref();
        messages.say(name.as_ref(), text.as_ref(), MessageType::Private).await
    }

    /// Returns the link by which the vendor's system says that this request should look again; none
    /// where the processor takes no such calls.
    ///
    /// The link is the same in each attempt. A job that takes long is started in a step, and looked
    /// at again later: when the vendor calls, or else when its time has come. A call that is lost,
    /// late, doubled or forged changes only when that is.
    ///
    /// ```
    /// use std::time::Duration;
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Callback, Context, Failure, Outcome, StepKey};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn order(&self, _: Option<&Callback>, _: StepKey) -> std::io::Result<String> { Ok(String::new()) }
    /// #     async fn is_ready(&self, _: &str) -> std::io::Result<bool> { Ok(true) }
    /// # }
    /// async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     let acme = cx.state();
    ///     let callback = cx.callback().await?;
    ///     let order = cx.step("order").run(|key| acme.order(callback.as_ref(), key)).await?;
    ///     if !acme.is_ready(&order).await? {
    ///         return Ok(Outcome::reschedule(Duration::from_secs(3600)));
    ///     }
    ///     Ok(Outcome::approve())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Failure::Journal`] when the lease was lost or the journal failed.
    pub async fn callback(&self) -> Result<Option<Callback>, Failure> {
        self.attempt.callback.callback(&self.attempt.lease).await
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
