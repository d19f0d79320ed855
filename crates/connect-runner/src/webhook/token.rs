//! The token by which a call of a webhook shows that it is Connect's.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use connect_clock::Clock;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::recent::Signature;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;
/// The seconds by which two clocks may differ.
const LEEWAY: f64 = 60.0;
/// The longest id of a webhook, in bytes.
const LONGEST_ID: usize = 64;

/// Verifies tokens that are signed with a key by HS256, and no other algorithm.
pub(super) struct Verifier {
    key: DecodingKey,
    validation: Validation,
    clock: Arc<dyn Clock>,
}

/// The claims of a token that was verified.
pub(super) struct Claims {
    pub(super) webhook_id: String,
    pub(super) object_class: Option<String>,
    pub(super) signature: Signature,
}

/// The reason why a token is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Disbelief {
    /// There is no token, or several headers with one.
    #[error("it has no bearer token")]
    Missing,
    /// The token is none, has other claims, or is signed by somebody else or otherwise.
    #[error("its token is not signed with the key, or none")]
    Unsigned,
    /// The token is of another time.
    #[error("its token has expired, or is of the future")]
    Untimely,
}

#[derive(Deserialize)]
struct SignedClaims {
    webhook_id: String,
    object_class: Option<String>,
    exp: Option<f64>,
    iat: Option<f64>,
    nbf: Option<f64>,
}

impl Verifier {
    pub(super) fn new(secret: &SecretString, clock: Arc<dyn Clock>) -> Self {
        let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        // Dates are looked at below, by the clock; Connect's tokens need not have any.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        Self { key, validation, clock }
    }

    /// Returns the claims of the token that a call came with. Its signature is compared in a time
    /// that does not tell where it differs.
    pub(super) fn verify(&self, headers: &HeaderMap) -> Result<Claims, Disbelief> {
        let token = bearer(headers).ok_or(Disbelief::Missing)?;
        if token.len() > LONGEST {
            return Err(Disbelief::Unsigned);
        }
        let decoded = decode::<SignedClaims>(token, &self.key, &self.validation);
        let claims = decoded.map_err(|_| Disbelief::Unsigned)?.claims;
        if !(1..=LONGEST_ID).contains(&claims.webhook_id.len()) {
            return Err(Disbelief::Unsigned);
        }
        if !self.is_timely(&claims) {
            return Err(Disbelief::Untimely);
        }
        let SignedClaims { webhook_id, object_class, .. } = claims;
        Ok(Claims { webhook_id, object_class, signature: Signature::of(token) })
    }

    fn is_timely(&self, claims: &SignedClaims) -> bool {
        let now = self.clock.now().as_second() as f64;
        let is_over = claims.exp.is_some_and(|exp| exp <= now - LEEWAY);
        let is_ahead = |at: Option<f64>| at.is_some_and(|at| at > now + LEEWAY);
        !is_over && !is_ahead(claims.iat) && !is_ahead(claims.nbf)
    }
}

/// Returns the token of the `Authorization` header, or of the one that Connect sends beside it.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let only = |name: &str| {
        let mut all = headers.get_all(name).iter();
        all.next().filter(|_| all.next().is_none())
    };
    let header = match headers.contains_key(AUTHORIZATION) {
        true => only(AUTHORIZATION.as_str()),
        false => only("authentication"),
    };
    let (scheme, token) = header?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
