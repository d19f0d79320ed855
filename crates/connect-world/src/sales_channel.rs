//! The way a product is sold: through which connection, on which marketplace, under which contract.

use std::sync::Arc;

use connect_model::{ConnectionId, ConnectionType, ContractId, MarketplaceId};
use serde_json::Value;

use crate::actor::{Side, Token};
use crate::body;
use crate::denial::Denial;
use crate::party::record::{NO_CONNECTION, NO_CONTRACT, NO_MARKETPLACE};
use crate::product::record::ProductRecord;
use crate::refusal_text::REQUIRED;
use crate::state::State;

/// The marketplace and contract under which a product is sold, and the connection.
pub(crate) struct SalesChannel {
    pub(crate) product: Arc<ProductRecord>,
    pub(crate) connection: ConnectionId,
    pub(crate) marketplace: MarketplaceId,
    pub(crate) contract: ContractId,
}

/// The place in a body that names a sales channel.
#[derive(Clone, Copy)]
pub(crate) struct ChannelPath {
    /// The object that has the product and the connection.
    pub(crate) object: &'static str,
    pub(crate) marketplace: &'static str,
}

impl ChannelPath {
    fn at(self, name: &str) -> String {
        format!("{}.{name}", self.object)
    }

    fn invalid(self, name: &str, why: &str) -> Denial {
        Denial::invalid(format!("{}: {why}", self.at(name)))
    }

    fn no_product(self) -> Denial {
        self.invalid("product.id", "Product does not exist.")
    }

    fn names_preview(self, body: &Value) -> bool {
        let kind = body::text(body, &self.at("connection.type"));
        let id = body::text(body, &self.at("connection.id"));
        kind.as_deref() == Some(ConnectionType::Preview.as_str())
            || id.as_deref() == Some(NO_CONNECTION)
    }

    fn must_be_preview(self, body: &Value) -> Result<(), Denial> {
        if self.names_preview(body) {
            return Ok(());
        }
        match body::at(body, &self.at("connection")) {
            Value::Null => Err(self.invalid("connection", REQUIRED)),
            _ => Err(Denial::forbidden()),
        }
    }
}

impl SalesChannel {
    /// Returns the channel that a body names, for the caller to sell through.
    ///
    /// # Errors
    ///
    /// When it names none, or none of the caller's.
    pub(crate) fn named(
        state: &State,
        token: &Token,
        path: ChannelPath,
        body: &Value,
    ) -> Result<Self, Denial> {
        match token.side {
            Side::Vendor => trial(state, token, path, body),
            Side::Distributor => sold(state, token, path, body),
        }
    }
}

/// Returns the vendor's own trial, which belongs to no hub, contract or marketplace.
fn trial(
    state: &State,
    token: &Token,
    path: ChannelPath,
    body: &Value,
) -> Result<SalesChannel, Denial> {
    path.must_be_preview(body)?;
    let product = body::required(body, &path.at("product.id"))?;
    let product = state.shared.product(&product).filter(|it| it.owner() == Some(&token.account));
    Ok(SalesChannel {
        product: Arc::clone(product.ok_or_else(|| path.no_product())?),
        connection: NO_CONNECTION.into(),
        marketplace: NO_MARKETPLACE.into(),
        contract: NO_CONTRACT.into(),
    })
}

fn sold(
    state: &State,
    token: &Token,
    path: ChannelPath,
    body: &Value,
) -> Result<SalesChannel, Denial> {
    if path.names_preview(body) {
        return Err(Denial::forbidden());
    }
    let parties = &state.shared.parties;
    let named = body::filled(body, &path.at("product.id"));
    let connection = match body::filled(body, &path.at("connection.id")) {
        Some(id) => parties.connection(&id).filter(|it| it.is_of(&token.account)),
        None => named.as_deref().and_then(|id| parties.production(&id.into(), &token.account)),
    };
    let connection = connection
        .filter(|it| named.as_deref().is_none_or(|id| it.product == *id))
        .ok_or_else(|| path.invalid("connection.id", "Connection does not exist."))?;
    let product =
        state.shared.product(connection.product.as_str()).ok_or_else(|| path.no_product())?;
    if !product.product.status.is_for_sale() {
        return Err(path.invalid("product.id", "Product is not for sale."));
    }
    let marketplace = marketplace(state, token, path, body)?;
    let contract = parties.listed_under(&connection.product, &marketplace).ok_or_else(|| {
        Denial::invalid("There is no Listing for specified Product and Marketplace.")
    })?;
    Ok(SalesChannel {
        product: Arc::clone(product),
        connection: connection.link.id.clone(),
        contract: contract.id.clone(),
        marketplace,
    })
}

/// Returns the marketplace of the body, or the only one the distributor has.
fn marketplace(
    state: &State,
    token: &Token,
    path: ChannelPath,
    body: &Value,
) -> Result<MarketplaceId, Denial> {
    let parties = &state.shared.parties;
    match body::filled(body, path.marketplace) {
        Some(id) => Ok(id.into()),
        None => parties
            .only_marketplace(&token.account)
            .map(|marketplace| marketplace.id.clone())
            .ok_or_else(|| Denial::invalid(format!("Field '{}' is required.", path.marketplace))),
    }
}
