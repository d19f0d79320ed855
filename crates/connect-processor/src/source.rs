//! Sources of news about requests.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::intake::Intake;
use crate::look::Look;

/// Lets a processor hear of requests. Asking the platform for a list of what is pending is one
/// that every processor has; [`Processor::source`](crate::Processor::source) adds others.
///
/// A source only wakes. What it hands to the [`Intake`] may be old, wrong, doubled or lost: every
/// request is read again before anything is done with it, and the list of what is pending has in
/// the end what no other source has told.
///
/// ```
/// use async_trait::async_trait;
/// use connect_processor::{CancellationToken, Error, Intake, Source};
/// use tokio::sync::{Mutex, mpsc};
///
/// /// Ids of requests, from another part of the program.
/// struct Inbox(Mutex<mpsc::Receiver<String>>);
///
/// #[async_trait]
/// impl Source for Inbox {
///     async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
///         let mut inbox = self.0.lock().await;
///         while let Some(Some(id)) = stop.run_until_cancelled(inbox.recv()).await {
///             if let Err(error) = intake.announce("requests", [id]).await {
///                 tracing::warn!(code = error.code(), %error, "left to polling");
///             }
///         }
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// Hands in what is heard of until `stop`, which is when the processor is told to stop. What
    /// takes longer than its grace to end is dropped.
    ///
    /// # Errors
    ///
    /// What makes it senseless for the whole processor to go on, such as [`Error::OtherJournal`]:
    /// it stops. What may pass is waited for here.
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error>;

    /// Looks once at everything that can be heard of now, and hands it in, for a processor that
    /// works [until nothing is left](crate::Processor::drain). A source that cannot look hears of
    /// nothing then.
    ///
    /// # Errors
    ///
    /// When nobody knows what there is.
    async fn look(&self, _: &Intake) -> Result<Look, Error> {
        Ok(Look::default())
    }
}
