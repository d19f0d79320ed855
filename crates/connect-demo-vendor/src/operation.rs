//! The operations that a caller can ask for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::contact::Contact;

/// The name of an operation, as it appears in the logs and in faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantOperation {
    /// `POST /tenant`
    Create,
    /// `GET /tenant`
    Find,
    /// `GET /tenant/{id}`
    Read,
    /// `PUT /tenant/{id}`
    SetLimit,
    /// `PUT /tenant/{id}/adopt`
    Adopt,
    /// `PUT /tenant/{id}/expiry`
    Extend,
    /// `PUT /tenant/{id}/owner`
    HandOver,
    /// `PUT /tenant/{id}/contact`
    SetContact,
    /// `PUT /tenant/{id}/enable`
    Enable,
    /// `PUT /tenant/{id}/disable`
    Disable,
    /// `DELETE /tenant/{id}`
    Delete,
}

impl TenantOperation {
    /// The names of all operations.
    pub(crate) const NAMES: &[&str] = &[
        "create",
        "find",
        "read",
        "set_limit",
        "adopt",
        "extend",
        "hand_over",
        "set_contact",
        "enable",
        "disable",
        "delete",
    ];

    /// Returns the name, as it appears in the logs and in faults.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Find => "find",
            Self::Read => "read",
            Self::SetLimit => "set_limit",
            Self::Adopt => "adopt",
            Self::Extend => "extend",
            Self::HandOver => "hand_over",
            Self::SetContact => "set_contact",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Delete => "delete",
        }
    }
}

impl AsRef<str> for TenantOperation {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// An operation with what it needs to be carried out.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Create {
        external_id: Option<Arc<str>>,
        /// The address to call once the tenant is ready, when it takes its time.
        callback: Option<Arc<str>>,
    },
    Find {
        external_id: Option<Arc<str>>,
    },
    Read {
        tenant: Arc<str>,
    },
    Change {
        tenant: Arc<str>,
        change: Change,
    },
}

/// A change of a tenant that exists.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    SetLimit(u64),
    /// Gives the tenant an external id, where it has no other.
    Adopt(Arc<str>),
    /// It lasts until a day.
    Extend(Arc<str>),
    /// It belongs to somebody.
    HandOver(Arc<str>),
    SetContact(Contact),
    Enable,
    Disable,
    Delete,
}

impl Command {
    pub(crate) fn operation(&self) -> TenantOperation {
        match self {
            Self::Create { .. } => TenantOperation::Create,
            Self::Find { .. } => TenantOperation::Find,
            Self::Read { .. } => TenantOperation::Read,
            Self::Change { change, .. } => match change {
                Change::SetLimit(_) => TenantOperation::SetLimit,
                Change::Adopt(_) => TenantOperation::Adopt,
                Change::Extend(_) => TenantOperation::Extend,
                Change::HandOver(_) => TenantOperation::HandOver,
                Change::SetContact(_) => TenantOperation::SetContact,
                Change::Enable => TenantOperation::Enable,
                Change::Disable => TenantOperation::Disable,
                Change::Delete => TenantOperation::Delete,
            },
        }
    }

    /// Returns its method and path, as the vendor's documentation writes them.
    pub(crate) fn line(&self) -> (&'static str, String) {
        match self {
            Self::Create { .. } => ("POST", "/tenant".to_owned()),
            Self::Find { .. } => ("GET", "/tenant".to_owned()),
            Self::Read { tenant } => ("GET", format!("/tenant/{tenant}")),
            Self::Change { tenant, change } => match change {
                Change::SetLimit(_) => ("PUT", format!("/tenant/{tenant}")),
                Change::Adopt(_) => ("PUT", format!("/tenant/{tenant}/adopt")),
                Change::Extend(_) => ("PUT", format!("/tenant/{tenant}/expiry")),
                Change::HandOver(_) => ("PUT", format!("/tenant/{tenant}/owner")),
                Change::SetContact(_) => ("PUT", format!("/tenant/{tenant}/contact")),
                Change::Enable => ("PUT", format!("/tenant/{tenant}/enable")),
                Change::Disable => ("PUT", format!("/tenant/{tenant}/disable")),
                Change::Delete => ("DELETE", format!("/tenant/{tenant}")),
            },
        }
    }

    /// Returns the tenant id the caller named; before there is one, the external id.
    pub(crate) fn subject(&self) -> Option<&Arc<str>> {
        match self {
            Self::Create { external_id, .. } | Self::Find { external_id } => external_id.as_ref(),
            Self::Read { tenant } | Self::Change { tenant, .. } => Some(tenant),
        }
    }

    /// Whether the operation can leave an effect, so that its key must be remembered.
    pub(crate) fn has_effect(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::Change { .. })
    }
}
