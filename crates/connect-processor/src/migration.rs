//! Migrations: subscriptions that come from another system.
//!
//! A purchase that carries data of another system is for a subscription that the vendor has already.
//! Its type's handler, which would make it anew, never sees it.

use std::future::Future;

use connect_client::failing_path;
use connect_model::{Parameter, Request};
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::failure::Failure;
use crate::outcome::Outcome;

/// The data of a migration, as the other system wrote it into a parameter of the order.
///
/// It is what somebody typed or a program exported, and no handler can count on its shape:
///
/// ```
/// use connect_model::AssetRequest;
/// use connect_processor::{Approval, Context, Failure, Migration, Outcome};
///
/// # struct Acme;
/// # impl Acme {
/// #     async fn adopt(&self, _: &str, _: connect_processor::StepKey) -> std::io::Result<()> { Ok(()) }
/// # }
/// #[derive(serde::Deserialize)]
/// struct Legacy {
///     tenant: String,
/// }
///
/// async fn migrate(cx: Context<AssetRequest, Acme>, data: Migration) -> Result<Outcome, Failure> {
///     let acme = cx.state();
///     let Legacy { tenant } = match data.json() {
///         Ok(legacy) => legacy,
///         Err(unreadable) => return Ok(Outcome::inquire(data.parameter(), unreadable.to_string())),
///     };
///     cx.step("adopt_tenant").run(|key| acme.adopt(&tenant, key)).await?;
///     Ok(Approval::default().parameter("subscription_id", tenant).into())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Migration {
    parameter: String,
    text: String,
}

impl Migration {
    pub(crate) fn of(parameter: &Parameter) -> Self {
        let structured = || parameter.structured_value.as_ref().map(ToString::to_string);
        let text = parameter.text().map(str::to_owned).or_else(structured);
        Self { parameter: parameter.id.clone(), text: text.unwrap_or_default() }
    }

    /// Returns the key of the parameter that it stands in.
    #[must_use]
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// Returns it as text; what is more than text, as JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads it as JSON of a shape.
    ///
    /// # Errors
    ///
    /// When it is no JSON, or of another shape. With `?` the request is tried again later; to tell
    /// the customer, make it an [`Inquiry`](crate::Inquiry) about the
    /// [`parameter`](Self::parameter), or the reason of an [`Outcome::fail`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, UnreadableMigration> {
        serde_json::from_str(&self.text).map_err(|source| {
            let path = failing_path(self.text.as_bytes(), &source);
            UnreadableMigration { parameter: self.parameter.clone(), path, source }
        })
    }
}

/// The data of a migration that are no JSON, or JSON of another shape than was expected.
#[derive(Debug, thiserror::Error)]
#[error("`{parameter}` {}: {source}", self.fault())]
pub struct UnreadableMigration {
    parameter: String,
    path: String,
    source: serde_json::Error,
}

impl UnreadableMigration {
    fn fault(&self) -> String {
        match (self.source.is_data(), self.path.as_str()) {
            (false, _) => "is no JSON".to_owned(),
            (true, "") => "has another shape".to_owned(),
            (true, path) => format!("has another shape at `{path}`"),
        }
    }
}

/// Decides about migrations: any `async fn(Context<R, S>, Migration) -> Result<Outcome, Failure>`.
///
/// What is said of a [`Handler`](crate::Handler) is true for it, too.
pub trait MigrationHandler<R: Request, S>: Send + Sync + 'static {
    /// Decides about one request that is a migration.
    fn migrate(
        &self,
        cx: Context<R, S>,
        migration: Migration,
    ) -> impl Future<Output = Result<Outcome, Failure>> + Send + 'static;
}

impl<R, S, F, Fut> MigrationHandler<R, S> for F
where
    R: Request,
    F: Fn(Context<R, S>, Migration) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Outcome, Failure>> + Send + 'static,
{
    fn migrate(
        &self,
        cx: Context<R, S>,
        migration: Migration,
    ) -> impl Future<Output = Result<Outcome, Failure>> + Send + 'static {
        self(cx, migration)
    }
}
