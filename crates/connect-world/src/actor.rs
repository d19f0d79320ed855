//! The actors that speak to the world, and what they may see.

use std::fmt;
use std::sync::Arc;

use connect_model::lifecycle::Caller;
use connect_model::{AccountId, UserId};
use serde::{Deserialize, Serialize};

use crate::denial::Denial;

/// A caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The holder of an API token.
    Token(Arc<Token>),
    /// A customer who came through the link of an inquiring form. The form's secret code, given
    /// with the operation, is all the right this actor has.
    Customer,
}

/// An API token without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The id, `SU-…`.
    pub id: UserId,
    /// The name its owner gave it.
    pub name: Arc<str>,
    /// The account it acts for.
    pub account: AccountId,
    /// The name of that account.
    pub account_name: Arc<str>,
    /// The side of that account.
    pub side: Side,
}

/// The two sides of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Owns products and processes requests.
    Vendor,
    /// Sells and creates requests.
    Distributor,
}

impl Actor {
    /// Returns the token, or a refusal: most of the world is closed to customers.
    pub(crate) fn token(&self) -> Result<&Token, Denial> {
        match self {
            Self::Token(token) => Ok(token),
            Self::Customer => Err(Denial::forbidden()),
        }
    }

    /// Returns the vendor's token.
    ///
    /// # Errors
    ///
    /// `AUTH_004` to everybody else.
    pub fn vendor(&self) -> Result<&Token, Denial> {
        self.token().and_then(|token| token.on(Side::Vendor))
    }

    /// Returns the id under which this actor signs what it does.
    pub(crate) fn signature(&self) -> Option<UserId> {
        match self {
            Self::Token(token) => Some(token.id.clone()),
            Self::Customer => None,
        }
    }

    /// Returns the side of the transaction; none of a customer.
    pub(crate) fn side(&self) -> Option<Side> {
        self.token().ok().map(|token| token.side)
    }

    /// Whether this actor buys: a distributor, or on preview the vendor in its place.
    pub(crate) fn buys(&self, preview: bool) -> bool {
        matches!(self.caller(preview), Caller::Distributor | Caller::Vendor { preview: true })
    }

    /// Returns this actor in the words of the lifecycle tables.
    pub(crate) fn caller(&self, preview: bool) -> Caller {
        match self {
            Self::Customer => Caller::Customer,
            Self::Token(token) => match token.side {
                Side::Vendor => Caller::Vendor { preview },
                Side::Distributor => Caller::Distributor,
            },
        }
    }
}

impl Token {
    /// Returns this token when it is of the given side.
    pub(crate) fn on(&self, side: Side) -> Result<&Self, Denial> {
        if self.side == side { Ok(self) } else { Err(Denial::forbidden()) }
    }
}

/// The values of the `Authorization` header for both sides of the demo.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The vendor's.
    pub vendor: String,
    /// The distributor's.
    pub distributor: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys { .. }")
    }
}
