//! The token that binds a callback to one request.

use std::sync::Arc;

use connect_clock::Clock;
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, errors,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::token::signature_alone;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 1024;

/// Signs and verifies tokens with a key by HS256, and no other algorithm.
#[derive(Clone)]
pub(super) struct Seal {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    clock: Arc<dyn Clock>,
}

/// The claims of a token. Those of a webhook's name no request, so the one is never taken for the
/// other, even under the same key.
#[derive(Serialize, Deserialize)]
struct Claims {
    callback: String,
    exp: i64,
}

impl Seal {
    pub(super) fn new(secret: &SecretString, clock: Arc<dyn Clock>) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let (signing, verifying) =
            (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { signing, verifying, validation: signature_alone(), clock }
    }

    /// Returns the token of a request, good until an instant.
    pub(super) fn sign(&self, request: &str, until: Timestamp) -> errors::Result<String> {
        let claims = Claims { callback: request.to_owned(), exp: until.as_second() };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
    }

    /// Returns the request that a token is for, if it is signed with the key and still good. The
    /// signature is compared in a time that does not tell where it differs.
    pub(super) fn verify(&self, token: &str) -> Option<String> {
        if token.len() > LONGEST {
            return None;
        }
        let claims = decode::<Claims>(token, &self.verifying, &self.validation).ok()?.claims;
        (claims.exp > self.clock.now().as_second()).then_some(claims.callback)
    }
}
