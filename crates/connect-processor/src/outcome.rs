//! The decisions of handlers.

use std::time::Duration;

use connect_model::{DateTime, ParameterUpdate, TemplateId};

/// A decision about a request: the platform's own verbs, plus *not now* and *not mine*.
///
/// ```
/// use std::time::Duration;
/// use connect_processor::{Approval, Inquiry, Outcome};
///
/// let granted: Outcome = Approval::default().parameter("tenant_id", "t-7").into();
/// let asked: Outcome = Inquiry::default().parameter("email", "Nobody reads it.").into();
/// let refused = Outcome::fail("The last invoice is overdue.");
/// let not_yet = Outcome::reschedule(Duration::from_secs(600));
/// # assert_ne!(granted, asked);
/// # assert_ne!(refused, not_yet);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// Grants it.
    Approve(Approval),
    /// Refuses it for good.
    Fail {
        /// The reason, for the customer who reads it; must not be empty.
        reason: String,
    },
    /// Sends it back to the customer.
    Inquire(Inquiry),
    /// Accepts it for a later day.
    Schedule {
        /// The day.
        on: DateTime,
    },
    /// Looks again later; the vendor is not ready yet.
    Reschedule {
        /// The wait.
        after: Duration,
    },
    /// Leaves it alone until it changes.
    Skip,
    /// Nothing more: the platform was told [early](crate::Context::decide).
    Decided,
    /// Confirms that it was taken back; of a request that is being
    /// [revoked](crate::Processor::on_revocation).
    Confirm,
}

/// The details of an approval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Approval {
    pub(crate) template: Option<TemplateId>,
    pub(crate) params: Vec<ParameterUpdate>,
    pub(crate) effective_date: Option<DateTime>,
    pub(crate) message: Option<String>,
}

impl Approval {
    /// Uses this template in place of the one the processor found.
    #[must_use]
    pub fn template(mut self, template: TemplateId) -> Self {
        self.template = Some(template);
        self
    }

    /// Adds a fulfillment parameter, written before the approval.
    #[must_use]
    pub fn parameter(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push(ParameterUpdate::value(key, value));
        self
    }

    /// Makes it hold since another instant than now.
    #[must_use]
    pub fn effective(mut self, since: DateTime) -> Self {
        self.effective_date = Some(since);
        self
    }

    /// Says something in the conversation about the request once it is approved, as
    /// [`Context::say`](crate::Context::say) does.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.message = Some(text.into());
        self
    }
}

impl From<Approval> for Outcome {
    fn from(approval: Approval) -> Self {
        Self::Approve(approval)
    }
}

/// The details of an inquiry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inquiry {
    pub(crate) template: Option<TemplateId>,
    pub(crate) params: Vec<ParameterUpdate>,
    pub(crate) message: Option<String>,
}

impl Inquiry {
    /// Marks an ordering parameter as wrong. An inquiry needs at least one.
    #[must_use]
    pub fn parameter(mut self, key: impl Into<String>, error: impl Into<String>) -> Self {
        self.params.push(ParameterUpdate::error(key, error));
        self
    }

    /// Uses this inquiring template in place of the product's own.
    #[must_use]
    pub fn template(mut self, template: TemplateId) -> Self {
        self.template = Some(template);
        self
    }

    /// Says something in the conversation about the request once it is inquired, as
    /// [`Context::say`](crate::Context::say) does.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.message = Some(text.into());
        self
    }
}

impl From<Inquiry> for Outcome {
    fn from(inquiry: Inquiry) -> Self {
        Self::Inquire(inquiry)
    }
}

impl Outcome {
    /// Grants the request with the template the processor found for its product.
    #[must_use]
    pub fn approve() -> Self {
        Self::Approve(Approval::default())
    }

    /// Refuses the request for good.
    pub fn fail(reason: impl Into<String>) -> Self {
        Self::Fail { reason: reason.into() }
    }

    /// Accepts a change of an account: [`approve`](Self::approve) in the words of requests about
    /// tier accounts.
    #[must_use]
    pub fn accept() -> Self {
        Self::approve()
    }

    /// Ignores a change of an account, which keeps it: [`fail`](Self::fail) in the words of requests
    /// about tier accounts.
    pub fn ignore(reason: impl Into<String>) -> Self {
        Self::fail(reason)
    }

    /// Asks the customer about one parameter.
    pub fn inquire(key: impl Into<String>, error: impl Into<String>) -> Self {
        Self::Inquire(Inquiry::default().parameter(key, error))
    }

    /// Looks again after a while.
    #[must_use]
    pub fn reschedule(after: Duration) -> Self {
        Self::Reschedule { after }
    }
}
